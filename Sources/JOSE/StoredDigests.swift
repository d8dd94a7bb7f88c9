// What the database keeps of secrets: enough to check one, not enough to use one.

/// The digest of a client secret.
///
/// One round of salted SHA-256 is enough for values of 64 random characters, as ZITADEL makes them. The short ones that people write into fixtures are
/// public anyway, and a slow hash would be paid on every request of every test. People's passwords get `scrypt`.
public func clientSecretDigest(_ secret: String, salt: [UInt8]) -> [UInt8] {
    Digest.sha256.hash(salt + Array(secret.utf8))
}

/// What a token is looked up by.
public func tokenDigest(_ token: String) -> [UInt8] {
    Digest.sha256.hash(Array(token.utf8))
}
