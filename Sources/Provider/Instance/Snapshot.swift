public import Model

/// The state of an instance that a request sees: immutable, and swapped as a whole when something changes.
public struct Snapshot: Sendable {
    public let resources: ResourceIndex
    /// The settings of the database, with what the command line overrides.
    public let settings: InstanceSettings
    /// What the followed server version does.
    public let behavior: VersionBehavior

    init(resources: ResourceIndex, settings: InstanceSettings) {
        self.resources = resources
        self.settings = settings
        behavior = VersionBehavior.of(settings.serverVersion)
    }

    /// The format of opaque tokens that are issued.
    var opaqueTokenFormat: OpaqueTokenFormat { settings.opaqueTokenFormat ?? behavior.opaqueTokenFormat }
}
