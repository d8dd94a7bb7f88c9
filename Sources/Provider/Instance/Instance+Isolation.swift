import Model
public import ResourceFormat
import Storage
import Synchronization

/// Further instances next to one, each with a database of its own in memory.
extension Instance {
    /// An instance in the same state: resources, tokens, sessions, keys, settings and clock.
    /// - Throws: `StorageError`
    public func copy() throws -> Instance {
        let storage = try Storage(path: Storage.inMemory)
        try storage.restore(self.storage.copy())
        let copy = try isolatedInstance(on: storage, snapshot.overrides)
        copy.clock.mode = clock.mode
        copy.rememberKeys(of: self)
        return copy
    }

    /// An instance with the seed of this one.
    /// - Throws: `StorageError`
    public func fresh() throws -> Instance {
        let state = initial.withLock { $0 }
        let storage = try Storage(path: Storage.inMemory)
        try storage.replaceResources(by: state.resources, at: clock.now().seconds)
        try storage.replaceSigningKeys(by: try snapshot.keys.records(), origin: .made)
        let fresh = try isolatedInstance(on: storage, state.overrides)
        fresh.rememberKeys(of: self)
        return fresh
    }

    /// An instance on a database with resources of this one. A reset brings it back to what a reset brings this one back to.
    private func isolatedInstance(on storage: Storage, _ overrides: SettingsOverrides) throws -> Instance {
        let instance = try Instance(
            storage: storage, dependencies: dependencies, overrides: overrides.ofIsolatedInstance,
            passwords: DeferredPasswords(copying: passwords), original: self)
        try instance.forgetHosts()
        let state = initial.withLock { $0 }
        instance.initial.withLock { $0 = state.ofIsolatedInstance }
        return instance
    }

    /// An instance with another seed, all of whose generated tokens are new. It signs with the keys of this one unless the seed pins some.
    /// - Throws: `StorageError`
    public func isolatedInstance(with seed: DecodedResources) throws -> Instance {
        let storage = try Storage(path: Storage.inMemory)
        if seed.resources.signingKeys.isEmpty {
            try storage.replaceSigningKeys(by: try snapshot.keys.records(), origin: .made)
        }
        let (instance, _) = try Instance.open(
            storage, seed: seed, dependencies: dependencies, overrides: snapshot.overrides.ofIsolatedInstance,
            original: self)
        return instance
    }

    public var realNow: Timestamp { clock.realNow }

    /// Hosts and a pinned issuer are those of the original.
    private func forgetHosts() throws {
        try changeSettings { snapshot in
            var settings = snapshot.settings
            settings.domains = []
            settings.issuer = nil
            return settings
        }
    }
}

extension SettingsOverrides {
    /// The issuer of the command line is that of one instance.
    fileprivate var ofIsolatedInstance: SettingsOverrides {
        var copy = self
        copy.issuer = nil
        return copy
    }
}

extension InitialState {
    fileprivate var ofIsolatedInstance: InitialState {
        var copy = self
        copy.overrides = overrides.ofIsolatedInstance
        copy.resources.settings.domains = []
        copy.resources.settings.issuer = nil
        return copy
    }
}
