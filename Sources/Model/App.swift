import Encodings

/// A salted digest of a secret: enough to check one, not enough to use it.
public struct SecretHash: Sendable, Equatable {
    public var salt: [UInt8]
    /// Empty while it is deferred.
    public var digest: [UInt8]

    /// Whether the digest was not computed yet: that of a password takes milliseconds, so it waits until somebody signs in with it.
    public var isDeferred: Bool { digest.isEmpty }

    public init(salt: [UInt8], digest: [UInt8]) {
        self.salt = salt
        self.digest = digest
    }
}

/// The form in which an app or a service user gets its access tokens.
public enum AccessTokenType: String, Sendable, CaseIterable {
    /// opaque
    case bearer
    case jwt
}

/// How an app proves who it is.
public enum AuthMethod: String, Sendable, CaseIterable {
    case basic, post, none
    case privateKeyJWT = "private_key_jwt"

    /// What an API app may choose.
    public static let ofAPI: [AuthMethod] = [.basic, .privateKeyJWT]
}

/// The settings of an OpenID Connect app.
public struct OIDCSettings: Sendable, Equatable {
    public enum AppType: String, Sendable, CaseIterable {
        case web, native
        case userAgent = "user_agent"
    }

    public var appType: AppType
    public var redirectUris: [String] = []
    public var postLogoutRedirectUris: [String] = []
    public var additionalOrigins: [String] = []
    public var backChannelLogoutUri: String?
    public var responseTypes = ["code"]
    public var grantTypes = ["authorization_code"]
    public var accessTokenType = AccessTokenType.bearer
    public var accessTokenRoleAssertion = false
    public var idTokenRoleAssertion = false
    public var idTokenUserinfoAssertion = false
    public var devMode = false
    /// 0 to 5 seconds.
    public var clockSkew: Int64 = 0

    public init(appType: AppType) {
        self.appType = appType
    }
}

/// An application of a project: a client of the introspection endpoint (API) or of the whole server (OpenID Connect).
public struct App: Sendable, Equatable {
    public var id: String
    public var projectID: String
    public var name: String
    public var clientID: String
    public var state: ResourceState
    public var authMethod: AuthMethod
    public var secret: SecretHash?
    /// nil for an API app.
    public var oidc: OIDCSettings?

    /// An authorization request for a code with the first redirect URI; nil for an app that cannot make one.
    public var signInPath: String? {
        guard state == .active, let oidc, oidc.responseTypes.contains("code"), let callback = oidc.redirectUris.first
        else { return nil }
        return
            "/oauth/v2/authorize?client_id=\(PercentEncoding.formEncoded(clientID))&response_type=code&scope=openid+profile&redirect_uri="
            + PercentEncoding.formEncoded(callback)
    }

    public init(
        id: String, projectID: String, name: String, clientID: String, state: ResourceState, authMethod: AuthMethod,
        secret: SecretHash?, oidc: OIDCSettings?
    ) {
        self.id = id
        self.projectID = projectID
        self.name = name
        self.clientID = clientID
        self.state = state
        self.authMethod = authMethod
        self.secret = secret
        self.oidc = oidc
    }
}
