import COpenSSL
public import Encodings

extension PublicKey {
    /// The members of a public JWK (RFC 7517, RFC 7518 section 6, RFC 8037) in ZITADEL's order. Private members are never written.
    ///
    /// - Parameters:
    ///   - id: the `kid`.
    ///   - algorithm: the `alg`.
    public func jwk(id: String, algorithm: SignatureAlgorithm) -> JSON {
        var key: JSONObject = ["use": .string("sig")]
        let own = parameters
        key.append("kty", own["kty"] ?? .null)
        key.append("kid", .string(id))
        if let curve = own["crv"] { key.append("crv", curve) }
        key.append("alg", .string(algorithm.rawValue))
        for name in ["n", "e", "x", "y"] {
            if let value = own[name] { key.append(name, value) }
        }
        return .object(key)
    }

    /// The JWK thumbprint with SHA-256 (RFC 7638): a name for the key that follows from the key.
    public var thumbprint: String {
        Base64.urlEncoded(Digest.sha256.hash(JSON.object(parameters.sorted()).bytes()))
    }

    /// The members that a key of its type must have.
    private var parameters: JSONObject {
        func text(_ bytes: [UInt8]?) -> JSON { .string(Base64.urlEncoded(bytes ?? [])) }
        switch handle.family {
        case .rsa: return ["kty": .string("RSA"), "n": text(handle.number("n")), "e": text(handle.number("e"))]
        case .ec(let curve):
            let size = ["P-256": 32, "P-384": 48, "P-521": 66][curve]
            return [
                "kty": .string("EC"), "crv": .string(curve), "x": text(handle.number("qx", size: size)),
                "y": text(handle.number("qy", size: size)),
            ]
        case .ed25519: return ["kty": .string("OKP"), "crv": .string("Ed25519"), "x": text(handle.rawPublicKey)]
        case nil: return [:]
        }
    }

    /// Reads a JWK of type RSA, EC or OKP (Ed25519). nil when a member is missing, or the point is not on the curve. An RSA key may be
    /// unsound; see `rejectionReason`.
    public init?(jwk: JSONObject) {
        func bytes(_ name: String) -> [UInt8]? { jwk[name]?.string.flatMap { Base64.urlDecoded(Array($0.utf8)) } }
        defer { ERR_clear_error() }
        let key: OpaquePointer?
        switch (jwk["kty"]?.string, jwk["crv"]?.string) {
        case ("RSA", _):
            guard let n = bytes("n"), let e = bytes("e"), n.count >= 64, n.count <= 2048, e.count <= 8 else {
                return nil
            }
            key = Self.build("RSA", modulus: n, exponent: e)
        case ("EC", let curve?):
            guard let x = bytes("x"), let y = bytes("y"), let size = ["P-256": 32, "P-384": 48, "P-521": 66][curve],
                x.count == size, y.count == size
            else { return nil }
            key = Self.build("EC", group: curve, point: [4] + x + y)
        case ("OKP", "Ed25519"):
            guard let x = bytes("x"), x.count == 32 else { return nil }
            key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, x, x.count)
        default: return nil
        }
        guard let key else { return nil }
        self.init(handle: KeyHandle(key))
    }

    private static func build(
        _ type: String, group: String? = nil, point: [UInt8]? = nil, modulus: [UInt8]? = nil, exponent: [UInt8]? = nil
    ) -> OpaquePointer? {
        guard let builder = OSSL_PARAM_BLD_new() else { return nil }
        defer { OSSL_PARAM_BLD_free(builder) }
        var owned: [OpaquePointer] = []
        defer { owned.forEach { BN_free($0) } }
        for (bytes, push) in [(modulus, mz_push_modulus), (exponent, mz_push_exponent)] {
            guard let bytes else { continue }
            guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { return nil }
            owned.append(number)
            guard push(builder, number) == 1 else { return nil }
        }
        // The builder keeps references until the parameters are made, so both outlive it here.
        let groupName = Array((group ?? "").utf8).map { CChar(bitPattern: $0) } + [0]
        let pointBytes = point ?? []
        return groupName.withUnsafeBufferPointer { name in
            pointBytes.withUnsafeBytes { bytes in
                if group != nil, mz_push_group(builder, name.baseAddress) != 1 { return nil }
                if point != nil, mz_push_point(builder, bytes.baseAddress, bytes.count) != 1 { return nil }
                guard let parameters = OSSL_PARAM_BLD_to_param(builder) else { return nil }
                defer { OSSL_PARAM_free(parameters) }
                guard let context = EVP_PKEY_CTX_new_from_name(nil, type, nil) else { return nil }
                defer { EVP_PKEY_CTX_free(context) }
                var key: OpaquePointer?
                guard EVP_PKEY_fromdata_init(context) == 1,
                    EVP_PKEY_fromdata(context, &key, mz_public_key_selection(), parameters) == 1
                else { return nil }
                return key
            }
        }
    }
}
