import Encodings
import Model
import OAuth

extension RequestContext {
    var tokenIssuer: TokenIssuer { TokenIssuer(self) }

    /// Issues tokens to a service user, who has just authenticated.
    func issueToServiceUser(
        _ user: User, _ scopes: [String], amr: [String], idTokenLifetime: TokenIssuer.IDTokenLifetime
    ) throws -> JSONObject {
        let issueRequest = TokenIssuer.IssueRequest(
            user: user, scopes: scopes,
            audience: Scope.audience(of: scopes, instanceProject: settings.projectID), amr: amr,
            authTime: now.seconds,
            form: user.machine?.accessTokenType ?? .bearer, idTokenLifetime: idTokenLifetime)
        return try tokenIssuer.issue(issueRequest).json
    }

    /// The scopes that a service user gets.
    /// - Throws: `Rejection` when the parameter is absent. An empty one is fine, and gives a token without scopes.
    func scopes(of user: User) throws(Rejection) -> [String] {
        guard let parameter = form.last("scope") else {
            throw Rejection(
                .scopeMissing,
                "the parameter scope is missing; send scope=openid, for an API add \(Scope.audience(ofProject: "{projectId}"))"
            )
        }
        let policy = ScopePolicy(of: resourceIndex.organization(id: user.organizationID), snapshot)
        let outcome = policy.filter(Scope.split(parameter))
        trace.warn(outcome.warnings)
        let instanceProject = settings.projectID
        if Scope.audience(of: outcome.granted, instanceProject: instanceProject) == [instanceProject] {
            trace.warn(
                .instanceProjectAudience,
                "the token is for \(instanceProject) only, the instance's own project; for an API of yours add the scope \(Scope.audience(ofProject: "{projectId}"))"
            )
        }
        return outcome.granted
    }
}
