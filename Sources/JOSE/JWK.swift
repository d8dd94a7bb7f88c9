public import Crypto
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

    /// The members that a key of its type must have.
    private var parameters: JSONObject {
        func text(_ bytes: [UInt8]) -> JSON { .string(Base64.urlEncoded(bytes)) }
        switch numbers {
        case .rsa(let n, let e): return ["kty": .string("RSA"), "n": text(n), "e": text(e)]
        case .ec(let curve, let x, let y):
            return ["kty": .string("EC"), "crv": .string(curve), "x": text(x), "y": text(y)]
        case .ed25519(let x): return ["kty": .string("OKP"), "crv": .string("Ed25519"), "x": text(x)]
        case nil: return [:]
        }
    }

    /// Reads a JWK of type RSA, EC or OKP (Ed25519). nil when a member is missing, or the point is not on the curve. An RSA key may be
    /// unsound; see `rejectionReason`.
    public init?(jwk: JSONObject) {
        func bytes(_ name: String) -> [UInt8]? { jwk[name]?.string.flatMap { Base64.urlDecoded(Array($0.utf8)) } }
        switch (jwk["kty"]?.string, jwk["crv"]?.string) {
        case ("RSA", _):
            guard let n = bytes("n"), let e = bytes("e") else { return nil }
            self.init(.rsa(modulus: n, exponent: e))
        case ("EC", let curve?):
            guard let x = bytes("x"), let y = bytes("y") else { return nil }
            self.init(.ec(curve: curve, x: x, y: y))
        case ("OKP", "Ed25519"):
            guard let x = bytes("x") else { return nil }
            self.init(.ed25519(x))
        default: return nil
        }
    }
}
