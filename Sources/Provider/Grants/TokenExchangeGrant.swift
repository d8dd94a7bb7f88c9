import Encodings
import JOSE
import Model
import OAuth

/// RFC 8693: another token for a token, and impersonation.
struct TokenExchangeGrant: ClientGrant {
    let type = GrantType.tokenExchange

    func exchange(_ context: RequestContext, client: Client) throws -> JSONObject {
        let form = context.form
        let subjectText = try context.required("subject_token")
        let subjectTypeText = try context.required("subject_token_type")
        let subjectType = try type(subjectTypeText, "subject_token_type")
        let requestedType = try form.last("requested_token_type").flatMap { try type($0, "requested_token_type") }
        let actorType = try form.last("actor_token_type").flatMap { try type($0, "actor_token_type") }
        guard form.all("resource").isEmpty else {
            throw Rejection(
                .resourceUnsupported, "ZITADEL knows no resource parameter; send audience with a client or project id")
        }
        let reader = ExchangedTokenReader(context: context, client: client)
        let subject: ExchangedToken
        do {
            subject = try reader.read(subjectText, subjectType, allowed: ExchangedTokenType.allCases)
        } catch let rejection as Rejection { throw rejection.renamed(.subjectTokenInvalid, "subject_token") }
        var actor: ExchangedToken?
        let actorText = form.last("actor_token") ?? ""
        if subjectType == .userID || subjectType == .jwt || !actorText.isEmpty {
            guard context.settings.impersonation else {
                throw Rejection(
                    .impersonationOff,
                    "impersonation is off; set instance.impersonation to true in the seed")
            }
            // The request is about the subject, regardless of the actor.
            let user = context.trace.user
            defer { context.trace.user = user }
            do {
                actor = try reader.read(actorText, actorType, allowed: [.accessToken, .idToken, .refreshToken])
            } catch let rejection as Rejection { throw rejection.renamed(.actorTokenInvalid, "actor_token") }
        }
        let request = ExchangeRequest(
            requestedAudience: form.all("audience"), requestedScopes: Scope.split(form.last("scope") ?? ""),
            subject: subject, actor: actor, isBounded: context.behavior.exchangeIsBounded)
        let audience = try request.audience()
        let policy = ScopePolicy(of: client.project, context.snapshot)
        let (requested, lax) = try request.scopes()
        if let lax { context.warnOfOldExchange(lax) }
        let scopes = policy.filter(requested, assertsRoles: !request.namesScopes)
        return try issue(
            requestedType ?? .accessToken, of: subject, for: actor, audience: audience, scopes: scopes, context,
            client: client)
    }

    private func type(_ text: String, _ parameter: String) throws(Rejection) -> ExchangedTokenType? {
        guard !text.isEmpty else { return nil }
        guard let type = ExchangedTokenType(rawValue: text) else {
            let known = ExchangedTokenType.allCases.map(\.rawValue)
            throw Rejection(
                .tokenTypeUnknown,
                "\(parameter) is \"\(text.truncated)\"; known are \(known.joined(separator: ", "))\(text.hint(among: known))",
                value: parameter)
        }
        return type
    }

    private func issue(
        _ type: ExchangedTokenType, of subject: ExchangedToken, for actor: ExchangedToken?, audience: [String],
        scopes: ScopePolicy.Outcome, _ context: RequestContext, client: Client
    ) throws -> JSONObject {
        guard [.accessToken, .jwt, .idToken].contains(type) else {
            throw Rejection(.requestedTokenType, "requested_token_type may be access_token, jwt or id_token")
        }
        let user: User
        do { user = try context.activeUser(subject.userID) } catch {
            // For an ID token the server looks the user up among the active ones only.
            throw type == .idToken ? Rejection(.subjectUserInactive, error.detail) : error
        }
        if let actor { try Impersonation(context.resourceIndex).check(actorID: actor.userID, as: user) }
        let source = actor ?? subject
        let issueRequest = TokenIssuer.IssueRequest(
            user: user, client: client, scopes: scopes.granted, audience: audience, amr: source.amr, authTime: 0,
            actor: try actor.map { try ActorClaim.value(for: $0, issuer: context.issuer) } ?? subject.actor,
            form: type == .jwt ? .jwt : .bearer,
            wantsRefreshToken: scopes.granted.contains(Scope.offlineAccess))
        let issued: TokenIssuer.Issued
        if type == .idToken {
            issued = .init(
                accessToken: try context.tokenIssuer.issueIDToken(issueRequest), refreshToken: nil, idToken: nil,
                expiresIn: context.settings.lifetimes.idToken.seconds - 1)
        } else {
            issued = try context.tokenIssuer.issue(issueRequest)
        }
        var json: JSONObject = [
            "access_token": .string(issued.accessToken), "issued_token_type": .string(type.rawValue),
            "token_type": .string(type == .idToken ? "N_A" : "Bearer"), "expires_in": .integer(issued.expiresIn),
        ]
        json.append("scope", ifNotEmpty: scopes.granted.joined(separator: " "))
        json.append("refresh_token", ifNotEmpty: issued.refreshToken)
        json.append("id_token", ifNotEmpty: issued.idToken)
        context.trace.warn(scopes.warnings)
        return json
    }
}

extension Rejection {
    /// The same cause, for a token of an exchange.
    fileprivate func renamed(_ reason: Reason, _ parameter: String) -> Rejection {
        Rejection(reason, "\(parameter): \(detail)", cause: cause)
    }
}
