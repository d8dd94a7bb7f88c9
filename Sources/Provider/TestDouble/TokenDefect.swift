/// What can be wrong with a token that is minted to be rejected. A defect is only in what is returned: the server's checks are the same for it.
public enum TokenDefect: String, Sendable, CaseIterable {
    case expired
    case notYetValid = "not-yet-valid"
    case wrongIssuer = "wrong-issuer"
    case wrongKey = "wrong-key"
    case unknownKeyID = "unknown-kid"
    case algorithmNone = "alg-none"
    case tampered
    case revoked
    case otherProject = "other-project"
    case noAudience = "no-audience"
    case superseded
    case userInactiveAfterIssue = "user-inactive-after-issue"

    /// Whether only a JWT can have it.
    public var needsJWT: Bool {
        switch self {
        case .notYetValid, .wrongIssuer, .wrongKey, .unknownKeyID, .algorithmNone: true
        case .expired, .tampered, .revoked, .otherProject, .noAudience, .superseded, .userInactiveAfterIssue: false
        }
    }
}
