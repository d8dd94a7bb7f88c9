public import Model

/// The state of an instance that a request sees: immutable, and replaced as a whole when something changes. A class, because requests hand it on many
/// times and it is large.
public final class Snapshot: Sendable {
    public let resources: ResourceIndex
    /// The settings of the database, with what the command line overrides.
    public let settings: InstanceSettings
    /// What the followed server version does.
    public let behavior: VersionBehavior

    /// The published signing keys.
    public let keys: KeySet
    /// The keys that were published before the latest change; nil when they never changed.
    public let previousKeys: KeySet?

    let overrides: SettingsOverrides

    init(_ resources: Resources, _ overrides: SettingsOverrides, keys: (VersionBehavior) -> KeySet) {
        self.resources = ResourceIndex(resources)
        self.overrides = overrides
        settings = overrides.applied(to: resources.settings)
        behavior = VersionBehavior.of(settings.serverVersion)
        self.keys = keys(behavior)
        previousKeys = nil
    }

    /// The snapshot after another one.
    private init(
        after snapshot: Snapshot, _ resources: ResourceIndex, _ overrides: SettingsOverrides, keys: KeySet
    ) {
        self.resources = resources
        self.overrides = overrides
        settings = overrides.applied(to: resources.settings)
        behavior = VersionBehavior.of(settings.serverVersion)
        self.keys = keys
        let isReplaced = keys !== snapshot.keys && snapshot.keys.isGenerated
        previousKeys = isReplaced ? snapshot.keys : snapshot.previousKeys
    }

    /// The snapshot after the database was replaced as a whole.
    func replaced(by resources: Resources, _ overrides: SettingsOverrides, keys: [SigningKey]) -> Snapshot {
        Snapshot(after: self, ResourceIndex(resources), overrides, keys: self.keys.replaced(by: keys))
    }

    /// - Parameter overrides: those that hold from now on.
    func applying(_ changes: [Change], _ overrides: SettingsOverrides) -> Snapshot {
        var resources = resources
        resources.apply(changes)
        return Snapshot(after: self, resources, overrides, keys: keys.applying(changes))
    }

    /// The format of opaque tokens that are issued.
    public var opaqueTokenFormat: OpaqueTokenFormat { settings.opaqueTokenFormat ?? behavior.opaqueTokenFormat }
}
