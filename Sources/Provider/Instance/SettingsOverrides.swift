public import Model

/// Settings of the command line, which take precedence over those of seeds, whenever a seed is loaded.
public struct SettingsOverrides: Sendable {
    public var dialect: Dialect?
    public var serverVersion: ServerVersion?
    public var issuer: String?
    /// A login name or user id.
    public var autoLogin: String?

    public init() {}

    func applied(to settings: InstanceSettings) -> InstanceSettings {
        var settings = settings
        if let dialect { settings.dialect = dialect }
        if let serverVersion { settings.serverVersion = serverVersion }
        if let issuer { settings.issuer = issuer }
        if let autoLogin { settings.autoLogin = autoLogin }
        return settings
    }
}
