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
