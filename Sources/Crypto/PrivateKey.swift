import COpenSSL

/// A key that signs.
public struct PrivateKey: Sendable, CustomStringConvertible {
    let handle: KeyHandle

    public var description: String { "<private key>" }

    /// Generates a key for the algorithm: RSA of 2048 bits, the algorithm's curve, or Ed25519.
    public static func generate(for algorithm: SignatureAlgorithm) throws -> PrivateKey {
        let key: OpaquePointer? =
            switch algorithm {
            case .rs256, .rs384, .rs512, .ps256: mz_rsa_generate(2048)
            case .es256: mz_ec_generate("P-256")
            case .es384: mz_ec_generate("P-384")
            case .es512: mz_ec_generate("P-521")
            case .edDSA: mz_ed25519_generate()
            }
        guard let key else { throw CryptographyFailure("generating a key for \(algorithm.rawValue)") }
        return PrivateKey(handle: KeyHandle(key))
    }

    private init(handle: KeyHandle) {
        self.handle = handle
    }

    /// Reads a PEM block, PKCS#1 or PKCS#8, without a passphrase. nil when it is neither, or encrypted.
    public init?(pem: String) {
        // An empty passphrase, without which OpenSSL asks the terminal for the one of an encrypted block.
        var passphrase: [CChar] = [0]
        let key = withMemoryBuffer(pem) { PEM_read_bio_PrivateKey($0, nil, nil, &passphrase) }
        ERR_clear_error()
        guard let key else { return nil }
        handle = KeyHandle(key)
    }

    /// The key that verifies what this one signs. It shares nothing with this one: OpenSSL guards the parts of a private key by a lock, on which
    /// concurrent verifications would wait.
    public var publicKey: PublicKey { PublicKey(pem: PublicKey(handle: handle).pem) ?? PublicKey(handle: handle) }

    /// The key as PEM: PKCS#1 (`RSA PRIVATE KEY`) for RSA, as ZITADEL's key files have it, PKCS#8 for others.
    public var pem: String {
        writtenText { bio in
            if case .rsa = handle.family {
                return PEM_write_bio_PrivateKey_traditional(bio, handle.pointer, nil, nil, 0, nil, nil) == 1
            }
            return PEM_write_bio_PrivateKey(bio, handle.pointer, nil, nil, 0, nil, nil) == 1
        } ?? ""
    }

    /// Whether a PEM text holds an encrypted block, for messages: such a key cannot be read.
    public static func isEncrypted(pem: String) -> Bool {
        pem.utf8.count <= 1 << 16
            && pem.split(whereSeparator: \.isNewline).contains { line in
                line.hasPrefix("-----BEGIN ENCRYPTED ") || (line.hasPrefix("Proc-Type:") && line.hasSuffix("ENCRYPTED"))
            }
    }

    /// Whether the key can sign by this algorithm.
    public func supports(_ algorithm: SignatureAlgorithm) -> Bool { handle.supports(algorithm) }

    /// Signs the message.
    /// - Throws: `CryptographyFailure` when the key does not support the algorithm.
    public func sign(_ message: [UInt8], by algorithm: SignatureAlgorithm) throws -> [UInt8] {
        guard handle.supports(algorithm), let context = EVP_MD_CTX_new() else {
            throw CryptographyFailure("signing by \(algorithm.rawValue)")
        }
        defer { EVP_MD_CTX_free(context) }
        var keyContext: OpaquePointer?
        var count = Int(EVP_PKEY_get_size(handle.pointer))
        var signature = [UInt8](repeating: 0, count: count)
        guard EVP_DigestSignInit(context, &keyContext, algorithm.digest?.evp, nil, handle.pointer) == 1,
            !algorithm.isPSS || mz_rsa_pss_padding(keyContext) == 1,
            EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        else { throw CryptographyFailure("signing by \(algorithm.rawValue)") }
        signature.removeLast(signature.count - count)
        guard let size = algorithm.coordinateSize else { return signature }
        guard let raw = ECDSASignature.raw(fromDER: signature, coordinateSize: size) else {
            throw CryptographyFailure("an ECDSA signature")
        }
        return raw
    }
}
