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
    public var endReason: RefreshTokenEndReason?

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
    public func isActive(at moment: Int64) -> Bool {
        endReason == nil && moment < idleExpiration && moment < expiration
    }
}
