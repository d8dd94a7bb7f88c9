/// The form of opaque tokens.
public enum OpaqueTokenFormat: String, Sendable, CaseIterable {
    /// Five segments, as servers of 2026 make them.
    case jwe
    /// One run of base64url.
    case classic

    /// That of a server version, unless settings say another.
    public init(of version: ServerVersion) {
        switch version {
        case .v2_71, .v3_4, .v4_13: self = .classic
        case .of2026July: self = .jwe
        }
    }
}
