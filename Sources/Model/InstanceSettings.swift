public import Encodings

/// How rejections look.
public enum Dialect: String, Sendable, CaseIterable {
    /// as ZITADEL's documentation and the RFCs promise
    case documented
    /// as ZITADEL's server answers, quirks included
    case server
}

/// The server whose answers are followed where they differ.
public enum ServerVersion: String, Sendable, CaseIterable {
    case v2_71 = "v2.71"
    case v3_4 = "v3.4"
    case v4_13 = "v4.13"
    /// The main branch of July 2026.
    case of2026July = "2026-07"
}

/// The form of opaque tokens.
public enum OpaqueTokenFormat: String, Sendable, CaseIterable {
    /// Five segments, as servers of 2026 make them.
    case jwe
    /// One run of base64url.
    case classic
}

/// What happens to scopes that ZITADEL does not know.
public enum UnknownScopes: String, Sendable, CaseIterable {
    case drop, keep
}

/// How long things live.
public struct Lifetimes: Sendable, Equatable {
    public var accessToken = GoDuration(seconds: 12 * 3600)
    public var idToken = GoDuration(seconds: 12 * 3600)
    public var refreshTokenIdle = GoDuration(seconds: 720 * 3600)
    public var refreshToken = GoDuration(seconds: 2160 * 3600)
    public var deviceCode = GoDuration(seconds: 5 * 60)
    public var authorizationCode = GoDuration(seconds: 10 * 60)

    public init() {}
}

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
