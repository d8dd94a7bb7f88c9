import Model

/// Changes of single resources. Each costs as much as what belongs to the resource (the keys, grants and personal access tokens of a user, the apps of
/// a project), and a small part of all of its kind: a piece of each table that it is in is copied, a 64th, because requests may still read the old one.
///
/// Some cost more, and as much as there is altogether: a change of `userLoginMustBeDomain` or the state of an organization looks at all users or projects, and the
/// removal of an organization or project indexes everything anew. They are made next to the index that requests read, so only other changes wait for them.
extension ResourceIndex {
    /// Applies changes that the database has accepted.
    mutating func apply(_ changes: [Change]) {
        for change in changes {
            // What comes next may ask for all resources.
            flat = FlatResources()
            switch change {
            case .settings(let settings): self.settings = settings
            case .put(let resource): put(resource)
            case .remove(let kind, let id): remove(kind, id)
            case .putSigningKey, .removeSigningKey: break
            }
        }
        introspectionCache = IntrospectionCache()
    }

    // MARK: Adding and replacing

    private mutating func put(_ resource: Resource) {
        switch resource {
        case .organization(let value): put(value)
        case .project(let value): put(value)
        case .projectGrant(let value):
            if let old = projectGrants.put(value) { removeEntries(of: old) }
            addEntries(of: value)
        case .app(let value):
            if let old = apps.put(value) { removeEntries(of: old) }
            addEntries(of: value)
        case .user(let value): put(value)
        case .userGrant(let value):
            if let old = userGrants.put(value) { removeEntries(of: old) }
            addEntries(of: value)
        case .key(let value):
            if let old = keys.put(value) { removeEntries(of: old) }
            addEntries(of: value)
        case .personalAccessToken(let value): put(value)
        }
    }

    private mutating func put(_ organization: Organization) {
        guard let old = organizations.put(organization) else { return addEntries(of: organization) }
        removeEntries(of: old)
        addEntries(of: organization)
        if old.userLoginMustBeDomain != organization.userLoginMustBeDomain {
            for user in users.unordered where user.organizationID == organization.id {
                organization.userLoginMustBeDomain ? removePlainName(of: user) : addPlainName(of: user)
            }
        }
        if old.state != organization.state {
            for project in projects.unordered where project.organizationID == organization.id {
                for app in apps(of: project.id) { setClient(of: app) }
            }
        }
    }

    private mutating func put(_ project: Project) {
        let old = projects.put(project)
        if let old { removeEntries(of: old) }
        addEntries(of: project)
        for app in apps(of: project.id) { setClient(of: app) }
    }

    private mutating func put(_ user: User) {
        if let old = users.put(user) {
            if old.state == .active, user.state != .active { endTokens(of: user) }
            removeEntries(of: old)
        }
        addEntries(of: user)
    }

    /// The personal access tokens of a user who is deactivated or locked end for good, as the database has it.
    private mutating func endTokens(of user: User) {
        for var token in personalAccessTokens(of: user.id) {
            token.isEnded = true
            put(token)
        }
    }

    private mutating func put(_ token: PersonalAccessToken) {
        if let old = personalAccessTokens.put(token) { removeEntries(of: old) }
        addEntries(of: token)
    }

    // MARK: Removing

    private mutating func remove(_ kind: Resource.Kind, _ id: String) {
        switch kind {
        case .organization, .project:
            var resources = resources
            resources.remove(kind, id: id)
            rebuild(resources)
        case .projectGrant:
            if let grant = projectGrants.remove(id) { removeEntries(of: grant) }
        case .app:
            guard let app = apps.remove(id) else { return }
            removeEntries(of: app)
            removeKeys(of: .app(id))
        case .user: removeUser(id)
        case .userGrant:
            if let grant = userGrants.remove(id) { removeEntries(of: grant) }
        case .key: removeKey(id)
        case .personalAccessToken: removeToken(id)
        }
    }

    private mutating func removeUser(_ id: String) {
        guard let user = users.remove(id) else { return }
        removeEntries(of: user)
        for grant in userGrants(of: id) {
            _ = userGrants.remove(grant.id)
            removeEntries(of: grant)
        }
        removeKeys(of: .user(id))
        for token in personalAccessTokens(of: id) { removeToken(token.id) }
    }

    private mutating func removeToken(_ id: String) {
        if let token = personalAccessTokens.remove(id) { removeEntries(of: token) }
    }

    private mutating func removeKeys(of owner: RegisteredKey.Owner) {
        for key in keys(of: owner) { removeKey(key.id) }
    }

    private mutating func removeKey(_ id: String) {
        if let key = keys.remove(id) { removeEntries(of: key) }
    }
}
