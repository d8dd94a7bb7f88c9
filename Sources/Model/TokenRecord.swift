public import Encodings

/// An access token as it is stored: all that introspection returns, and nothing that lets anybody use it.
public struct TokenRecord: Sendable, Equatable {
    /// `V2_<id>-at_<id>`, the `jti`.
    public var id: String
    /// What the token is found by: SHA-256 of an opaque token, or of the id of a JWT, which proves itself by its signature.
    public var digest: [UInt8]
    public var userID: String
    /// A service user's user name, or an app's client id.
    public var clientID: String
    public var scopes: [String]
    public var audience: [String]
    public var amr: [String]
    /// Unix seconds; 0 when nobody signed in for this token, as after a token exchange.
    public var authTime: Int64
    /// Unix seconds.
    public var creation: Int64
    /// Unix seconds.
    public var expiration: Int64
    /// The login session that it came from; nil for service users and after a token exchange.
    public var sessionID: String?
    /// The claim `act` (RFC 8693 section 4.1) after an impersonation.
    public var actor: JSONObject?
    /// Claims that this token alone has, on top of those of its user: only of tokens that were minted.
    public var extraClaims = JSONObject()
    /// Why the token ended before its time; nil while it lives.
    public var endReason: RevocationReason?

    public init(
        id: String, digest: [UInt8], userID: String, clientID: String, scopes: [String], audience: [String],
        amr: [String], authTime: Int64, creation: Int64,
        expiration: Int64
    ) {
        self.id = id
        self.digest = digest
        self.userID = userID
        self.clientID = clientID
        self.scopes = scopes
        self.audience = audience
        self.amr = amr
        self.authTime = authTime
        self.creation = creation
        self.expiration = expiration
    }
}
