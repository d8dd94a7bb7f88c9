/// That a person proved who they are: in which session, how, and when.
public struct Authentication: Sendable, Equatable {
    public var userID: String
    /// The login session, the `sid` of ID tokens.
    public var sessionID: String
    /// RFC 8176
    public var amr: [String]
    /// Unix seconds.
    public var time: Int64

    public init(userID: String, sessionID: String, amr: [String], time: Int64) {
        self.userID = userID
        self.sessionID = sessionID
        self.amr = amr
        self.time = time
    }
}

/// One person signed in with one browser. A browser may hold several.
public struct LoginSession: Sendable, Equatable {
    /// Seconds that a sign-in counts: ZITADEL's password check lifetime.
    public static let lifetime: Int64 = 240 * 3600

    /// In place of a browser's digest, for a session that no browser has.
    public static let noBrowser: [UInt8] = []

    public var authentication: Authentication
    /// SHA-256 of the browser's cookie, or `noBrowser`.
    public var browser: [UInt8]

    public init(authentication: Authentication, browser: [UInt8]) {
        self.authentication = authentication
        self.browser = browser
    }

    public var id: String { authentication.sessionID }
}

/// How the answer to an authorization request travels to the app (OAuth 2.0 Multiple Response Types, Form Post Response Mode).
public enum ResponseMode: String, Sendable, CaseIterable {
    case query, fragment
    case formPost = "form_post"
}

/// An authorization request (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1) that passed all checks.
public struct AuthRequest: Sendable, Equatable {
    /// `V2_<id>`, or `<id>` under older server versions.
    public var id = ""
    public var clientID = ""
    public var redirectURI = ""
    public var responseType = "code"
    public var responseMode = ResponseMode.query
    public var scopes: [String] = []
    public var state = ""
    public var nonce = ""
    /// RFC 7636, in the form of method S256 whatever the method is; empty without PKCE.
    public var codeChallenge = ""
    public var codeChallengeMethod = ""
    public var prompts: [String] = []
    /// Seconds since the person last signed in that the app accepts; nil for any.
    public var maxAge: Int64?
    public var loginHint = ""
    /// Whom a genuine `id_token_hint` means.
    public var hintedUserID = ""
    /// Under which name the request came.
    public var issuer = ""
    /// Unix seconds.
    public var creation: Int64 = 0

    public init() {}
}

/// What an authorization code represents.
public struct IssuedCode: Sendable {
    public var request: AuthRequest
    public var authentication: Authentication
    /// Unix seconds.
    public var expiration: Int64
    public var isRedeemed: Bool

    public init(request: AuthRequest, authentication: Authentication, expiration: Int64, isRedeemed: Bool) {
        self.request = request
        self.authentication = authentication
        self.expiration = expiration
        self.isRedeemed = isRedeemed
    }
}

/// What ends a refresh token before it expires.
public enum RefreshTokenEnd: String, Sendable, CaseIterable {
    /// It was used, and another one was issued for it.
    case rotated
    case revoked
}

/// A refresh token as it is kept, with all that the next access token is made of.
public struct RefreshTokenRecord: Sendable, Equatable {
    /// `V2_<id>-rt_<id>`
    public var id: String
    /// SHA-256 of the token.
    public var digest: [UInt8]
    /// The access token that was issued with it and expires with it.
    public var accessToken: TokenRecord
    /// That of the authorization request, which the ID tokens of all refreshes repeat; empty without one.
    public var nonce: String
    /// Unix seconds; restarts with every refresh.
    public var idleExpiration: Int64
    /// Unix seconds; does not.
    public var expiration: Int64
    public var ended: RefreshTokenEnd?

    public init(
        id: String, digest: [UInt8], accessToken: TokenRecord, nonce: String, idleExpiration: Int64, expiration: Int64
    ) {
        self.id = id
        self.digest = digest
        self.accessToken = accessToken
        self.nonce = nonce
        self.idleExpiration = idleExpiration
        self.expiration = expiration
    }

    /// Whether it can be used at a moment, in unix seconds.
    public func isAlive(at moment: Int64) -> Bool {
        ended == nil && moment < idleExpiration && moment < expiration
    }
}

/// A request of a device without a browser (RFC 8628).
public struct DeviceAuthorization: Sendable, Equatable {
    public enum State: String, Sendable, CaseIterable {
        case pending, approved, denied, redeemed
    }

    /// SHA-256 of the device code.
    public var digest: [UInt8]
    /// What the person types: `XXXX-XXXX`.
    public var userCode: String
    public var clientID: String
    public var scopes: [String]
    /// Unix seconds.
    public var expiration: Int64
    public var state = State.pending
    /// Who approved.
    public var authentication: Authentication?

    public init(digest: [UInt8], userCode: String, clientID: String, scopes: [String], expiration: Int64) {
        self.digest = digest
        self.userCode = userCode
        self.clientID = clientID
        self.scopes = scopes
        self.expiration = expiration
    }
}
