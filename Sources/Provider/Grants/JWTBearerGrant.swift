import Model
import OAuth

/// RFC 7523 section 2.1, ZITADEL's JWT profile: a service user signs an assertion with its key. Client authentication in the request is not looked at.
struct JWTBearerGrant: ServiceUserGrant {
    let type = GrantType.jwtBearer

    func exchange(_ context: GrantContext) throws -> (response: TokenResponse, client: String) {
        let text = try context.request.required("assertion")
        let (user, warnings): (User, [Warning])
        do { (user, warnings) = try authenticate(text, context) } catch { throw error.ofGrantAssertion() }
        let scopes = try context.scopes(of: user)
        try user.assertActive()
        // Observed on all servers: the ID token of this grant ends the moment it begins.
        let json = try context.issueToServiceUser(user, scopes.granted, amr: [], idTokenLife: .none)
        return (TokenResponse(json: json, warnings: warnings + scopes.warnings), user.userName)
    }

    private func authenticate(_ text: String, _ context: GrantContext) throws(Rejection) -> (User, [Warning]) {
        let assertion: AssertionClaims
        do { assertion = try AssertionClaims(text) } catch {
            throw Rejection(.assertionUnparsable, "assertion is no JWT: \(error.why)")
        }
        let verifier = AssertionVerifier(
            resourceIndex: context.resourceIndex, issuer: context.request.issuer, now: context.now, skew: 1,
            parameter: "assertion")
        let user = context.resourceIndex.user(id: assertion.issuer)
        let name =
            user.map { "service user \($0.userName) (\($0.id))" }
            ?? "a user, because iss \"\(assertion.issuer.shown)\" is no user id"
        let warnings = try verifier.verify(assertion, owner: .user(assertion.issuer), ownerName: name)
        guard let user else { throw Rejection(.userUnknown, "there is no user \(assertion.issuer)") }
        return (user, warnings)
    }
}
