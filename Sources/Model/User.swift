public import Encodings

/// A human or a service user (ZITADEL: machine user).
public struct User: Sendable, Equatable {
    /// Indirect, so that copies of lists of users are cheap.
    public indirect enum Kind: Sendable, Equatable {
        case human(HumanProfile)
        case machine(MachineProfile)

        public var name: KindName {
            switch self {
            case .human: .human
            case .machine: .machine
            }
        }
    }

    /// What a user is: the member `type`.
    public enum KindName: String, Sendable, CaseIterable {
        case human, machine
    }

    /// A value that the claim `urn:zitadel:iam:user:metadata` has under a key.
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
