/// The settings of an instance: the seed's `instance` member.
public struct InstanceSettings: Sendable, Equatable {
    /// Hosts (with or without port) that this instance answers for; empty for any.
    public var domains: [String] = []
    /// The issuer, whatever the host; nil to follow the request's host.
    public var issuer: String?
    /// The instance's own project, which the scope `…:project:id:zitadel:aud` means.
    public var projectID = ""
    public var dialect = Dialect.documented
    public var serverVersion = ServerVersion.of2026July
    /// nil for what the server version does.
    public var opaqueTokenFormat: OpaqueTokenFormat?
    public var unknownScopes = UnknownScopes.drop
    public var impersonation = false
    public var backChannelLogout = false
    public var autoLogin: String?
    public var debugOidcParentError = false
    public var lifetimes = Lifetimes()

    public init() {}
}
