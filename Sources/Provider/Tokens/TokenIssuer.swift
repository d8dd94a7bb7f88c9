public import Encodings
import JOSE
import Model
import OAuth

/// What a token request is answered with.
public struct TokenResponse: Sendable {
    public let json: JSONObject
    public let warnings: [Warning]
}

/// Issues tokens to service users: ids and times from the effects, claims from the claim sources, a signature or an opaque value, a row.
struct TokenIssuer {
    let instance: Instance
    let directory: Directory
    let issuer: String
    let now: Moment

    /// What a grant found out.
    struct Order {
        let user: User
        let scopes: [String]
        /// How the user authenticated (RFC 8176); empty leaves the claim out.
        let amr: [String]
        /// Whether an ID token lives as long as it should: for some grants the real server makes it end at once.
        let idTokenLives: Bool
    }

    /// - Throws: `StorageError`, `CryptographyFailure`
    func issue(_ order: Order) throws -> JSONObject {
        let user = order.user
        let issuedAt = now.seconds
        let lifetimes = instance.settings.lifetimes
        let id = "V2_\(instance.effects.newID())-at_\(instance.effects.newID())"
        var token = TokenRecord(
            id: id, digest: tokenDigest(id), userID: user.id, clientID: user.userName,
            scopes: order.scopes,
            audience: Scope.audience(of: order.scopes, instanceProject: instance.settings.projectID), amr: order.amr,
            authTime: issuedAt, creation: issuedAt, expiration: issuedAt + lifetimes.accessToken.count)
        let extra = extraClaims(order)
        let text: String
        if user.machine?.accessTokenType == .jwt {
            text = try accessTokenJWT(token, extra)
        } else {
            text = OpaqueToken.make(
                instance.opaqueTokenFormat, plaintextSize: token.id.utf8.count + 1 + user.id.utf8.count,
                namesKey: false,
                randomBytes: instance.effects.randomBytes)
            token.digest = tokenDigest(text)
        }
        try instance.storage.insert(token)
        var response: JSONObject = [
            "access_token": .string(text), "token_type": .string("Bearer"),
            // Whole seconds that are left; by the time the answer is written the first one has begun.
            "expires_in": .integer(lifetimes.accessToken.count - 1),
        ]
        if order.scopes.contains(Scope.openID) {
            response.append(
                "id_token", .string(try idToken(token, accessToken: text, lives: order.idTokenLives, extra)))
        }
        return response
    }

    private func extraClaims(_ order: Order) -> JSONObject {
        var extra = UserClaims(directory: directory, user: order.user).extra(order.scopes)
        let roles = RoleClaims(directory: directory, user: order.user, scopes: order.scopes)
        extra.members += roles.ofAudience(instanceProject: instance.settings.projectID).members
        return extra
    }

    private func sign(_ claims: ClaimSet) throws -> String {
        let key = try instance.keyRing.active()
        return try CompactJWS.sign(claims.json, by: key.privateKey, algorithm: key.algorithm, keyID: key.id)
    }

    private func accessTokenJWT(_ token: TokenRecord, _ extra: JSONObject) throws -> String {
        try sign(
            ClaimSet(
                standard: [
                    "iss": .string(issuer), "sub": .string(token.userID),
                    // A JWT without an audience names its client; what is stored stays empty, so nobody's introspection is fooled.
                    "aud": .strings(token.audience.isEmpty ? [token.clientID] : token.audience),
                    "exp": .integer(token.expiration), "iat": .integer(token.creation), "nbf": .integer(token.creation),
                    "client_id": .string(token.clientID), "jti": .string(token.id),
                ], extra: extra))
    }

    private func idToken(_ token: TokenRecord, accessToken: String, lives: Bool, _ extra: JSONObject) throws -> String {
        let lifetime = lives ? instance.settings.lifetimes.idToken.count : 0
        var claims: JSONObject = [
            "iss": .string(issuer), "sub": .string(token.userID),
            "aud": .strings(token.audience + (token.audience.contains(token.clientID) ? [] : [token.clientID])),
            "exp": .integer(token.creation + lifetime), "iat": .integer(token.creation),
            "auth_time": .integer(token.authTime),
        ]
        if !token.amr.isEmpty { claims.append("amr", .strings(token.amr)) }
        claims.append("azp", .string(token.clientID))
        claims.append("client_id", .string(token.clientID))
        // OpenID Connect Core section 3.1.3.6: the left half of the hash of the access token.
        let hash = try instance.keyRing.active().algorithm.halfHashDigest.hash(Array(accessToken.utf8))
        claims.append("at_hash", .string(Base64.urlEncoded(hash.prefix(hash.count / 2))))
        return try sign(ClaimSet(standard: claims, extra: extra))
    }
}
