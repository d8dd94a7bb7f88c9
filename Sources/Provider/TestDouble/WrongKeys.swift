import Crypto
import Synchronization

/// Private keys that nobody has registered, to sign what shall be refused. One for each algorithm is enough, and generating one takes a tenth of a second.
enum WrongKeys {
    private static let keys = Mutex<[SignatureAlgorithm: PrivateKey]>([:])

    /// - Throws: `CryptographyFailure`
    static func key(for algorithm: SignatureAlgorithm) throws -> PrivateKey {
        try keys.withLock { keys in
            if let known = keys[algorithm] { return known }
            let key = try PrivateKey.generate(for: algorithm)
            keys[algorithm] = key
            return key
        }
    }
}
