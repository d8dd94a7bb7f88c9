public import Storage
import Model
import Synchronization

/// One issuer's whole world: its resources, keys, tokens, settings and clock.
public final class Instance: Sendable {
    public let storage: Storage
    public let dependencies: Dependencies
    public let keyRing: KeyRing
    private let overrides: SettingsOverrides
    private let current: Mutex<Snapshot>

    /// - Parameters:
    ///   - storage: an open database, already brought to the seed.
    ///   - overrides: settings of the command line, which take precedence over the seed's.
    /// - Throws: `StorageError`
    public init(storage: Storage, dependencies: Dependencies, overrides: SettingsOverrides = SettingsOverrides()) throws
    {
        let resources = try storage.resources()
        let snapshot = Snapshot(
            resources: ResourceIndex(resources), settings: overrides.applied(to: resources.settings))
        self.storage = storage
        self.dependencies = dependencies
        self.overrides = overrides
        keyRing = KeyRing(
            storage: storage, dependencies: dependencies, keysAtFirst: snapshot.behavior.signingKeysAtFirst)
        current = Mutex(snapshot)
    }

    /// The state as it is now. A request takes it once.
    public var snapshot: Snapshot { current.withLock { $0 } }

    public var now: Timestamp { dependencies.now() }
}
