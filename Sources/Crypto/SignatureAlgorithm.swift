/// JWS signature algorithms (RFC 7518 section 3.1, RFC 8037) that this server supports. There is no `none` and no HMAC.
public enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// The digest that the algorithm signs; nil for EdDSA, which hashes for itself.
    var digest: Digest? {
        switch self {
        case .rs256, .ps256, .es256: .sha256
        case .rs384, .es384: .sha384
        case .rs512, .es512: .sha512
        case .edDSA: nil
        }
    }

    /// The digest of `at_hash` (OpenID Connect Core section 3.1.3.6): that of the signature, SHA-512 for Ed25519.
    public var halfHashDigest: Digest { digest ?? .sha512 }

    /// Octets of one coordinate of a raw ECDSA signature (RFC 7518 section 3.4); nil for other families.
    var coordinateSize: Int? {
        switch self {
        case .es256: 32
        case .es384: 48
        case .es512: 66
        default: nil
        }
    }

    var isPSS: Bool { self == .ps256 }
}
