import Encodings
import JOSE
import Model
import OAuth

/// `/oauth/v2/introspect` (RFC 7662): describes a token to the API that received it.
public struct IntrospectionEndpoint {
    private let context: RequestContext

    public init(_ context: RequestContext) {
        self.context = context
    }

    /// - Returns: the claims of an active token, or `{"active":false}`; the trace then says why, which the body never reveals.
    /// - Throws: `Rejection` when the request or the client is rejected, other errors when the server fails.
    public func introspect() throws -> EndpointResult {
        let credentials = try PresentedCredentials(context)
        guard !credentials.secret.isEmpty || credentials.assertion != nil else {
            throw Rejection(
                .clientUnauthenticated,
                "client \(credentials.clientID.truncated) sent neither a secret nor a client_assertion; introspection needs an app with one of them, such as an API app"
            )
        }
        let authenticated = Result { () throws(Rejection) in
            try ClientAuthenticator(context).introspectionClient(credentials)
        }
        let token = context.form.last("token") ?? ""
        guard !token.isEmpty else {
            // The server looks for the token first; ZITADEL's documentation reports the client first. The renderer knows which is wanted.
            var client: Rejection?
            if case .failure(let rejection) = authenticated { client = rejection }
            throw Rejection(
                .tokenMissing, "the parameter token is missing or empty\(context.missingForm("token"))", value: "token",
                deferredClientError: client)
        }
        let client = try authenticated.get()
        if context.form.last("scope") != nil {
            context.trace.warn(
                .scopeWithoutEffect,
                "introspection ignores the parameter scope; the scopes are those that the token was requested with")
        }
        do {
            return EndpointResult(body: .encoded(try claims(of: token, for: client)))
        } catch let rejection as Rejection {
            context.trace.rejection = rejection
            return .object(["active": .bool(false)])
        }
    }

    private func claims(of token: String, for client: Client) throws -> [UInt8] {
        let active = try TokenReader(context).read(token)
        // The token is active at this moment; what its answer says follows from the token, the caller and the resources, none of which change.
        let key = IntrospectionCache.Key(tokenID: active.id, clientID: client.app.clientID, issuer: context.issuer)
        return try context.resourceIndex.introspectionCache.response(key) { () throws(Rejection) in
            if case .session(let token, _) = active { try checkAudience(token, client) }
            let claims = IntrospectionClaims(
                resourceIndex: context.resourceIndex, issuer: context.issuer, token: active, client: client)
            return JSON.object(claims.json).bytes()
        }
    }

    func checkAudience(_ token: TokenRecord, _ client: Client) throws(Rejection) {
        try context.trace.require(
            .tokenAudience, token.isFor(client), expected: "\(client.app.clientID) or its project \(client.project.id)",
            found: token.audience.isEmpty ? "none" : token.audience.quotedList, or: wrongAudience(token, client))
    }

    private func wrongAudience(_ token: TokenRecord, _ client: Client) -> Rejection {
        let scope = Scope.audience(ofProject: client.project.id)
        let caller = "\(client.described) of project \(client.project.id) (\"\(client.project.name)\")"
        guard !token.audience.isEmpty else {
            return Rejection(
                .audienceEmpty,
                "the token of \(token.clientID) has no audience; \(caller) needs a token requested with the scope \(scope)"
            )
        }
        let instanceOnly =
            token.audience == [context.settings.projectID] ? ", which is the instance's own project, not yours" : ""
        return Rejection(
            .audienceMismatch,
            "the token of \(token.clientID) is for \(token.audience.map(\.truncated).prefix(5).joined(separator: ", "))\(instanceOnly); \(caller) needs a token requested with the scope \(scope)"
        )
    }
}
