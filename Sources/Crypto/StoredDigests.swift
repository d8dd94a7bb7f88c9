// What the database stores of secrets: enough to verify one, not enough to use one.

/// The digest of a client secret.
///
/// One round of salted SHA-256 is enough for values of 64 random characters, as ZITADEL generates them. The short ones in test fixtures are public
/// anyway, and a slow hash would cost time in every request of every test. Passwords of human users are hashed by `scrypt`.
public func clientSecretDigest(_ secret: String, salt: [UInt8]) -> [UInt8] {
    Digest.sha256.hash(salt + Array(secret.utf8))
}

/// The digest that a token is looked up by.
public func tokenDigest(_ token: String) -> [UInt8] {
    Digest.sha256.hash(Array(token.utf8))
}
