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
