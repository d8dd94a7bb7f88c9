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

    /// Those that agree with settings that were chosen while the server runs: the others give way.
    func agreeing(with settings: InstanceSettings) -> SettingsOverrides {
        var kept = self
        if dialect != settings.dialect { kept.dialect = nil }
        if serverVersion != settings.serverVersion { kept.serverVersion = nil }
        if issuer != settings.issuer { kept.issuer = nil }
        if autoLogin != settings.autoLogin { kept.autoLogin = nil }
        return kept
    }

    /// Settings to store, given those in force: what is only overridden keeps its stored value.
    func stored(_ settings: InstanceSettings, before: InstanceSettings) -> InstanceSettings {
        var settings = settings
        if dialect != nil { settings.dialect = before.dialect }
        if serverVersion != nil { settings.serverVersion = before.serverVersion }
        if issuer != nil { settings.issuer = before.issuer }
        if autoLogin != nil { settings.autoLogin = before.autoLogin }
        return settings
    }
}
