import Model

/// Resources that were grouped once, because all of them are written.
struct GroupedResources: ResourceBelongings {
    let resources: Resources
    private let projects: [String: [Project]]
    private let users: [String: [User]]
    private let apps: [String: [App]]
    private let projectGrants: [String: [ProjectGrant]]
    private let userGrants: [String: [UserGrant]]
    private let keys: [RegisteredKey.Owner: [RegisteredKey]]
    private let tokens: [String: [PersonalAccessToken]]

    init(_ resources: Resources) {
        self.resources = resources
        projects = Dictionary(grouping: resources.projects, by: \.organizationID)
        users = Dictionary(grouping: resources.users, by: \.organizationID)
        apps = Dictionary(grouping: resources.apps, by: \.projectID)
        projectGrants = Dictionary(grouping: resources.projectGrants, by: \.projectID)
        userGrants = Dictionary(grouping: resources.userGrants, by: \.userID)
        keys = Dictionary(grouping: resources.keys, by: \.owner)
        tokens = Dictionary(grouping: resources.personalAccessTokens, by: \.userID)
    }

    func projects(of organizationID: String) -> [Project] { projects[organizationID] ?? [] }
    func users(of organizationID: String) -> [User] { users[organizationID] ?? [] }
    func apps(of projectID: String) -> [App] { apps[projectID] ?? [] }
    func projectGrants(of projectID: String) -> [ProjectGrant] { projectGrants[projectID] ?? [] }
    func userGrants(of userID: String) -> [UserGrant] { userGrants[userID] ?? [] }
    func keys(of owner: RegisteredKey.Owner) -> [RegisteredKey] { keys[owner] ?? [] }
    func personalAccessTokens(of userID: String) -> [PersonalAccessToken] { tokens[userID] ?? [] }
}
