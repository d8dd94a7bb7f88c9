/// Unix seconds of 9999-12-31T23:59:59Z, which ZITADEL writes for "never".
public let neverExpires: Int64 = 253_402_300_799

/// A public key that an app or a service user registered to sign assertions with.
public struct RegisteredKey: Sendable, Equatable {
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

/// A personal access token of a service user. The token itself is kept as a digest only.
public struct PersonalAccessToken: Sendable, Equatable {
    public var id: String
    public var userID: String
    /// SHA-256 of the token.
    public var digest: [UInt8]
    public var scopes: [String]
    /// Unix seconds.
    public var creation: Int64
    /// Unix seconds.
    public var expiration: Int64
    /// Its user was deactivated or locked at some time after it was made, which ends it for good.
    public var isEnded = false

    public init(id: String, userID: String, digest: [UInt8], scopes: [String], creation: Int64, expiration: Int64) {
        self.id = id
        self.userID = userID
        self.digest = digest
        self.scopes = scopes
        self.creation = creation
        self.expiration = expiration
    }
}

/// A key that the instance signs tokens with (ZITADEL: web key).
public struct SigningKey: Sendable, Equatable {
    public enum State: String, Sendable, CaseIterable {
        /// Published, not yet used.
        case initial
        /// The one that signs.
        case active
        /// Published for tokens that it signed earlier.
        case inactive
    }

    /// The `kid` of tokens.
    public var id: String
    /// RS256, ES256, ES384 or EdDSA.
    public var algorithm: String
    /// PEM
    public var privateKey: String
    public var state: State

    public init(id: String, algorithm: String, privateKey: String, state: State) {
        self.id = id
        self.algorithm = algorithm
        self.privateKey = privateKey
        self.state = state
    }
}
