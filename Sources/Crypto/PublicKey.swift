import COpenSSL

/// A key that verifies signatures.
public struct PublicKey: Sendable {
    let handle: KeyHandle
    /// Why the key protects nothing, whatever it is used for; nothing that it verifies is genuine.
    private let keyDefect: String?

    init(handle: KeyHandle) {
        self.init(handle: handle, defect: handle.defect)
    }

    private init(handle: KeyHandle, defect: String?) {
        self.handle = handle
        keyDefect = defect
    }

    /// The same key after a check that takes some milliseconds: an RSA modulus that is a prime or a power of one protects nothing either.
    public var thoroughlyChecked: PublicKey {
        guard rsaProblem == nil else { return PublicKey(handle: handle, defect: rsaProblem) }
        return handle.isFactored ? PublicKey(handle: handle, defect: KeyHandle.factored) : self
    }

    /// Reads a PEM block: PKIX (`PUBLIC KEY`), PKCS#1 (`RSA PUBLIC KEY`) or a certificate. nil when it is none of them, or encrypted.
    public init?(pem: String) {
        // An empty passphrase, without which OpenSSL asks the terminal for the one of an encrypted block.
        var passphrase: [CChar] = [0]
        let key =
            withMemoryBuffer(pem) { PEM_read_bio_PUBKEY($0, nil, nil, &passphrase) } ?? Self.pkcs1(pem)
            ?? Self.certificate(pem)
        ERR_clear_error()
        guard let key else { return nil }
        self.init(handle: KeyHandle(key))
    }

    private static func pkcs1(_ pem: String) -> OpaquePointer? {
        withMemoryBuffer(pem) { bio in
            var name: UnsafeMutablePointer<CChar>?
            var header: UnsafeMutablePointer<CChar>?
            var data: UnsafeMutablePointer<UInt8>?
            var count = 0
            guard PEM_read_bio(bio, &name, &header, &data, &count) == 1, let name, let start = data else { return nil }
            defer {
                CRYPTO_free(name, nil, 0)
                CRYPTO_free(header, nil, 0)
                CRYPTO_free(start, nil, 0)
            }
            var cursor: UnsafePointer<UInt8>? = UnsafePointer(start)
            return String(cString: name) == "RSA PUBLIC KEY" ? d2i_PublicKey(EVP_PKEY_RSA, nil, &cursor, count) : nil
        }
    }

    private static func certificate(_ pem: String) -> OpaquePointer? {
        guard let certificate = readCertificate(pem) else { return nil }
        defer { X509_free(certificate) }
        return X509_get_pubkey(certificate)
    }

    private static func readCertificate(_ pem: String) -> OpaquePointer? {
        var passphrase: [CChar] = [0]
        return withMemoryBuffer(pem) { PEM_read_bio_X509($0, nil, nil, &passphrase) }
    }

    /// The key as PKIX PEM.
    public var pem: String {
        writtenText { PEM_write_bio_PUBKEY($0, handle.pointer) == 1 } ?? ""
    }

    /// Why the key is not accepted for assertions, as a message for the user who registers it; nil when it is (RSA of 2048 to 8192 bits, or EC P-256).
    public var rejectionReason: String? {
        switch handle.family {
        case .rsa: rsaProblem
        case .ec(curve: "P-256"): nil
        case .ec(let curve): "an EC key on curve \(curve); use P-256, or RSA of at least 2048 bits"
        case .ed25519: "an Ed25519 key; use RSA of at least 2048 bits, or EC P-256"
        case nil: "a kind of key that no assertion is accepted from; use RSA of at least 2048 bits, or EC P-256"
        }
    }

    /// Why an RSA key is not used: it is unsound, too short, or so long that each signature would take seconds; nil for another kind of key.
    public var rsaProblem: String? {
        guard case .rsa(let bits) = handle.family else { return nil }
        if bits < 2048 { return "an RSA key of \(bits) bits; at least 2048 are needed" }
        return bits > 8192 ? "an RSA key of \(bits) bits; at most 8192 are accepted" : keyDefect
    }

    /// Whether the signature over the message is genuine. None is if the key does not support the algorithm, or is unsound.
    public func verifies(_ signature: [UInt8], of message: [UInt8], by algorithm: SignatureAlgorithm) -> Bool {
        guard keyDefect == nil, handle.supports(algorithm) else { return false }
        var encoded = signature
        if let size = algorithm.coordinateSize {
            guard let der = ECDSASignature.der(fromRaw: signature, coordinateSize: size) else { return false }
            encoded = der
        }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        var keyContext: OpaquePointer?
        let verified =
            EVP_DigestVerifyInit(context, &keyContext, algorithm.digest?.evp, nil, handle.pointer) == 1
            && (!algorithm.isPSS || mz_rsa_pss_padding(keyContext) == 1)
            && EVP_DigestVerify(context, encoded, encoded.count, message, message.count) == 1
        ERR_clear_error()
        return verified
    }
}
