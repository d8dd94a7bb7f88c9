import COpenSSL

extension PublicKey {
    /// What a public key is made of: big-endian octets.
    public enum Numbers: Sendable, Equatable {
        case rsa(modulus: [UInt8], exponent: [UInt8])
        /// On the curve P-256, P-384 or P-521; both coordinates have the curve's size.
        case ec(curve: String, x: [UInt8], y: [UInt8])
        /// 32 octets.
        case ed25519([UInt8])
    }

    /// Octets of one coordinate on a curve; nil for a curve that is not supported.
    public static func coordinateSize(ofCurve curve: String) -> Int? { ["P-256": 32, "P-384": 48, "P-521": 66][curve] }

    /// The numbers of the key; nil for a kind of key that JOSE has no name for.
    public var numbers: Numbers? {
        switch handle.family {
        case .rsa: return .rsa(modulus: handle.number("n") ?? [], exponent: handle.number("e") ?? [])
        case .ec(let curve):
            let size = Self.coordinateSize(ofCurve: curve)
            return .ec(curve: curve, x: handle.number("qx", size: size) ?? [], y: handle.number("qy", size: size) ?? [])
        case .ed25519: return .ed25519(handle.rawPublicKey ?? [])
        case nil: return nil
        }
    }

    /// Makes a key. nil for an RSA modulus of less than 64 or more than 2048 octets or an exponent of more than 8, for coordinates of another size than
    /// the curve's, and for a point that is not on the curve. An RSA key may be unsound; see `rejectionReason`.
    public init?(_ numbers: Numbers) {
        defer { ERR_clear_error() }
        let key: OpaquePointer?
        switch numbers {
        case .rsa(let n, let e):
            guard n.count >= 64, n.count <= 2048, e.count <= 8 else { return nil }
            key = Self.build("RSA", modulus: n, exponent: e)
        case .ec(let curve, let x, let y):
            guard let size = Self.coordinateSize(ofCurve: curve), x.count == size, y.count == size else { return nil }
            key = Self.build("EC", group: curve, point: [4] + x + y)
        case .ed25519(let x):
            guard x.count == 32 else { return nil }
            key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, x, x.count)
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
