public import Encodings

/// The state of a user. Only an active one gets tokens.
public enum UserState: String, Sendable, CaseIterable {
    case active, inactive, locked, initial, deleted
}

/// What only people have.
public struct HumanProfile: Sendable, Equatable {
    public enum Gender: String, Sendable, CaseIterable {
        case female, male, diverse
    }

    public var firstName = ""
    public var lastName = ""
    public var nickName = ""
    public var displayName = ""
    /// BCP 47
    public var preferredLanguage: String?
    public var gender: Gender?
    public var email = ""
    public var emailVerified = false
    public var phone = ""
    public var phoneVerified = false
    public var picture = ""

    public init() {}
}

/// What only service users have.
public struct MachineProfile: Sendable, Equatable {
    public var name: String
    public var description: String
    public var accessTokenType: AccessTokenType

    public init(name: String, description: String, accessTokenType: AccessTokenType) {
        self.name = name
        self.description = description
        self.accessTokenType = accessTokenType
    }
}

/// A person or a service user (ZITADEL: machine user).
public struct User: Sendable, Equatable {
    /// Indirect, so that copies of lists of users are cheap.
    public indirect enum Kind: Sendable, Equatable {
        case human(HumanProfile)
        case machine(MachineProfile)
    }

    public struct Metadata: Sendable, Equatable {
        public var key: String
        public var value: [UInt8]

        public init(key: String, value: [UInt8]) {
            self.key = key
            self.value = value
        }
    }

    public var id: String
    public var organizationID: String
    public var userName: String
    public var state: UserState
    public var kind: Kind
    /// A machine's client secret or a human's password (the latter by scrypt).
    public var secret: SecretHash?
    public var instanceRoles: [String] = []
    public var metadata: [Metadata] = []
    /// Extra claims for tokens, userinfo and introspection.
    public var claims = JSONObject()
    /// Unix seconds; `updated_at` of the claims.
    public var changeDate: Int64

    public init(
        id: String, organizationID: String, userName: String, state: UserState, kind: Kind, secret: SecretHash?,
        changeDate: Int64
    ) {
        self.id = id
        self.organizationID = organizationID
        self.userName = userName
        self.state = state
        self.kind = kind
        self.secret = secret
        self.changeDate = changeDate
    }

    /// nil for a human.
    public var machine: MachineProfile? {
        if case .machine(let profile) = kind { profile } else { nil }
    }
}

/// Roles of a project that a user was given.
public struct UserGrant: Sendable, Equatable {
    public var id: String
    public var userID: String
    public var projectID: String
    /// Who granted: the project's own organization, or one the project was granted to.
    public var organizationID: String
    public var roles: [String]
    public var state: ResourceState

    public init(
        id: String, userID: String, projectID: String, organizationID: String, roles: [String], state: ResourceState
    ) {
        self.id = id
        self.userID = userID
        self.projectID = projectID
        self.organizationID = organizationID
        self.roles = roles
        self.state = state
    }
}
