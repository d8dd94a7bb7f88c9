/// What can be wrong with an assertion that is minted to be rejected.
public enum AssertionDefect: String, Sendable, CaseIterable {
    case expired
    case tooOld = "too-old"
    case fromTheFuture = "from-the-future"
    case wrongAudience = "wrong-audience"
    case wrongIssuer = "wrong-issuer"
    case subjectDiffers = "sub-differs"
    case wrongKey = "wrong-key"
    case unknownKeyID = "unknown-kid"
    case noKeyID = "no-kid"
    case hs256
    case algorithmNone = "alg-none"
    case tampered
    case noIssuedAt = "no-iat"
    case noExpiration = "no-exp"
}
