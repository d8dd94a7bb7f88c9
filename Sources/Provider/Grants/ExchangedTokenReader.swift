import Encodings
import JOSE
import Model
import OAuth

/// Believes or refuses the tokens of an exchange.
struct ExchangedTokenReader {
    let context: RequestContext
    let client: Client

    /// - Throws: `Rejection` that says what is wrong with the token, or errors of the server.
    func read(_ text: String, _ type: ExchangedTokenType?, allowed: [ExchangedTokenType]) throws -> ExchangedToken {
        guard !text.isEmpty else { throw Rejection(.tokenMissing, "it is missing") }
        guard let type else { throw Rejection(.tokenMissing, "its type is missing") }
        guard allowed.contains(type) else {
            throw Rejection(
                .tokenMalformed,
                "a \(type.rawValue) is not allowed here; allowed are \(allowed.map(\.rawValue).joined(separator: ", "))"
            )
        }
        switch type {
        case .accessToken: return try accessToken(text)
        case .idToken: return try idToken(text)
        case .jwt: return try assertion(text)
        case .userID:
            guard context.resourceIndex.user(id: text) != nil else {
                throw Rejection(.userUnknown, "there is no user with the id \"\(text.truncated)\"\(idHint(text))")
            }
            context.note(userID: text)
            return ExchangedToken(type: .userID, userID: text)
        case .refreshToken:
            throw Rejection(.tokenMalformed, "ZITADEL exchanges no refresh tokens; send the access token")
        }
    }

    private func accessToken(_ text: String) throws -> ExchangedToken {
        switch try TokenReader(context).read(text) {
        case .session(let record, let user):
            if !record.isFor(client) {
                let detail =
                    "its audience is \(record.audience.quotedList); client \(client.app.clientID) needs one for itself or its project \(client.project.id)"
                guard !context.behavior.exchangeIsBounded else { throw Rejection(.audienceMismatch, detail) }
                context.warnOfOldExchange(detail)
            }
            return ExchangedToken(
                type: .accessToken, userID: user.id, audience: record.audience, scopes: record.scopes, amr: record.amr,
                actor: record.actor)
        case .personal(let token, let user):
            return ExchangedToken(
                type: .accessToken, userID: user.id, audience: client.ownAudience, scopes: token.scopes(for: client))
        }
    }

    private func idToken(_ text: String) throws -> ExchangedToken {
        let hint = try IDTokenHint(text, context, parameter: "the ID token")
        context.note(userID: hint.subject)
        guard case .integer(let expiration)? = hint.claims["exp"], context.now.seconds < expiration else {
            throw Rejection(
                .tokenExpired, "it is past its exp (server time \(UTCDateTime(unix: context.now.seconds).rfc3339))")
        }
        // Observed: without this claim the real server looks for a user whose id is the whole token, and finds none.
        guard let owner = hint.claims[Scope.userResourceOwner + ":id"]?.string, !owner.isEmpty else {
            throw Rejection(
                .tokenMalformed,
                "ZITADEL takes an ID token only with the claim \(Scope.userResourceOwner):id; request it with the scope \(Scope.userResourceOwner), or send the access token"
            )
        }
        func list(_ name: String) -> [String] { hint.claims[name]?.array?.compactMap(\.string) ?? [] }
        return ExchangedToken(
            type: .idToken, userID: hint.subject, audience: list("aud"), amr: list("amr"),
            actor: hint.claims["act"]?.object)
    }

    /// A JWT that the client made itself, about a user.
    private func assertion(_ text: String) throws(Rejection) -> ExchangedToken {
        let assertion: AssertionClaims
        do { assertion = try AssertionClaims(text) } catch {
            throw Rejection(.assertionUnparsable, "it is not a JWT: \(error.why)")
        }
        context.note(userID: assertion.subject)
        var verifier = AssertionVerifier(
            context: context, skew: client.app.oidc?.clockSkew ?? 0, parameter: "the JWT")
        verifier.requiresOwnSubject = false
        try verifier.verify(
            assertion, owner: .app(client.app.id), ownerName: client.described)
        guard context.resourceIndex.user(id: assertion.subject) != nil else {
            throw Rejection(
                .userUnknown,
                "its sub \"\(assertion.subject.truncated)\" is not a user id\(idHint(assertion.subject))")
        }
        return ExchangedToken(type: .jwt, userID: assertion.subject)
    }

    private func idHint(_ name: String) -> String {
        LoginNameAdvice(resourceIndex: context.resourceIndex).idHint(name)
    }
}
