import COpenSSL

/// Owns one `EVP_PKEY`. No pointer of OpenSSL leaves this module.
///
/// Unchecked, because the compiler knows nothing of what a pointer points at: OpenSSL allows an `EVP_PKEY` that nobody changes to be used by several
/// threads at a time, and nothing here changes one.
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over the reference.
    init(_ key: OpaquePointer) {
        pointer = key
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    enum Family: Equatable {
        case rsa(bits: Int)
        case ec(curve: String)
        case ed25519
    }

    /// What kind of key this is; nil for kinds that JOSE has no name for.
    var family: Family? {
        if EVP_PKEY_is_a(pointer, "RSA") == 1 { return .rsa(bits: Int(EVP_PKEY_get_bits(pointer))) }
        if EVP_PKEY_is_a(pointer, "ED25519") == 1 { return .ed25519 }
        guard EVP_PKEY_is_a(pointer, "EC") == 1 else { return nil }
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        guard EVP_PKEY_get_group_name(pointer, &name, name.count, &count) == 1 else { return nil }
        switch String(decoding: name.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) {
        case "prime256v1", "P-256": return .ec(curve: "P-256")
        case "secp384r1", "P-384": return .ec(curve: "P-384")
        case "secp521r1", "P-521": return .ec(curve: "P-521")
        default: return nil
        }
    }

    /// Whether the key supports the algorithm.
    func supports(_ algorithm: SignatureAlgorithm) -> Bool {
        switch (family, algorithm) {
        case (.rsa, .rs256), (.rsa, .rs384), (.rsa, .rs512), (.rsa, .ps256): true
        case (.ec(curve: "P-256"), .es256), (.ec(curve: "P-384"), .es384), (.ec(curve: "P-521"), .es512): true
        case (.ed25519, .edDSA): true
        default: false
        }
    }

    /// Why an RSA key protects nothing; nil for a sound one and for other kinds of keys.
    ///
    /// With an exponent of 1 every message is its own signature; an even exponent or modulus is never the result of generating a key.
    var defect: String? {
        guard case .rsa = family else { return nil }
        guard let modulus = number("n"), let exponent = number("e") else { return "an RSA key without n and e" }
        guard let low = exponent.last, low & 1 == 1, exponent != [1] else {
            return "an RSA key whose public exponent is even or 1; use 65537"
        }
        guard exponent.count <= 8 else { return "an RSA key whose public exponent has more than 64 bits; use 65537" }
        guard modulus.last.map({ $0 & 1 == 1 }) ?? false else { return "an RSA key with an even modulus" }
        return hasSmallFactor ? Self.factored : nil
    }

    static let factored = "an RSA key whose modulus anybody can factor; generate another one"

    /// Whether the modulus of an RSA key has a factor that is found at once.
    private var hasSmallFactor: Bool {
        var modulus: OpaquePointer?
        guard EVP_PKEY_get_bn_param(pointer, "n", &modulus) == 1, let modulus else { return false }
        defer { BN_free(modulus) }
        return Self.smallPrimes.contains { BN_mod_word(modulus, $0) == 0 }
    }

    private static let smallPrimes: [UInt] = (3..<1000).filter { number in
        !(2..<number).prefix { $0 * $0 <= number }.contains { number.isMultiple(of: $0) }
    }

    /// Whether the modulus of an RSA key is a prime, a power of one, or has a small factor (SP 800-56B section 6.4.2.2). Takes some milliseconds; for 8192
    /// bits 0.1 s.
    var isFactored: Bool {
        guard case .rsa = family, let context = EVP_PKEY_CTX_new(pointer, nil) else { return false }
        defer {
            EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_PKEY_public_check(context) != 1
    }

    /// A big number of the key as big-endian octets, padded to `size`; nil when the key has none of that name.
    func number(_ name: String, size: Int? = nil) -> [UInt8]? {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number else { return nil }
        defer { BN_clear_free(number) }
        let count = size ?? (Int(BN_num_bits(number)) + 7) / 8
        var out = [UInt8](repeating: 0, count: count)
        return BN_bn2binpad(number, &out, Int32(count)) >= 0 ? out : nil
    }

    var rawPublicKey: [UInt8]? {
        var count = 32
        var out = [UInt8](repeating: 0, count: count)
        return EVP_PKEY_get_raw_public_key(pointer, &out, &count) == 1 ? out : nil
    }
}
