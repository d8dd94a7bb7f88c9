public import Model
public import Storage
import Synchronization

/// One issuer's whole world: its resources, keys, tokens, settings and clock.
public final class Instance: Sendable {
    public let storage: Storage
    public let effects: Effects
    public let keyRing: KeyRing
    /// The settings of the database, with what the command line overrides.
    public let settings: InstanceSettings
    /// What the followed server version does.
    public let facts: ServerFacts
    private let currentDirectory: Mutex<Directory>

    /// - Parameters:
    ///   - storage: an open database, already brought to the seed.
    ///   - override: what the command line says against the seed.
    /// - Throws: `StorageError`
    public init(storage: Storage, effects: Effects, override: (inout InstanceSettings) -> Void = { _ in }) throws {
        let resources = try storage.resources()
        var settings = resources.settings
        override(&settings)
        self.storage = storage
        self.effects = effects
        self.settings = settings
        facts = ServerFacts.of(settings.serverVersion)
        keyRing = KeyRing(storage: storage, effects: effects, keysAtFirst: facts.signingKeysAtFirst)
        currentDirectory = Mutex(Directory(resources))
    }

    /// The resources as they are now.
    public var directory: Directory { currentDirectory.withLock { $0 } }

    /// The form of opaque tokens that are issued.
    var opaqueTokenFormat: OpaqueTokenFormat { settings.opaqueTokenFormat ?? facts.opaqueTokenFormat }

    /// Whether the name means one person who could sign in.
    public func isPerson(_ name: String) -> Bool {
        guard let user = Login(self).user(named: name) else { return false }
        return user.machine == nil
    }
}
