/// The grant types that an OpenID Connect app may have.
public enum OIDCGrantType: String, Sendable, CaseIterable {
    case authorizationCode = "authorization_code"
    /// Tokens from the authorization endpoint; no grant of the token endpoint.
    case implicit
    case refreshToken = "refresh_token"
    case deviceCode = "urn:ietf:params:oauth:grant-type:device_code"
    case tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange"

    /// A short spelling that seeds may use; nil where the value is short itself.
    public var alias: String? {
        switch self {
        case .authorizationCode, .implicit, .refreshToken: nil
        case .deviceCode: "device_code"
        case .tokenExchange: "token_exchange"
        }
    }
}
