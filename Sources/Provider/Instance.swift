public import Model
public import Storage
import Synchronization

/// One issuer's whole world: its resources, keys, tokens, settings and clock.
public final class Instance: Sendable {
    public let storage: Storage
    public let dependencies: Dependencies
    public let keyRing: KeyRing
    /// The settings of the database, with what the command line overrides.
    public let settings: InstanceSettings
    /// What the followed server version does.
    public let behavior: VersionBehavior
    private let currentResourceIndex: Mutex<ResourceIndex>

    /// - Parameters:
    ///   - storage: an open database, already brought to the seed.
    ///   - override: what the command line says against the seed.
    /// - Throws: `StorageError`
    public init(
        storage: Storage, dependencies: Dependencies, override: (inout InstanceSettings) -> Void = { _ in }
    ) throws {
        let resources = try storage.resources()
        var settings = resources.settings
        override(&settings)
        self.storage = storage
        self.dependencies = dependencies
        self.settings = settings
        behavior = VersionBehavior.of(settings.serverVersion)
        keyRing = KeyRing(storage: storage, dependencies: dependencies, keysAtFirst: behavior.signingKeysAtFirst)
        currentResourceIndex = Mutex(ResourceIndex(resources))
    }

    /// The resources as they are now.
    public var resourceIndex: ResourceIndex { currentResourceIndex.withLock { $0 } }

    /// The form of opaque tokens that are issued.
    var opaqueTokenFormat: OpaqueTokenFormat { settings.opaqueTokenFormat ?? behavior.opaqueTokenFormat }

    /// Whether the name means one person who could sign in.
    public func isPerson(_ name: String) -> Bool {
        guard let user = Login(self).user(named: name) else { return false }
        return user.machine == nil
    }
}
