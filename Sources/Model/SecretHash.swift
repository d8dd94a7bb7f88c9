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
