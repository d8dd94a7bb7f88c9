/// Claims that the server itself sets in tokens and answers (RFC 7519 section 4.1, RFC 7662 section 2.2, OpenID Connect Core section 2). Others of these names
/// would be lost.
public enum ReservedClaim: String, Sendable, CaseIterable {
    case active
    case authenticationMethods = "amr"
    case audience = "aud"
    case authenticationTime = "auth_time"
    case authorizedParty = "azp"
    case clientID = "client_id"
    case expiration = "exp"
    case issuedAt = "iat"
    case issuer = "iss"
    case tokenID = "jti"
    case notBefore = "nbf"
    case scope
    case subject = "sub"
    case tokenType = "token_type"
    case userName = "username"
}
