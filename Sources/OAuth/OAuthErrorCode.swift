/// The error codes that clients meet: of OAuth 2.0 (RFC 6749 sections 4.1.2.1 and 5.2), bearer tokens (RFC 6750 section 3.1), revocation (RFC 7009
/// section 2.2.1), the device flow (RFC 8628 section 3.5), token exchange (RFC 8693 section 2.2.2) and OpenID Connect (Core section 3.1.2.6).
///
/// Some are sent only when a test asks for them.
public enum OAuthErrorCode: String, Sendable, CaseIterable {
    case accessDenied = "access_denied"
    case accountSelectionRequired = "account_selection_required"
    case authorizationPending = "authorization_pending"
    case consentRequired = "consent_required"
    case expiredToken = "expired_token"
    case insufficientScope = "insufficient_scope"
    case interactionRequired = "interaction_required"
    case invalidClient = "invalid_client"
    case invalidGrant = "invalid_grant"
    case invalidRequest = "invalid_request"
    case invalidRequestObject = "invalid_request_object"
    case invalidRequestURI = "invalid_request_uri"
    case invalidScope = "invalid_scope"
    case invalidTarget = "invalid_target"
    case invalidToken = "invalid_token"
    case loginRequired = "login_required"
    case requestNotSupported = "request_not_supported"
    case requestURINotSupported = "request_uri_not_supported"
    case serverError = "server_error"
    case slowDown = "slow_down"
    case temporarilyUnavailable = "temporarily_unavailable"
    case unauthorizedClient = "unauthorized_client"
    case unsupportedGrantType = "unsupported_grant_type"
    case unsupportedResponseType = "unsupported_response_type"
    case unsupportedTokenType = "unsupported_token_type"
}
