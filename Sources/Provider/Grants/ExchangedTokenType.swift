import Model
import OAuth

/// The token types of RFC 8693 section 3 that ZITADEL knows, and its own one for a bare user id.
enum ExchangedTokenType: String, CaseIterable {
    case accessToken = "urn:ietf:params:oauth:token-type:access_token"
    case refreshToken = "urn:ietf:params:oauth:token-type:refresh_token"
    case idToken = "urn:ietf:params:oauth:token-type:id_token"
    case jwt = "urn:ietf:params:oauth:token-type:jwt"
    case userID = "urn:zitadel:params:oauth:token-type:user_id"
}
