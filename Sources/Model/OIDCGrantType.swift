public import OAuth

/// The grant types that an OpenID Connect app may have. Their values are those of `grant_type`.
public enum OIDCGrantType: Sendable, CaseIterable, RawRepresentable {
    case authorizationCode
    /// Tokens from the authorization endpoint; no grant of the token endpoint.
    case implicit
    case refreshToken, deviceCode, tokenExchange

    /// nil for a grant that the token endpoint does not know.
    public var grantType: GrantType? {
        switch self {
        case .authorizationCode: .authorizationCode
        case .implicit: nil
        case .refreshToken: .refreshToken
        case .deviceCode: .deviceCode
        case .tokenExchange: .tokenExchange
        }
    }

    public var rawValue: String { grantType?.rawValue ?? "implicit" }

    public init?(rawValue: String) {
        guard let type = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = type
    }

    /// A short spelling that seeds may use; nil where the value is short itself.
    public var alias: String? {
        switch self {
        case .authorizationCode, .implicit, .refreshToken: nil
        case .deviceCode: "device_code"
        case .tokenExchange: "token_exchange"
        }
    }
}
