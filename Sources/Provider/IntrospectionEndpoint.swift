import Encodings
import Model
import OAuth

/// `/oauth/v2/introspect` (RFC 7662): tells an API about a token that it was sent.
public struct IntrospectionEndpoint: Sendable {
    /// What the caller is answered.
    public enum Outcome: Sendable {
        /// The JSON of the claims.
        case active([UInt8])
        /// `{"active":false}`; the refusal tells the person why, never the caller.
        case inactive(Refusal)
    }

    private let instance: Instance

    public init(_ instance: Instance) {
        self.instance = instance
    }

    /// - Returns: the outcome, who asked, and what is worth a warning.
    /// - Throws: `Refusal` when the request or the client is refused, other errors when the server fails.
    public func introspect(_ request: OAuthRequest) throws -> (outcome: Outcome, clientID: String, warnings: [Warning])
    {
        let directory = instance.directory
        let now = instance.effects.now()
        let credentials = try PresentedCredentials(request)
        guard !credentials.secret.isEmpty || credentials.assertion != nil else {
            throw Refusal(
                .clientUnauthenticated,
                "client \(credentials.clientID.shown) sent no secret and no client_assertion; introspection needs an app with one of them, an API app for instance"
            )
        }
        let authenticated = Result { () throws(Refusal) -> (client: Client, warnings: [Warning]) in
            try ClientAuthenticator(directory: directory, now: now).introspectionClient(
                credentials, issuer: request.issuer)
        }
        let token = request.form.last("token") ?? ""
        guard !token.isEmpty else {
            // The server looks for the token first; the guides tell the caller about itself first. Whoever renders this knows which is asked for.
            var client: Refusal?
            if case .failure(let refusal) = authenticated { client = refusal }
            throw Refusal(.tokenMissing, "the parameter token is missing or empty", value: "token", alsoRefused: client)
        }
        let (client, clientWarnings) = try authenticated.get()
        let warnings = clientWarnings + Self.warnings(request)
        do {
            let reader = TokenReader(instance: instance, directory: directory, issuer: request.issuer, now: now)
            let live = try reader.read(token)
            // The token is alive at this moment; what its answer says follows from the token, the caller and the directory, none of which change.
            let key = IntrospectionAnswers.Key(tokenID: live.id, clientID: client.app.clientID, issuer: request.issuer)
            let claims = try directory.introspectionAnswers.answer(key) { () throws(Refusal) in
                JSON.object(try answer(live, to: client, issuer: request.issuer, directory)).bytes()
            }
            return (.active(claims), client.app.clientID, warnings)
        } catch let refusal as Refusal {
            return (.inactive(refusal), client.app.clientID, warnings + refusal.warnings)
        }
    }

    private static func warnings(_ request: OAuthRequest) -> [Warning] {
        guard request.form.last("scope") != nil else { return [] }
        return [
            Warning(
                "scope-without-effect",
                "introspection ignores the parameter scope; the scopes are those that the token was requested with")
        ]
    }

    // MARK: The answer

    private func answer(
        _ live: LiveToken, to client: Client, issuer: String, _ directory: Directory
    ) throws(Refusal) -> JSONObject {
        let user = live.user
        var scopes = live.scopes
        var claims = ClaimSet(standard: JSONObject(capacity: 32))
        claims.standard.append("active", .bool(true))
        switch live {
        case .session(let token, _):
            try checkAudience(token, client)
            claims.standard.members += Self.members(of: token, issuer: issuer)
        case .personal(let token, _):
            // A PAT passes for every API: the caller is added to its audience, and the roles of the caller's project to its scopes.
            scopes += client.project.roles.map { Scope.rolePrefix + $0.key }
            claims.standard.members += Self.members(of: token, scopes: scopes, client, issuer: issuer)
        }
        if scopes.contains(Scope.profile) {
            claims.standard.append("username", .string(directory.preferredLoginName(of: user)))
        }
        if case .session(let token, _) = live, let actor = token.actor {
            claims.standard.append("act", .object(actor))
        }
        let sources = UserClaims(directory: directory, user: user)
        claims.standard.members += sources.profile(scopes).members
        claims.extra = sources.extra(scopes)
        claims.extra.members +=
            RoleClaims(directory: directory, user: user, scopes: scopes).ofProject(client.project.id).members
        return claims.json
    }

    private func checkAudience(_ token: TokenRecord, _ client: Client) throws(Refusal) {
        guard !token.audience.contains(client.app.clientID), !token.audience.contains(client.project.id) else { return }
        let scope = Scope.audience(ofProject: client.project.id)
        let caller =
            "caller \(client.app.clientID) (\"\(client.app.name)\") of project \(client.project.id) (\"\(client.project.name)\")"
        guard !token.audience.isEmpty else {
            throw Refusal(
                .audienceEmpty,
                "the token of \(token.clientID) has no audience; \(caller) needs a token requested with the scope \(scope)"
            )
        }
        let instanceOnly =
            token.audience == [instance.settings.projectID] ? ", which is the instance's own project, not yours" : ""
        throw Refusal(
            .audienceMismatch,
            "the token of \(token.clientID) is for \(token.audience.map(\.shown).prefix(5).joined(separator: ", "))\(instanceOnly); \(caller) needs a token requested with the scope \(scope)"
        )
    }

    private static func members(of token: TokenRecord, issuer: String) -> [JSONObject.Member] {
        var members = JSONObject(capacity: 16)
        members.append("scope", ifNotEmpty: token.scopes.joined(separator: " "))
        members.append("client_id", .string(token.clientID))
        members.append("token_type", .string("Bearer"))
        members.append("exp", .integer(token.expiration))
        members.append("iat", .integer(token.creation))
        if token.authTime != 0 { members.append("auth_time", .integer(token.authTime)) }
        members.append("nbf", .integer(token.creation))
        members.append("sub", .string(token.userID))
        members.append("aud", .strings(token.audience))
        if !token.amr.isEmpty { members.append("amr", .strings(token.amr)) }
        members.append("iss", .string(issuer))
        members.append("jti", .string(token.id))
        return members.members
    }

    private static func members(
        of token: PersonalAccessToken, scopes: [String], _ client: Client, issuer: String
    ) -> [JSONObject.Member] {
        var members = JSONObject(capacity: 16)
        members.append("scope", ifNotEmpty: scopes.joined(separator: " "))
        members.append("token_type", .string("Bearer"))
        members.append("exp", .integer(token.expiration))
        members.append("iat", .integer(token.creation))
        members.append("nbf", .integer(token.creation))
        members.append("sub", .string(token.userID))
        members.append("aud", .strings([client.app.clientID, client.project.id]))
        members.append("iss", .string(issuer))
        members.append("jti", .string(token.id))
        return members.members
    }
}
