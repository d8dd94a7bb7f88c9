import Crypto
import Encodings
import Model
import OAuth
import Storage

/// RFC 6749 section 4.1.3
struct AuthorizationCodeGrant: ClientGrant {
    let type = GrantType.authorizationCode

    func exchange(_ context: RequestContext, client: Client) throws -> JSONObject {
        let code = context.snapshot.opaqueTokenFormat.canonical(try context.required("code"))
        let redirectURI = try context.required("redirect_uri")
        let digest = tokenDigest(code)
        let issued = try issuedCode(code, digest: digest, context)
        let request = issued.request
        try context.check(client, mayUse: "code", of: request.clientID, .codeOfOtherClient, .codeOfOtherClient)
        guard try context.storage.session(id: issued.authentication.sessionID) != nil else {
            throw Rejection(.sessionTerminated, "the user signed out before the code was redeemed")
        }
        _ = try context.activeUser(issued.authentication.userID)
        try checkVerifier(request, client, context)
        guard redirectURI.hasSameBytes(as: request.redirectURI) else {
            throw Rejection(
                .redirectURIDiffers,
                "redirect_uri is \"\(redirectURI.truncated)\"; the code was sent to \"\(request.redirectURI.truncated)\""
            )
        }
        let json = try context.issue(
            issued.authentication, to: client, scopes: request.scopes, nonce: request.nonce,
            clientID: request.clientID, redeeming: .code(digest))
        guard let json else { throw used }
        return json
    }

    private let used = Rejection(
        .codeUsed, "the code was used before; each works once. Sign in again for another one")

    private func issuedCode(_ code: String, digest: [UInt8], _ context: RequestContext) throws -> IssuedCode {
        guard let issued = try context.storage.issuedCode(digest: digest) else {
            let mistake = try context.mistake(in: code).map { "\($0); send the parameter code of the redirect" }
            guard try !isOtherToken(digest, context) else {
                throw Rejection(.codeUsed, "the code \(mistake ?? "is another token of this server")")
            }
            switch try context.storage.removedToken(digest: digest) {
            case .usedCode: throw used
            case .code: throw Rejection(.userNotActive, "the user of the code was removed")
            case .accessToken, .refreshToken, nil: break
            }
            // The real server decrypts codes. Under AES-CFB, base64url of at least a cipher block becomes the name of something unknown.
            let bytes = Base64.urlDecoded(Array(code.utf8)) ?? []
            throw Rejection(
                bytes.count >= 16 ? .codeUnknown : .codeInvalid,
                "the code \(mistake ?? "is unknown: it is cut or altered, is older than a day, or of another database")"
            )
        }
        context.note(userID: issued.authentication.userID)
        guard !issued.isRedeemed else { throw used }
        guard context.now.seconds < issued.expiration else {
            throw Rejection(
                .codeExpired,
                "the code expired \(context.now.seconds - issued.expiration) s ago; codes live \(context.settings.lifetimes.authorizationCode.text)"
            )
        }
        return issued
    }

    /// Whether it is an opaque token that is not a code: the real server can decrypt it, and finds no code under its id.
    private func isOtherToken(_ digest: [UInt8], _ context: RequestContext) throws -> Bool {
        try context.resourceIndex.personalAccessToken(digest: digest) != nil
            || context.storage.token(digest: digest) != nil || context.storage.refreshToken(digest: digest) != nil
    }

    /// RFC 7636 section 4.6. The real server ignores a verifier without a challenge, unless the app has neither secret nor key.
    private func checkVerifier(
        _ request: AuthRequest, _ client: Client, _ context: RequestContext
    ) throws(Rejection) {
        let verifier = context.form.last("code_verifier") ?? ""
        switch PKCE.verify(verifier, against: request.codeChallenge) {
        case .verified: return
        case .unexpected:
            guard client.app.authMethod != .none || !context.behavior.rejectsUnexpectedVerifier else {
                throw Rejection(
                    .verifierUnexpected,
                    "code_verifier was sent, but the authorization request had no code_challenge; send both or neither")
            }
            context.trace.warn(
                .verifierWithoutChallenge,
                "code_verifier was sent, but the authorization request had no code_challenge: there is no PKCE here")
        case .missing:
            throw Rejection(
                .verifierMissing,
                "code_verifier is missing; the authorization request had a code_challenge (\(request.codeChallengeMethod.rawValue))\(context.misspelling(of: "code_verifier"))"
            )
        case .wrong:
            let rule =
                request.codeChallengeMethod == .s256
                ? "does not fit the code_challenge: that must be the unpadded base64url of the verifier's SHA-256"
                : "is not the code_challenge, with which it is compared as it is (code_challenge_method is not S256)"
            throw Rejection(.verifierWrong, "code_verifier \(request.mistake(ofVerifier: verifier) ?? rule)")
        }
    }
}
