import Crypto
import Encodings
import Model
import OAuth
import Storage

/// RFC 6749 section 6, with rotation: each refresh token works once.
struct RefreshTokenGrant: ClientGrant {
    let type = GrantType.refreshToken

    func exchange(_ context: RequestContext, client: Client) throws -> JSONObject {
        let text = context.snapshot.opaqueTokenFormat.canonical(try context.required("refresh_token"))
        let refresh = try active(text, context)
        let old = refresh.accessToken
        try context.check(
            client, mayUse: "refresh token", of: old.clientID, .refreshTokenOfOtherClient, .refreshTokenOfOtherClient)
        try checkScope(old.scopes, context)
        let user = try context.activeUser(old.userID)
        let issueRequest = TokenIssuer.IssueRequest(
            user: user, client: client, scopes: old.scopes, audience: old.audience, amr: old.amr,
            authTime: old.authTime, sessionID: old.sessionID, nonce: refresh.nonce, actor: old.actor,
            form: client.app.oidc?.accessTokenType ?? .bearer, clientID: old.clientID, refreshing: refresh,
            wantsRefreshToken: true)
        guard let issued = try context.tokenIssuer.redeem(.refreshToken(refresh), for: issueRequest) else {
            throw rotated
        }
        return issued.json
    }

    private let rotated = Rejection(
        .refreshTokenRotated,
        "the refresh token was used before: each works once; send the newest one, which came with the response to the last refresh"
    )

    private func active(_ text: String, _ context: RequestContext) throws -> RefreshTokenRecord {
        let digest = tokenDigest(text)
        guard let refresh = try context.storage.refreshToken(digest: digest) else {
            guard try context.storage.removedToken(digest: digest) != .refreshToken else {
                throw Rejection(.userNotActive, "the user of the refresh token was removed")
            }
            let mistake = try context.mistake(in: text).map { "\($0); send the refresh_token of a token response" }
            throw Rejection(
                .refreshTokenInvalid,
                "the refresh token \(mistake ?? "was not issued by this server: it may be cut or altered, or come from another database")"
            )
        }
        context.note(userID: refresh.accessToken.userID)
        switch refresh.endReason {
        case .rotated: throw rotated
        case .revoked: throw Rejection(.refreshTokenRevoked, "the refresh token was revoked")
        case nil: break
        }
        let now = context.now.seconds
        let lifetimes = context.settings.lifetimes
        guard now < refresh.idleExpiration else {
            throw Rejection(
                .refreshTokenExpired,
                "the refresh token was not used for \(lifetimes.refreshTokenIdle.text) (lifetimes.refreshTokenIdle)")
        }
        guard now < refresh.expiration else {
            throw Rejection(
                .refreshTokenExpired,
                "the sign-in is over \(lifetimes.refreshToken.text) old (lifetimes.refreshToken); sign in again")
        }
        return refresh
    }

    /// What is asked for must have been granted. It does not make the tokens smaller: the real server continues with all that was granted.
    private func checkScope(_ granted: [String], _ context: RequestContext) throws(Rejection) {
        guard let parameter = context.form.last("scope") else { return }
        let requested = Scope.split(parameter)
        let known = granted.exactStrings
        guard requested.allSatisfy({ known.contains($0) }) else {
            throw Rejection(
                .scopeNotGranted,
                "scope is \"\(parameter.truncated)\"; granted was \"\(granted.joined(separator: " ").truncated)\"")
        }
        guard Set(requested) != Set(granted) else { return }
        context.trace.warn(
            .scopeNotNarrowed, "ZITADEL continues with all scopes that were granted, however few a refresh asks for")
    }
}
