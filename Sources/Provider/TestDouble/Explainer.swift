import Encodings
import JOSE
import Model
import OAuth

/// Explains tokens and credentials: runs the checks of the endpoints, records all of them, and issues or changes nothing.
public struct Explainer {
    private let context: RequestContext

    /// - Parameter context: of the request that asks; its trace is not touched.
    public init(_ context: RequestContext) {
        self.context = context
    }

    /// A context whose trace records all checks. Nothing but an explanation may ever work with one.
    private func explaining(authorization: String? = nil) -> RequestContext {
        RequestContext(
            instance: context.instance, snapshot: context.snapshot, now: context.now, form: FormParameters(),
            authorization: authorization, issuer: context.issuer, trace: .explaining())
    }

    private func explanation(
        of subject: String, _ context: RequestContext, good: Explanation.Verdict = .accepted,
        bad: Explanation.Verdict = .rejected, _ run: () throws -> Void
    ) throws -> Explanation {
        var thrown: Rejection?
        do { try run() } catch let rejection as Rejection { thrown = rejection }
        let rejection = context.trace.rejection ?? thrown
        return Explanation(
            verdict: rejection == nil ? good : bad, rejection: rejection, checks: context.trace.checks,
            subject: subject)
    }

    /// Explains what introspection says of a token.
    /// - Parameter caller: the client that introspects; nil to leave the audience out.
    /// - Throws: errors of the server.
    public func explain(token: String, caller: Client?) throws -> Explanation {
        let context = explaining()
        return try explanation(of: "access token", context, good: .active, bad: .inactive) {
            if let caller { try ClientAuthenticator(context).checkState(of: caller) }
            let active = try TokenReader(context).read(token)
            guard let caller, case .session(let record, _) = active else { return }
            try IntrospectionEndpoint(context).checkAudience(record, caller)
        }
    }

    /// Explains a client assertion, or the assertion of a JWT bearer grant.
    public func explain(assertion text: String) throws -> Explanation {
        let context = explaining()
        let claims = try? AssertionClaims(text)
        let user = claims.flatMap { context.resourceIndex.user(id: $0.issuer) }
        guard let claims, let user else {
            return try explanation(of: "client assertion", context) {
                _ = try ClientAuthenticator(context).assertingClient(text)
            }
        }
        return try explanation(of: "JWT bearer assertion", context) {
            try AssertionVerifier(context: context, skew: 1, parameter: "assertion").verify(
                claims, owner: .user(user.id), ownerName: "service user \(user.userName) (\(user.id))")
            try context.trace.require(
                .assertionUser, user.state == .active, expected: "an active user", found: user.state.rawValue,
                or: Rejection(.userNotActive, "user \(user.userName) is \(user.state.rawValue)"))
        }
    }

    /// Explains the credentials of a Basic header: those of an app, or those of a service user for client credentials.
    public func explain(authorization: String) throws -> Explanation {
        let context = explaining(authorization: authorization)
        return try explanation(of: "Basic credentials", context) {
            let credentials = try PresentedCredentials(context)
            if context.resourceIndex.user(loginName: credentials.clientID) != nil {
                let user = try ClientCredentialsGrant.authenticate(credentials, context)
                try user.assertActive()
            } else {
                _ = try ClientAuthenticator(context).introspectionClient(credentials)
            }
        }
    }
}
