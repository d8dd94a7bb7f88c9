import Encodings
import Model

/// The claims of an access token that is a JWT (RFC 9068 without its `typ`).
struct AccessTokenClaims {
    let issuer: String
    let token: TokenRecord
    let request: TokenIssuer.IssueRequest
    /// Claims that no standard has.
    let extra: JSONObject

    var set: ClaimSet {
        let skew = request.clockSkew
        let clientID = request.clientID(of: token)
        var claims: JSONObject = [
            "iss": .string(issuer), "sub": .string(token.userID),
            // A JWT without an audience names its client; what is stored stays empty, so introspection does not accept it from others.
            "aud": .strings(token.audience.isEmpty ? [clientID] : token.audience),
            "exp": .integer(token.expiration + skew), "iat": .integer(token.creation - skew),
            "nbf": .integer(token.creation - skew), "client_id": .string(clientID), "jti": .string(token.id),
        ]
        if let actor = token.actor { claims.append("act", .object(actor)) }
        return ClaimSet(standard: claims, extra: extra)
    }
}
