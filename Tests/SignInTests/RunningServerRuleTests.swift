import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// Rules that a running ZITADEL showed when it was asked odd questions: each test has its answer as the expectation.
@Suite struct RunningServerRuleTests {
    private static let native = SignInFixture.native, web = SignInFixture.web
    private static let server = "\"dialect\": \"server\""

    private func location(_ client: String, scope: String, dialect: String = server) throws -> HTTPResponse {
        let world = try SignInFixture(instance: dialect)
        return try world.browser().get(world.target(client, ["scope": scope])).response
    }

    @Test(
        "organization scopes must name one organization that exists, and the app is told in both dialects",
        arguments: [
            ("urn:zitadel:iam:org:id:999", "invalid_request", "Errors.Org.NotFound"),
            ("urn:zitadel:iam:org:id:", "invalid_request", "Errors.Org.NotFound"),
            ("urn:zitadel:iam:org:domain:primary:nowhere.example", "invalid_request", "Errors.Org.NotFound"),
        ])
    func unknownOrganization(scope: String, error: String, description: String) throws {
        let answer = try location(Self.native, scope: "openid \(scope)")
        #expect(answer.status == 302)
        #expect(answer.locationParameters["error"] == error)
        #expect(answer.locationParameters["error_description"] == description)
        #expect(answer.locationParameters["state"] == "st-1")
        #expect(answer.reason == "org_unknown")
        let documented = try location(Self.native, scope: "openid \(scope)", dialect: "\"dialect\": \"documented\"")
        #expect(documented.locationParameters["error"] == error)
    }

    @Test("a code answer repeats the nonce in the ID token of every refresh") func nonceOfRefresh() throws {
        let world = try SignInFixture()
        var tokens = try world.tokens(scope: "openid offline_access", ["nonce": "n-1"])
        for _ in 1...2 {
            let answer = try world.refresh(tokens["refresh_token"]?.string ?? "")
            #expect(answer.status == 200)
            tokens = answer.json
            #expect(SignInFixture.claims(tokens["id_token"]?.string)["nonce"] == .string("n-1"))
        }
    }

    @Test("form_post is answered by query in dialect server, where the sign-in only makes addresses") func formPost()
        throws
    {
        let world = try SignInFixture(instance: Self.server)
        let answer = try world.signIn(Self.web, ["response_mode": "form_post"])
        #expect(answer.status == 302)
        #expect(answer.locationParameters["code"]?.isEmpty == false)
        let older = try SignInFixture(instance: Self.server + ", \"serverVersion\": \"v3.4\"")
        #expect(try older.signIn(Self.web, ["response_mode": "form_post"]).status == 200)
    }
}
