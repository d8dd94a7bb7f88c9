import Model

/// Changes of single resources: each costs as much as what belongs to the resource, however many others there are. Only changes of existing organizations,
/// and the removal of organizations and projects, index everything anew.
extension ResourceIndex {
    /// Applies changes that the database has accepted.
    mutating func apply(_ changes: [Change]) {
        for change in changes {
            switch change {
            case .settings(let settings): resources.settings = settings
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
        case .projectGrant(let value): store(value, .projectGrant, \.projectGrants, \.id)
        case .app(let value): put(value)
        case .user(let value): put(value)
        case .userGrant(let value): put(value)
        case .key(let value): put(value)
        case .personalAccessToken(let value): put(value)
        }
    }

    /// Puts a value into its list.
    /// - Returns: the one that was there before.
    @discardableResult
    private mutating func store<Value>(
        _ value: Value, _ kind: Resource.Kind, _ list: WritableKeyPath<Resources, [Value]>,
        _ id: KeyPath<Value, String>
    ) -> Value? {
        let identifier = value[keyPath: id]
        positions.prepare(kind, resources[keyPath: list]) { $0[keyPath: id] }
        guard let position = positions.position(of: identifier, kind, in: resources[keyPath: list], { $0[keyPath: id] })
        else {
            resources[keyPath: list].append(value)
            positions.append(identifier, kind, count: resources[keyPath: list].count)
            return nil
        }
        let old = resources[keyPath: list][position]
        resources[keyPath: list][position] = value
        return old
    }

    private mutating func put(_ organization: Organization) {
        let old = store(organization, .organization, \.organizations, \.id)
        organizations[organization.id] = organization
        // Login names of its users and the state of its clients follow from it.
        if old != nil, old != organization { rebuild() }
    }

    private mutating func put(_ project: Project) {
        let old = store(project, .project, \.projects, \.id)
        projects[project.id] = project
        guard old != nil else { return }
        for app in resources.apps where app.projectID == project.id { index(app) }
    }

    private mutating func put(_ app: App) {
        let old = store(app, .app, \.apps, \.id)
        if let old { removeClient(of: old) }
        index(app)
    }

    private mutating func put(_ user: User) {
        let old = store(user, .user, \.users, \.id)
        if let old {
            if old.state == .active, user.state != .active { endTokens(of: user) }
            removeLoginNames(of: old)
        }
        index(user)
    }

    /// The personal access tokens of a user who is deactivated or locked end for good, as the database has it.
    private mutating func endTokens(of user: User) {
        for position in resources.personalAccessTokens.indices
        where resources.personalAccessTokens[position].userID == user.id {
            resources.personalAccessTokens[position].isEnded = true
            let token = resources.personalAccessTokens[position]
            tokensByDigest[token.digest] = token
        }
    }

    private mutating func put(_ grant: UserGrant) {
        let old = store(grant, .userGrant, \.userGrants, \.id)
        guard let old else { return grantsByUser.update(grant.userID, default: []) { $0.append(grant) } }
        guard old.userID == grant.userID,
            let position = grantsByUser[grant.userID]?.firstIndex(where: { $0.id == grant.id })
        else { return rebuild() }
        grantsByUser[grant.userID]?[position] = grant
    }

    private mutating func put(_ key: RegisteredKey) {
        let old = store(key, .key, \.keys, \.id)
        guard let old else { return keysByOwner.update(key.owner, default: []) { $0.append(key) } }
        guard old.owner == key.owner, let position = keysByOwner[key.owner]?.firstIndex(where: { $0.id == key.id })
        else { return rebuild() }
        keysByOwner[key.owner]?[position] = key
    }

    private mutating func put(_ token: PersonalAccessToken) {
        if let old = store(token, .personalAccessToken, \.personalAccessTokens, \.id) {
            removeDigest(of: old)
        }
        tokensByDigest[token.digest] = token
    }

    /// Removes a client, unless its client id is another app's by now.
    private mutating func removeClient(of app: App) {
        if clients[app.clientID]?.app.id == app.id { clients[app.clientID] = nil }
    }

    /// Removes a token, unless its value is another one's by now.
    private mutating func removeDigest(of token: PersonalAccessToken) {
        if tokensByDigest[token.digest]?.id == token.id { tokensByDigest[token.digest] = nil }
    }

    // MARK: Removing

    private mutating func remove(_ kind: Resource.Kind, _ id: String) {
        switch kind {
        case .organization, .project:
            resources.remove(kind, id: id)
            rebuild()
        case .projectGrant: removeFromList(id, .projectGrant, \.projectGrants, \.id)
        case .app:
            guard let app = removeFromList(id, .app, \.apps, \.id) else { return }
            removeClient(of: app)
            removeKeys(of: .app(id))
        case .user: removeUser(id)
        case .userGrant:
            guard let grant = removeFromList(id, .userGrant, \.userGrants, \.id) else { return }
            grantsByUser[grant.userID]?.removeAll { $0.id == id }
        case .key:
            guard let key = removeFromList(id, .key, \.keys, \.id) else { return }
            keysByOwner[key.owner]?.removeAll { $0.id == id }
        case .personalAccessToken:
            guard let token = removeFromList(id, .personalAccessToken, \.personalAccessTokens, \.id) else { return }
            removeDigest(of: token)
        }
    }

    /// - Returns: what was removed.
    @discardableResult
    private mutating func removeFromList<Value>(
        _ identifier: String, _ kind: Resource.Kind, _ list: WritableKeyPath<Resources, [Value]>,
        _ id: KeyPath<Value, String>
    ) -> Value? {
        positions.prepare(kind, resources[keyPath: list]) { $0[keyPath: id] }
        guard let position = positions.position(of: identifier, kind, in: resources[keyPath: list], { $0[keyPath: id] })
        else {
            return nil
        }
        let removed = resources[keyPath: list].remove(at: position)
        positions.remove(identifier, kind, from: resources[keyPath: list]) { $0[keyPath: id] }
        return removed
    }

    private mutating func removeUser(_ id: String) {
        guard let user = removeFromList(id, .user, \.users, \.id) else { return }
        removeLoginNames(of: user)
        for grant in grantsByUser.removeValue(forKey: id) ?? [] {
            removeFromList(grant.id, .userGrant, \.userGrants, \.id)
        }
        removeKeys(of: .user(id))
        for token in resources.personalAccessTokens.filter({ $0.userID == id }) {
            removeFromList(token.id, .personalAccessToken, \.personalAccessTokens, \.id)
            removeDigest(of: token)
        }
    }

    private mutating func removeKeys(of owner: RegisteredKey.Owner) {
        for key in keysByOwner.removeValue(forKey: owner) ?? [] { removeFromList(key.id, .key, \.keys, \.id) }
    }

    private mutating func removeLoginNames(of user: User) {
        for name in loginNames(of: user) {
            let name = name.lowercased()
            userIDsByLoginName[name]?.removeAll { $0 == user.id }
            if userIDsByLoginName[name]?.isEmpty ?? false { userIDsByLoginName[name] = nil }
        }
    }
}
