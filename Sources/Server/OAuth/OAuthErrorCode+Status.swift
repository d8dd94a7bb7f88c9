import Model
import OAuth

extension OAuthErrorCode {
    /// The HTTP status of an error response with this code, unless the server sends another one in a special case.
    func status(in dialect: Dialect) -> Int {
        switch self {
        case .serverError: 500
        case .temporarilyUnavailable: 503
        case .invalidToken: 401
        case .invalidClient: dialect == .documented ? 401 : 400
        case .insufficientScope: 403
        case .accessDenied, .accountSelectionRequired, .authorizationPending, .consentRequired, .expiredToken,
            .interactionRequired, .invalidGrant, .invalidRequest, .invalidRequestObject, .invalidRequestURI,
            .invalidScope, .invalidTarget, .loginRequired, .requestNotSupported, .requestURINotSupported, .slowDown,
            .unauthorizedClient, .unsupportedGrantType, .unsupportedResponseType, .unsupportedTokenType:
            400
        }
    }
}
