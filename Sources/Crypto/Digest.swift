import COpenSSL

/// Digests (FIPS 180-4).
public enum Digest: Sendable {
    case sha256, sha384, sha512

    /// Fetched once: looking an algorithm up by name costs OpenSSL more than hashing a token.
    ///
    /// Unsafe for the compiler only: what the pointers point at never changes and is never freed.
    nonisolated(unsafe) private static let fetched: [OpaquePointer?] = ["SHA2-256", "SHA2-384", "SHA2-512"].map {
        (name: String) in EVP_MD_fetch(nil, name, nil)
    }

    var evp: OpaquePointer? {
        switch self {
        case .sha256: Self.fetched[0]
        case .sha384: Self.fetched[1]
        case .sha512: Self.fetched[2]
        }
    }

    /// The digest of the bytes.
    public func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let input = Array(bytes)
        EVP_Digest(input, input.count, &out, &count, evp, nil)
        return Array(out.prefix(Int(count)))
    }
}
