/// Unix seconds of 9999-12-31T23:59:59Z, which ZITADEL writes for "never".
public let neverExpires: Int64 = 253_402_300_799

/// A public key that an app or a service user registered to sign assertions with.
public struct RegisteredKey: Sendable, Equatable {
    /// Whose assertions the key checks.
    public enum Owner: Sendable, Equatable, Hashable {
        /// by app id
        case app(String)
        /// by user id
        case user(String)
    }

    /// The `kid` of assertions.
    public var id: String
    public var owner: Owner
    /// PKIX PEM
    public var publicKey: String
    /// Unix seconds.
    public var expiration: Int64

    public init(id: String, owner: Owner, publicKey: String, expiration: Int64) {
        self.id = id
        self.owner = owner
        self.publicKey = publicKey
        self.expiration = expiration
    }
}
