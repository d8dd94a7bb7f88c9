import Model

/// A token that is genuine and active, independent of who may see it.
enum ActiveToken: Sendable {
    /// An access token that was issued here.
    case session(TokenRecord, User)
    case personal(PersonalAccessToken, User)

    /// The `jti`.
    var id: String {
        switch self {
        case .session(let record, _): record.id
        case .personal(let token, _): token.id
        }
    }

    var user: User {
        switch self {
        case .session(_, let user), .personal(_, let user): user
        }
    }

    var scopes: [String] {
        switch self {
        case .session(let record, _): record.scopes
        case .personal(let token, _): token.scopes
        }
    }
}
