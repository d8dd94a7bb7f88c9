/// A resource of an instance.
public enum Resource: Sendable, Equatable {
    case organization(Organization)
    case project(Project)
    case projectGrant(ProjectGrant)
    case app(App)
    case user(User)
    case userGrant(UserGrant)
    case key(RegisteredKey)
    case personalAccessToken(PersonalAccessToken)

    /// The kinds of resources.
    public enum Kind: String, Sendable, CaseIterable {
        case organization, project, projectGrant, app, user, userGrant, key, personalAccessToken
    }

    public var kind: Kind {
        switch self {
        case .organization: .organization
        case .project: .project
        case .projectGrant: .projectGrant
        case .app: .app
        case .user: .user
        case .userGrant: .userGrant
        case .key: .key
        case .personalAccessToken: .personalAccessToken
        }
    }

    public var id: String {
        switch self {
        case .organization(let value): value.id
        case .project(let value): value.id
        case .projectGrant(let value): value.id
        case .app(let value): value.id
        case .user(let value): value.id
        case .userGrant(let value): value.id
        case .key(let value): value.id
        case .personalAccessToken(let value): value.id
        }
    }
}

/// One change of an instance while it runs. The database and the state in memory apply the same changes.
public enum Change: Sendable, Equatable {
    /// Adds the resource, or brings the one with the same id to these values.
    case put(Resource)
    /// Removes a resource with everything that belongs to it; nothing happens when there is none.
    case remove(Resource.Kind, id: String)
    case settings(InstanceSettings)
    /// Adds a signing key, or brings the one with the same id to these values. Of several active keys the first signs, so a rotation is two changes.
    case putSigningKey(SigningKey)
    /// Removes a signing key: tokens that it signed are no longer valid; nothing happens when there is none.
    case removeSigningKey(id: String)
}

extension Change {
    public var isAboutSigningKey: Bool {
        switch self {
        case .putSigningKey, .removeSigningKey: true
        case .put, .remove, .settings: false
        }
    }
}

extension Resources {
    /// All resources, in an order in which they can be added. Settings and signing keys are left out.
    public var all: [Resource] {
        let all: [[Resource]] = [
            organizations.map(Resource.organization), projects.map(Resource.project),
            projectGrants.map(Resource.projectGrant), apps.map(Resource.app), users.map(Resource.user),
            userGrants.map(Resource.userGrant), keys.map(Resource.key),
            personalAccessTokens.map(Resource.personalAccessToken),
        ]
        return Array(all.joined())
    }

    /// The changes that add all of these resources.
    public var additions: [Change] { all.map(Change.put) }
}
