/// Everything that a seed can say and the database keeps, but for tokens: flat lists, each in the order of creation.
public struct Resources: Sendable, Equatable {
    public var settings = InstanceSettings()
    public var organizations: [Organization] = []
    public var projects: [Project] = []
    public var projectGrants: [ProjectGrant] = []
    public var apps: [App] = []
    public var users: [User] = []
    public var userGrants: [UserGrant] = []
    public var keys: [RegisteredKey] = []
    public var personalAccessTokens: [PersonalAccessToken] = []
    /// Keys that the seed pins; empty when the server makes its own.
    public var signingKeys: [SigningKey] = []

    public init() {}
}

extension Resources {
    /// Adds the resource, or replaces the one with the same id.
    public mutating func put(_ resource: Resource) {
        func put<Value>(_ value: Value, _ list: inout [Value], id: KeyPath<Value, String>) {
            if let index = list.firstIndex(where: { $0[keyPath: id] == value[keyPath: id] }) {
                list[index] = value
            } else {
                list.append(value)
            }
        }
        switch resource {
        case .organization(let value): put(value, &organizations, id: \.id)
        case .project(let value): put(value, &projects, id: \.id)
        case .projectGrant(let value): put(value, &projectGrants, id: \.id)
        case .app(let value): put(value, &apps, id: \.id)
        case .user(let value): put(value, &users, id: \.id)
        case .userGrant(let value): put(value, &userGrants, id: \.id)
        case .key(let value): put(value, &keys, id: \.id)
        case .personalAccessToken(let value): put(value, &personalAccessTokens, id: \.id)
        }
    }

    /// Removes a resource and everything that belongs to it, as the database does by its foreign keys.
    public mutating func remove(_ kind: Resource.Kind, id: String) {
        switch kind {
        case .organization: organizations.removeAll { $0.id == id }
        case .project: projects.removeAll { $0.id == id }
        case .projectGrant: projectGrants.removeAll { $0.id == id }
        case .app: apps.removeAll { $0.id == id }
        case .user: users.removeAll { $0.id == id }
        case .userGrant: userGrants.removeAll { $0.id == id }
        case .key: keys.removeAll { $0.id == id }
        case .personalAccessToken: personalAccessTokens.removeAll { $0.id == id }
        }
        guard [.organization, .project, .app, .user].contains(kind) else { return }
        let organizationIDs = Set(organizations.map(\.id))
        projects.removeAll { !organizationIDs.contains($0.organizationID) }
        users.removeAll { !organizationIDs.contains($0.organizationID) }
        let projectIDs = Set(projects.map(\.id))
        let userIDs = Set(users.map(\.id))
        apps.removeAll { !projectIDs.contains($0.projectID) }
        projectGrants.removeAll {
            !projectIDs.contains($0.projectID) || !organizationIDs.contains($0.organizationID)
        }
        userGrants.removeAll {
            !userIDs.contains($0.userID) || !projectIDs.contains($0.projectID)
                || !organizationIDs.contains($0.organizationID)
        }
        let appIDs = Set(apps.map(\.id))
        keys.removeAll {
            switch $0.owner {
            case .app(let id): !appIDs.contains(id)
            case .user(let id): !userIDs.contains(id)
            }
        }
        personalAccessTokens.removeAll { !userIDs.contains($0.userID) }
    }
}
