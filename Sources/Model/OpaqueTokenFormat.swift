/// The form of opaque tokens.
public enum OpaqueTokenFormat: String, Sendable, CaseIterable {
    /// Five segments, as servers of 2026 make them.
    case jwe
    /// One run of base64url.
    case classic
}
