/// What is kept of something that was issued to a user who was removed: enough to answer for it as the real server does, which removes no tokens.
public enum RemovedToken: String, Sendable, CaseIterable {
    /// An access token of a user who was removed with the organization.
    case accessToken = "access_token"
    /// A refresh token that could still be used.
    case refreshToken = "refresh_token"
    /// A code that nobody had redeemed.
    case code
    case usedCode = "used_code"
}
