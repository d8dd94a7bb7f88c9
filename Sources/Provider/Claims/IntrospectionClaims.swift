import Encodings
import JOSE
import Model
import OAuth

/// What introspection says of an active token (RFC 7662 section 2.2).
struct IntrospectionClaims {
    let resourceIndex: ResourceIndex
    let issuer: String
    let token: ActiveToken
    /// Who asks.
    let client: Client

    var json: JSONObject {
        var scopes = token.scopes
        var claims = ClaimSet(standard: JSONObject(capacity: 32))
        claims.standard.append("active", .bool(true))
        switch token {
        case .session(let token, _): append(token, to: &claims.standard)
        case .personal(let token, _):
            scopes = token.scopes(for: client)
            append(token, scopes, to: &claims.standard)
        }
        if scopes.contains(Scope.profile) {
            claims.standard.append("username", .string(resourceIndex.preferredLoginName(of: token.user)))
        }
        if case .session(let token, _) = token, let actor = token.actor {
            claims.standard.append("act", .object(actor))
        }
        claims.standard.members +=
            ProfileClaims(resourceIndex: resourceIndex, user: token.user, scopes: scopes).json.members
        claims.extra = ClaimSource.claims(
            ClaimRequest(
                resourceIndex: resourceIndex, user: token.user, scopes: scopes, roles: .project(id: client.project.id)))
        if case .session(let token, _) = token { claims.extra = claims.extra.replacing(token.extraClaims) }
        return claims.json
    }

    private func append(_ token: TokenRecord, to claims: inout JSONObject) {
        claims.append("scope", ifNotEmpty: token.scopes.joined(separator: " "))
        claims.append("client_id", .string(token.clientID))
        claims.append("token_type", .string("Bearer"))
        claims.append("exp", .integer(token.expiration))
        claims.append("iat", .integer(token.creation))
        if token.authTime != 0 { claims.append("auth_time", .integer(token.authTime)) }
        claims.append("nbf", .integer(token.creation))
        claims.append("sub", .string(token.userID))
        claims.append("aud", .strings(token.audience))
        if !token.amr.isEmpty { claims.append("amr", .strings(token.amr)) }
        claims.append("iss", .string(issuer))
        claims.append("jti", .string(token.id))
    }

    private func append(_ token: PersonalAccessToken, _ scopes: [String], to claims: inout JSONObject) {
        claims.append("scope", ifNotEmpty: scopes.joined(separator: " "))
        claims.append("token_type", .string("Bearer"))
        claims.append("exp", .integer(token.expiration))
        claims.append("iat", .integer(token.creation))
        claims.append("nbf", .integer(token.creation))
        claims.append("sub", .string(token.userID))
        claims.append("aud", .strings(client.ownAudience))
        claims.append("iss", .string(issuer))
        claims.append("jti", .string(token.id))
    }
}
