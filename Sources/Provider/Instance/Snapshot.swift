public import Model

/// The state of an instance that a request sees: immutable, and swapped as a whole when something changes.
public struct Snapshot: Sendable {
    public private(set) var resources: ResourceIndex
    /// The settings of the database, with what the command line overrides.
    public private(set) var settings: InstanceSettings
    /// What the followed server version does.
    public private(set) var behavior: VersionBehavior

    /// The published signing keys.
    public private(set) var keys: KeySet
    /// The keys that were published before the latest change; nil when they never changed.
    public private(set) var previousKeys: KeySet?

    private(set) var overrides: SettingsOverrides

    init(_ resources: Resources, _ overrides: SettingsOverrides, keys: (VersionBehavior) -> KeySet) {
        self.resources = ResourceIndex(resources)
        self.overrides = overrides
        settings = overrides.applied(to: resources.settings)
        behavior = VersionBehavior.of(settings.serverVersion)
        self.keys = keys(behavior)
    }

    /// The snapshot after the database was replaced as a whole.
    func replaced(by resources: Resources, _ overrides: SettingsOverrides, keys: [SigningKey]) -> Snapshot {
        var snapshot = Snapshot(resources, overrides) { _ in self.keys }
        snapshot.previousKeys = previousKeys
        snapshot.set(self.keys.replaced(by: keys))
        return snapshot
    }

    private mutating func set(_ keys: KeySet) {
        guard keys !== self.keys else { return }
        if self.keys.isGenerated { previousKeys = self.keys }
        self.keys = keys
    }

    /// - Parameter overrides: those that hold from now on.
    mutating func apply(_ changes: [Change], _ overrides: SettingsOverrides) {
        resources.apply(changes)
        self.overrides = overrides
        settings = overrides.applied(to: resources.resources.settings)
        behavior = VersionBehavior.of(settings.serverVersion)
        set(keys.applying(changes))
    }

    /// Whether the answer to an authorization request may be a form that posts itself. The interface by which the newer sign-in answers makes addresses only;
    /// the documents promise forms.
    var postsForms: Bool { settings.dialect == .documented || !behavior.hasLoginV2 }

    /// The format of opaque tokens that are issued.
    var opaqueTokenFormat: OpaqueTokenFormat { settings.opaqueTokenFormat ?? behavior.opaqueTokenFormat }
}
