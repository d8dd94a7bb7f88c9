public import Crypto
public import Encodings
import JOSE

/// Makes client assertions and JWT bearer assertions, good ones and others.
public struct AssertionMinter {
    /// Which assertion is wanted.
    public struct Request: Sendable {
        /// `iss` and `sub`: a client id or a user id.
        public var subject: String
        public var keyID: String
        public var key: PrivateKey
        public var algorithm: SignatureAlgorithm
        /// The issuer by default.
        public var audience: [String]?
        /// Seconds from now; negative for the past.
        public var issuedAt: Int64 = 0
        /// Seconds from `issuedAt`.
        public var expiresIn: Int64 = 3600
        /// Added or replaced; null removes a claim.
        public var claims = JSONObject()
        public var defect: AssertionDefect?

        public init(subject: String, keyID: String, key: PrivateKey, algorithm: SignatureAlgorithm) {
            self.subject = subject
            self.keyID = keyID
            self.key = key
            self.algorithm = algorithm
        }
    }

    private let issuer: String
    private let now: Int64

    public init(_ context: RequestContext) {
        issuer = context.issuer
        now = context.now.seconds
    }

    /// - Throws: `CryptographyFailure`
    public func mint(_ request: Request) throws -> String {
        let issuedAt = now.saturatingAdding(request.issuedAt)
        let audience = request.audience ?? [issuer]
        let claims: JSONObject = [
            "iss": .string(request.subject), "sub": .string(request.subject),
            "aud": audience.count == 1 ? .string(audience[0]) : .strings(audience), "iat": .integer(issuedAt),
            "exp": .integer(issuedAt.saturatingAdding(request.expiresIn)),
        ]
        let header: JSONObject = [
            "alg": .string(request.algorithm.rawValue), "kid": .string(request.keyID), "typ": .string("JWT"),
        ]
        var builder = JWSBuilder(header: header, claims: claims)
        if let defect = request.defect { apply(defect, to: &builder) }
        builder.claims = builder.claims.replacing(request.claims)
        switch request.defect {
        case .algorithmNone: return builder.unsigned
        case .hs256:
            // Signed with the public key as the secret, the attack that closed algorithm lists stop.
            return builder.unsigned + Base64.urlEncoded(Digest.sha256.hash(Array(request.key.publicKey.pem.utf8)))
        case .wrongKey:
            let other = try WrongKeys.key(for: request.algorithm)
            return try builder.signed(by: other, algorithm: request.algorithm)
        case .tampered:
            let text = try builder.signed(by: request.key, algorithm: request.algorithm)
            return Tampering.changed(text, claim: "jti", to: .string("tampered"))
        default: return try builder.signed(by: request.key, algorithm: request.algorithm)
        }
    }

    private func apply(_ defect: AssertionDefect, to builder: inout JWSBuilder) {
        let change: JSONObject =
            switch defect {
            case .expired: ["iat": .integer(now - 120), "exp": .integer(now - 60)]
            case .tooOld: ["iat": .integer(now - AssertionVerifier.maximumAge - 60), "exp": .integer(now + 60)]
            case .fromTheFuture: ["iat": .integer(now + 300), "exp": .integer(now + 3600)]
            case .wrongAudience: ["aud": .string("https://other.example")]
            case .wrongIssuer: ["iss": .string("999999999999999999"), "sub": .string("999999999999999999")]
            case .subjectDiffers: ["sub": .string("999999999999999999")]
            case .noIssuedAt: ["iat": .null]
            case .noExpiration: ["exp": .null]
            case .wrongKey, .unknownKeyID, .noKeyID, .hs256, .algorithmNone, .tampered: [:]
            }
        builder.claims = builder.claims.replacing(change)
        switch defect {
        case .unknownKeyID: builder.header = builder.header.replacing(["kid": .string("999999999999999999")])
        case .noKeyID: builder.header = builder.header.replacing(["kid": .null])
        case .hs256: builder.header = builder.header.replacing(["alg": .string("HS256")])
        case .algorithmNone: builder.header = builder.header.replacing(["alg": .string("none")])
        default: break
        }
    }
}
