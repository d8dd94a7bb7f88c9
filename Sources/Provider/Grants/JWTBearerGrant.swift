import Encodings
import Model
import OAuth

/// RFC 7523 section 2.1, ZITADEL's JWT profile: a service user signs an assertion with its key. Client authentication in the request is not looked at.
struct JWTBearerGrant: ServiceUserGrant {
    let type = GrantType.jwtBearer

    func exchange(_ context: RequestContext) throws -> JSONObject {
        let text = try context.required("assertion")
        let user: User
        do { user = try authenticate(text, context) } catch { throw error.ofGrantAssertion() }
        let scopes = try context.scopes(of: user)
        try user.assertActive()
        // Observed on all servers: the ID token of this grant ends the moment it begins.
        return try context.issueToServiceUser(user, scopes, amr: [], idTokenLifetime: .none)
    }

    private func authenticate(_ text: String, _ context: RequestContext) throws(Rejection) -> User {
        let assertion: AssertionClaims
        do { assertion = try AssertionClaims(text) } catch {
            throw Rejection(
                .assertionUnparsable, "assertion is not a JWT: \(context.kindOfAssertion(text) ?? error.why)")
        }
        let verifier = AssertionVerifier(
            context: context, skew: 1, parameter: "assertion")
        let user = context.resourceIndex.user(id: assertion.issuer)
        context.trace.client = user?.userName ?? assertion.issuer
        context.trace.user = user?.userName
        let advice = LoginNameAdvice(resourceIndex: context.resourceIndex)
        var notAnID: String {
            "a user, because iss \"\(assertion.issuer.truncated)\" is not a user id\(advice.idHint(assertion.issuer))"
        }
        let name = user.map { "service user \($0.userName) (\($0.id))" } ?? notAnID
        try verifier.verify(assertion, owner: .user(assertion.issuer), ownerName: name)
        guard let user else { throw Rejection(.userUnknown, "there is no user \(assertion.issuer)") }
        return user
    }
}
