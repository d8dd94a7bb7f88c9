import Encodings
public import ResourceFormat
public import Model
public import Storage
import Synchronization

/// Loading seeds.
extension Instance {
    /// Opens an instance on a database that is brought to a seed: its resources are there afterwards, those that were made by calls stay.
    ///
    /// - Parameters:
    ///   - seed: nil to take what the database holds.
    ///   - journalCapacity: requests that the journal keeps.
    ///   - original: another instance of the same server; nil for the first.
    /// - Returns: the instance, and the ids of those personal access tokens without a value in the seed that are new, whose values must be shown now
    ///   or never.
    /// - Throws: `StorageError`
    public static func open(
        _ storage: Storage, seed: DecodedResources?, dependencies: Dependencies,
        overrides: SettingsOverrides = SettingsOverrides(), journalCapacity: Int = Journal.defaultCapacity,
        original: Instance? = nil
    ) throws -> (Instance, newTokens: Set<String>) {
        let passwords = DeferredPasswords(seed?.deferredPasswords ?? [:], users: seed?.resources.users ?? [])
        let newTokens = try seed.map { seed in
            try storage.apply(
                seed, keepsPasswords: try passwords.areStored(in: storage), removesOthers: false,
                at: dependencies.now().seconds)
        }
        let instance = try Instance(
            storage: storage, dependencies: dependencies, overrides: overrides, passwords: passwords,
            journalCapacity: journalCapacity, original: original)
        if let seed {
            instance.remember(privateKeys: seed.privateKeys)
            try instance.storeSeed(overrides)
        }
        return (instance, newTokens ?? [])
    }

    /// Brings the running instance to a seed. A reset comes back to it from now on.
    /// - Parameter removesOthers: whether this seed is all that there shall be: resources that it does not name are removed, and personal access tokens
    ///   without a value in it get a new one.
    /// - Returns: the ids of personal access tokens without a value in the seed that have a new one, which must be shown now or never.
    /// - Throws: `StorageError`; then nothing has changed.
    @discardableResult
    public func load(_ seed: DecodedResources, removesOthers: Bool = true) throws -> Set<String> {
        let newTokens = try transform { snapshot in
            try passwords.add(seed.deferredPasswords, in: storage)
            let newTokens = try storage.apply(
                seed, keepsPasswords: false, removesOthers: removesOthers, keepsTokens: !removesOthers,
                at: clock.now().seconds)
            return (.replaced(snapshot.overrides), newTokens)
        }
        remember(privateKeys: seed.privateKeys)
        try storeSeed(snapshot.overrides)
        return newTokens
    }

    /// Brings the running instance to its present state with an addition, which a reset comes back to as well.
    ///
    /// Resources that were made by calls still count as such.
    /// - Parameter merge: adds to the present resources, and to those that a reset comes back to, while no other change can happen. The latter may be nil,
    ///   when the addition needs what a reset would remove: then a reset comes back to the present state.
    /// - Throws: what the function throws; `StorageError`. Then nothing has changed.
    public func extend(
        _ merge: (_ present: Resources, _ initial: Resources) throws -> (DecodedResources, initial: DecodedResources?)
    ) throws {
        let before = initial.withLock { $0 }
        let extended = try transform { snapshot -> (Transformation, result: DecodedResources?) in
            let (seed, initial) = try merge(snapshot.resources.resources, before.resources)
            try passwords.add(seed.deferredPasswords, in: storage)
            _ = try storage.apply(
                seed, keepsPasswords: false, removesOthers: true, keepsOrigins: true, at: clock.now().seconds)
            remember(privateKeys: seed.privateKeys)
            return (.replaced(snapshot.overrides), initial)
        }
        guard let extended else { return try storeSeed(snapshot.overrides) }
        let keys = try storage.signingKeys(of: .seed)
        initial.withLock {
            $0 = InitialState(resources: extended.resources, signingKeys: keys, overrides: before.overrides)
        }
    }

    /// Makes what the seed says what a reset comes back to.
    private func storeSeed(_ overrides: SettingsOverrides) throws {
        let ids = try storage.seedIDs()
        var resources = snapshot.resources.resources
        resources.keep(ids)
        resources.keep(roles: try storage.seedRoles())
        for index in resources.personalAccessTokens.indices { resources.personalAccessTokens[index].isEnded = false }
        let state = InitialState(
            resources: resources, signingKeys: try storage.signingKeys(of: .seed), overrides: overrides)
        initial.withLock { $0 = state }
    }
}

extension Storage {
    fileprivate func apply(
        _ seed: DecodedResources, keepsPasswords: Bool, removesOthers: Bool, keepsOrigins: Bool = false,
        keepsTokens: Bool = true, at time: Int64
    ) throws(StorageError) -> Set<String> {
        let generated = Set(seed.generatedTokens.keys)
        let new = try apply(
            seed: seed.resources, datedUsers: seed.datedUsers, datedTokens: seed.datedTokens,
            generatedTokens: keepsTokens ? generated : [], keepsPasswords: keepsPasswords,
            removesOthers: removesOthers, keepsOrigins: keepsOrigins, at: time)
        return keepsTokens ? new : generated
    }
}

extension Resources {
    /// Removes the roles of projects that are not among these.
    fileprivate mutating func keep(roles: [String: [String]]) {
        for index in projects.indices {
            guard let keys = roles[projects[index].id]?.exactStrings else { continue }
            projects[index].roles.removeAll { !keys.contains($0.key) }
        }
    }

    /// Removes the resources that are not among these.
    fileprivate mutating func keep(_ ids: [Resource.Kind: Set<String>]) {
        func keep<Value>(_ list: inout [Value], _ id: KeyPath<Value, String>, _ kind: Resource.Kind) {
            let kept = ids[kind] ?? []
            list.removeAll { !kept.contains($0[keyPath: id]) }
        }
        keep(&organizations, \.id, .organization)
        keep(&projects, \.id, .project)
        keep(&projectGrants, \.id, .projectGrant)
        keep(&apps, \.id, .app)
        keep(&users, \.id, .user)
        keep(&userGrants, \.id, .userGrant)
        keep(&keys, \.id, .key)
        keep(&personalAccessTokens, \.id, .personalAccessToken)
    }
}
