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
