import Encodings
import Model
import OAuth

/// `/oauth/v2/introspect` (RFC 7662): tells an API about a token that it was sent.
public struct IntrospectionEndpoint: Sendable {
    /// What the caller is answered.
    public enum Outcome: Sendable {
        /// The JSON of the claims.
        case active([UInt8])
        /// `{"active":false}`; the rejection tells the person why, never the caller.
        case inactive(Rejection)
    }

    private let instance: Instance

    public init(_ instance: Instance) {
        self.instance = instance
    }

    /// - Returns: the outcome, who asked, and what is worth a warning.
    /// - Throws: `Rejection` when the request or the client is refused, other errors when the server fails.
    public func introspect(_ request: OAuthRequest) throws -> (outcome: Outcome, clientID: String, warnings: [Warning])
    {
        let resourceIndex = instance.resourceIndex
        let now = instance.dependencies.now()
        let credentials = try PresentedCredentials(request)
        guard !credentials.secret.isEmpty || credentials.assertion != nil else {
            throw Rejection(
                .clientUnauthenticated,
                "client \(credentials.clientID.shown) sent no secret and no client_assertion; introspection needs an app with one of them, an API app for instance"
            )
        }
        let authenticated = Result { () throws(Rejection) -> (client: Client, warnings: [Warning]) in
            try ClientAuthenticator(resourceIndex: resourceIndex, now: now).introspectionClient(
                credentials, issuer: request.issuer)
        }
        let token = request.form.last("token") ?? ""
        guard !token.isEmpty else {
            // The server looks for the token first; the guides tell the caller about itself first. Whoever renders this knows which is asked for.
            var client: Rejection?
            if case .failure(let rejection) = authenticated { client = rejection }
            throw Rejection(
                .tokenMissing, "the parameter token is missing or empty", value: "token", deferredClientError: client)
        }
        let (client, clientWarnings) = try authenticated.get()
        let warnings = clientWarnings + Self.warnings(request)
        do {
            let reader = TokenReader(instance: instance, resourceIndex: resourceIndex, issuer: request.issuer, now: now)
            let live = try reader.read(token)
            // The token is alive at this moment; what its answer says follows from the token, the caller and the resourceIndex, none of which change.
            let key = IntrospectionCache.Key(tokenID: live.id, clientID: client.app.clientID, issuer: request.issuer)
            let claims = try resourceIndex.introspectionCache.answer(key) { () throws(Rejection) in
                JSON.object(try answer(live, to: client, issuer: request.issuer, resourceIndex)).bytes()
            }
            return (.active(claims), client.app.clientID, warnings)
        } catch let rejection as Rejection {
            return (.inactive(rejection), client.app.clientID, warnings + rejection.warnings)
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
        _ live: ActiveToken, to client: Client, issuer: String, _ resourceIndex: ResourceIndex
    ) throws(Rejection) -> JSONObject {
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
            claims.standard.append("username", .string(resourceIndex.preferredLoginName(of: user)))
        }
        if case .session(let token, _) = live, let actor = token.actor {
            claims.standard.append("act", .object(actor))
        }
        let sources = UserClaims(resourceIndex: resourceIndex, user: user)
        claims.standard.members += sources.profile(scopes).members
        claims.extra = sources.extra(scopes)
        claims.extra.members +=
            RoleClaims(resourceIndex: resourceIndex, user: user, scopes: scopes).ofProject(client.project.id).members
        return claims.json
    }

    private func checkAudience(_ token: TokenRecord, _ client: Client) throws(Rejection) {
        guard !token.audience.contains(client.app.clientID), !token.audience.contains(client.project.id) else { return }
        let scope = Scope.audience(ofProject: client.project.id)
        let caller =
            "caller \(client.app.clientID) (\"\(client.app.name)\") of project \(client.project.id) (\"\(client.project.name)\")"
        guard !token.audience.isEmpty else {
            throw Rejection(
                .audienceEmpty,
                "the token of \(token.clientID) has no audience; \(caller) needs a token requested with the scope \(scope)"
            )
        }
        let instanceOnly =
            token.audience == [instance.settings.projectID] ? ", which is the instance's own project, not yours" : ""
        throw Rejection(
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
