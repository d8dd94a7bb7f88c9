import Encodings
import HTTP
import TestSupport
import Testing

/// Signing in without the page: by the header `Mock-Login-As`, and by the setting `autoLogin`.
@Suite struct MockLoginAsTests {
    @Test("Mock-Login-As completes the authorization request at once") func loginAs() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        browser.headers = [("mock-login-as", "alice@acme.localhost")]
        let answer = try browser.get(fixture.target()).response
        #expect(answer.status == 302)
        #expect(try fixture.redeem(answer.locationParameters["code"] ?? "").status == 200)
        browser.headers = []
        let silent = try browser.open(fixture.target(SignInFixture.web, ["prompt": "none"])).response
        #expect(silent.locationParameters["code"] != nil, "the browser is signed in now")
    }

    @Test("headers of the test double pass a preflight, and other custom headers do not") func preflight() throws {
        let fixture = try SignInFixture()
        func isAllowed(_ names: String) -> Bool {
            let request = HTTPRequest(
                method: "OPTIONS", path: "/oauth/v2/token",
                headers: [
                    ("origin", "http://localhost:5173"), ("access-control-request-method", "POST"),
                    ("access-control-request-headers", names),
                ])
            return fixture.server.send(request).header("Access-Control-Allow-Headers") == names
        }
        #expect(isAllowed("authorization,content-type,mock-login-as"))
        #expect(isAllowed("mock-dialect,mock-login-as"))
        #expect(!isAllowed("mock-login-as,x-custom"))
    }

    @Test("Mock-Login-As with an unknown user reports the known ones") func loginAsNobody() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        browser.headers = [("mock-login-as", "alcie")]
        let answer = try browser.get(fixture.target()).response
        #expect(answer.status == 400)
        #expect(answer.reason == "login_as_unknown")
        #expect(answer.header("Mock-Reason")?.contains("\"alice@acme.localhost\"") == true)
    }

    @Test("Mock-Login-As with a user who may not sign in leads to the page, which says why")
    func loginAsLocked() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        browser.headers = [("mock-login-as", "lola")]
        let answer = try browser.get(fixture.target()).response
        #expect(answer.header("Location")?.hasPrefix("/ui/") == true)
        #expect(answer.reason == "user_not_active")
        #expect(try browser.open(fixture.target()).problem == "User is locked")
    }

    @Test("autoLogin skips the page, and login_hint selects another user") func autoLogin() throws {
        let fixture = try SignInFixture(instance: "\"autoLogin\": \"alice@acme.localhost\"")
        func subject(_ changes: [String: String?]) throws -> JSON? {
            let answer = try fixture.browser().open(fixture.target(SignInFixture.web, changes)).response
            let code = answer.locationParameters["code"] ?? ""
            return SignInFixture.claims(try fixture.redeem(code).json["id_token"]?.string)["sub"]
        }
        #expect(try fixture.browser().get(fixture.target()).response.header("Location")?.hasPrefix("/ui/") == true)
        #expect(try subject([:]) == .string(SignInFixture.alice))
        #expect(try subject(["login_hint": "bob"]) == .string("270000000000000512"))
        #expect(try subject(["login_hint": "nobody"]) == .string(SignInFixture.alice))
        #expect(try subject(["login_hint": "svc"]) == .string(SignInFixture.alice))
    }
}
