import COpenSSL

/// ECDSA signatures: JOSE writes the two coordinates one after the other, OpenSSL a DER sequence.
enum ECDSASignature {
    static func der(fromRaw raw: [UInt8], coordinateSize size: Int) -> [UInt8]? {
        guard raw.count == 2 * size, let signature = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(signature) }
        let r = BN_bin2bn(raw, Int32(size), nil)
        let s = BN_bin2bn(Array(raw[size...]), Int32(size), nil)
        // Takes over both numbers, but only when it succeeds.
        guard let r, let s, ECDSA_SIG_set0(signature, r, s) == 1 else {
            BN_free(r)
            BN_free(s)
            return nil
        }
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_ECDSA_SIG(signature, &start)
        guard count > 0, let start else { return nil }
        defer { CRYPTO_free(start, nil, 0) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    static func raw(fromDER der: [UInt8], coordinateSize size: Int) -> [UInt8]? {
        der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let signature = d2i_ECDSA_SIG(nil, &cursor, buffer.count) else { return nil }
            defer { ECDSA_SIG_free(signature) }
            var out = [UInt8](repeating: 0, count: 2 * size)
            let written = out.withUnsafeMutableBufferPointer { target in
                BN_bn2binpad(ECDSA_SIG_get0_r(signature), target.baseAddress, Int32(size)) >= 0
                    && BN_bn2binpad(ECDSA_SIG_get0_s(signature), target.baseAddress.map { $0 + size }, Int32(size)) >= 0
            }
            return written ? out : nil
        }
    }
}
