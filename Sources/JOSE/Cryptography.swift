import COpenSSL
import Encodings

/// OpenSSL failed at something that cannot fail with valid input: out of memory, or a broken installation.
public struct CryptographyFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ operation: String) {
        var text = "OpenSSL: \(operation) failed"
        var buffer = [CChar](repeating: 0, count: 256)
        while case let code = ERR_get_error(), code != 0 {
            ERR_error_string_n(code, &buffer, buffer.count)
            text += "; " + String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        description = text
    }
}

/// Digests (FIPS 180-4).
public enum Digest: Sendable {
    case sha256, sha384, sha512

    /// Fetched once: looking an algorithm up by name costs OpenSSL more than hashing a token. Kept as numbers, because Swift cannot know that what
    /// they point at never changes.
    private static let fetched: [UInt] = ["SHA2-256", "SHA2-384", "SHA2-512"].map { (name: String) in
        UInt(bitPattern: EVP_MD_fetch(nil, name, nil))
    }

    var evp: OpaquePointer? {
        switch self {
        case .sha256: OpaquePointer(bitPattern: Self.fetched[0])
        case .sha384: OpaquePointer(bitPattern: Self.fetched[1])
        case .sha512: OpaquePointer(bitPattern: Self.fetched[2])
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

/// Compares in a time that does not depend on where the first difference is. It does depend on whether the lengths are equal.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

/// Bytes from OpenSSL's random generator.
public func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // RAND_bytes fails only when the system has no entropy source at all; there is no safe way to continue.
    precondition(RAND_bytes(&bytes, Int32(count)) == 1, "no source of random numbers")
    return bytes
}

/// scrypt (RFC 7914) with small parameters: enough for the passwords of a test double, and fast to load.
public func scrypt(_ password: String, salt: [UInt8]) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 32)
    let text = Array(password.utf8).map { CChar(bitPattern: $0) }
    let done = EVP_PBE_scrypt(text, text.count, salt, salt.count, 1 << 10, 8, 1, 4 << 20, &out, out.count)
    precondition(done == 1, "scrypt with fixed parameters cannot fail")
    return out
}
