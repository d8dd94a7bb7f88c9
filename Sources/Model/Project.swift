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
