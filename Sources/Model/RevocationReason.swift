/// What ends a token before it expires.
public enum RevocationReason: String, Sendable, CaseIterable {
    case revoked
    /// Its user was deactivated, locked or removed; a user who comes back needs a new token.
    case userInactive = "user_inactive"
    /// A refresh issued a newer one.
    case superseded
    /// Its login session ended.
    case sessionTerminated = "session_terminated"
}
