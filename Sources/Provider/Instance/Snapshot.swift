public import Model

/// The state of an instance that a request sees: immutable, and swapped as a whole when something changes.
public struct Snapshot: Sendable {
    public private(set) var resources: ResourceIndex
    /// The settings of the database, with what the command line overrides.
    public private(set) var settings: InstanceSettings
    /// What the followed server version does.
    public private(set) var behavior: VersionBehavior

    private(set) var overrides: SettingsOverrides

    init(_ resources: Resources, _ overrides: SettingsOverrides) {
        self.resources = ResourceIndex(resources)
        self.overrides = overrides
        settings = overrides.applied(to: resources.settings)
        behavior = VersionBehavior.of(settings.serverVersion)
    }

    /// - Parameter overrides: those that hold from now on.
    mutating func apply(_ changes: [Change], _ overrides: SettingsOverrides) {
        resources.apply(changes)
        self.overrides = overrides
        settings = overrides.applied(to: resources.resources.settings)
        behavior = VersionBehavior.of(settings.serverVersion)
    }

    /// Whether the answer to an authorization request may be a form that posts itself. The interface by which the newer sign-in answers makes addresses only;
    /// the documents promise forms.
    var postsForms: Bool { settings.dialect == .documented || !behavior.hasLoginV2 }

    /// The format of opaque tokens that are issued.
    var opaqueTokenFormat: OpaqueTokenFormat { settings.opaqueTokenFormat ?? behavior.opaqueTokenFormat }
}
