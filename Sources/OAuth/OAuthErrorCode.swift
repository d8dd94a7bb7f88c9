/// The error codes that are sent: of OAuth 2.0 (RFC 6749 sections 4.1.2.1 and 5.2), bearer tokens (RFC 6750 section 3.1), the device flow (RFC 8628
/// section 3.5), token exchange (RFC 8693 section 2.2.2) and OpenID Connect (Core section 3.1.2.6).
public enum OAuthErrorCode: String, Sendable, CaseIterable {
    case accessDenied = "access_denied"
    case authorizationPending = "authorization_pending"
    case expiredToken = "expired_token"
    case invalidClient = "invalid_client"
    case invalidGrant = "invalid_grant"
    case invalidRequest = "invalid_request"
    case invalidRequestObject = "invalid_request_object"
    case invalidScope = "invalid_scope"
    case invalidTarget = "invalid_target"
    case invalidToken = "invalid_token"
    case loginRequired = "login_required"
    case serverError = "server_error"
    case temporarilyUnavailable = "temporarily_unavailable"
    case unauthorizedClient = "unauthorized_client"
    case unsupportedGrantType = "unsupported_grant_type"
}
