/// What ends a refresh token before it expires.
public enum RefreshTokenEndReason: String, Sendable, CaseIterable {
    /// It was used, and another one was issued for it.
    case rotated
    case revoked
}
