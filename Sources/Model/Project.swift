/// A role that a project defines.
public struct ProjectRole: Sendable, Equatable {
    public var key: String
    public var displayName: String
    public var group: String

    public init(key: String, displayName: String, group: String) {
        self.key = key
        self.displayName = displayName
        self.group = group
    }
}

/// A project: apps, and the roles that users can be granted.
public struct Project: Sendable, Equatable {
    public var id: String
    public var organizationID: String
    public var name: String
    public var state: ResourceState
    public var roles: [ProjectRole]
    public var projectRoleAssertion: Bool
    public var projectRoleCheck: Bool
    public var hasProjectCheck: Bool

    public init(
        id: String, organizationID: String, name: String, state: ResourceState, roles: [ProjectRole],
        projectRoleAssertion: Bool, projectRoleCheck: Bool,
        hasProjectCheck: Bool
    ) {
        self.id = id
        self.organizationID = organizationID
        self.name = name
        self.state = state
        self.roles = roles
        self.projectRoleAssertion = projectRoleAssertion
        self.projectRoleCheck = projectRoleCheck
        self.hasProjectCheck = hasProjectCheck
    }
}

/// A project given to another organization, which may then grant its roles to its own users.
public struct ProjectGrant: Sendable, Equatable {
    public var id: String
    public var projectID: String
    public var organizationID: String
    public var roles: [String]
    public var state: ResourceState

    public init(id: String, projectID: String, organizationID: String, roles: [String], state: ResourceState) {
        self.id = id
        self.projectID = projectID
        self.organizationID = organizationID
        self.roles = roles
        self.state = state
    }
}
