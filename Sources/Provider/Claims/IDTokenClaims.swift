import Encodings
import Model

/// The claims of an ID token (OpenID Connect Core sections 2 and 3.1.3.6).
struct IDTokenClaims {
    let issuer: String
    let token: TokenRecord
    let request: TokenIssuer.IssueRequest
    /// Seconds.
    let lifetime: Int64
    /// `at_hash`; nil when no access token is issued with it.
    let accessTokenHash: String?
    /// Members that the app asks for with `idTokenUserinfoAssertion`.
    let profile: JSONObject
    /// Claims that no standard has.
    let extra: JSONObject

    var set: ClaimSet {
        let skew = request.clockSkew
        let clientID = request.clientID(of: token)
        var claims: JSONObject = [
            "iss": .string(issuer), "sub": .string(token.userID),
            "aud": .strings(token.audience + (token.audience.contains(clientID) ? [] : [clientID])),
            "exp": .integer(token.creation + lifetime + skew), "iat": .integer(token.creation - skew),
        ]
        if token.authTime != 0 { claims.append("auth_time", .integer(token.authTime - skew)) }
        claims.append("nonce", ifNotEmpty: request.nonce)
        if !token.amr.isEmpty { claims.append("amr", .strings(token.amr)) }
        claims.append("azp", .string(clientID))
        claims.append("client_id", .string(clientID))
        if let actor = token.actor { claims.append("act", .object(actor)) }
        claims.append("at_hash", ifNotEmpty: accessTokenHash)
        claims.append("sid", ifNotEmpty: token.sessionID)
        claims.members += profile.members
        return ClaimSet(standard: claims, extra: extra)
    }
}
