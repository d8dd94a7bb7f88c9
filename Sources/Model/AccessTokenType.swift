/// The form in which an app or a service user gets its access tokens.
public enum AccessTokenType: String, Sendable, CaseIterable {
    /// opaque
    case bearer
    case jwt
}
