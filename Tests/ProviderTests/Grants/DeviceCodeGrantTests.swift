import Encodings
import HTTP
import Model
import OAuth
import Provider
import TestSupport
import Testing

/// Devices without a browser (RFC 8628): T145 to T149, T187 to T189.
@Suite struct DeviceCodeGrantTests {
    private static let grant = "urn:ietf:params:oauth:grant-type:device_code"

    private func begin(
        _ fixture: SignInFixture, _ client: String = SignInFixture.native, scope: String? = "openid profile"
    ) throws -> (deviceCode: String, userCode: String) {
        let (form, headers) = try fixture.credentials(client)
        let answer = fixture.server.post(
            "/oauth/v2/device_authorization", form + (scope.map { [("scope", $0)] } ?? []), headers: headers
        ).json
        return (answer["device_code"]?.string ?? "", answer["user_code"]?.string ?? "")
    }

    private func poll(
        _ fixture: SignInFixture, _ code: String, _ client: String = SignInFixture.native
    ) throws -> HTTPResponse {
        try fixture.token(client, [("grant_type", Self.grant), ("device_code", code)])
    }

    @Test("T187, T189 a device authorization response has codes, URIs, a lifetime and an interval")
    func answer() throws {
        let fixture = try SignInFixture()
        let answer = fixture.server.post(
            "/oauth/v2/device_authorization", [("client_id", SignInFixture.native), ("scope", "openid")])
        #expect(answer.status == 200)
        #expect(
            answer.json.members.map(\.name)
                == [
                    "device_code", "user_code", "verification_uri", "verification_uri_complete", "expires_in",
                    "interval",
                ])
        let code = answer.json["user_code"]?.string ?? ""
        #expect(code.wholeMatch(of: /[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}/) != nil)
        #expect(answer.json["verification_uri"] == .string("http://localhost:8080/device"))
        #expect(answer.json["verification_uri_complete"] == .string("http://localhost:8080/device?user_code=\(code)"))
        #expect(answer.json["expires_in"] == .integer(300))
        #expect(answer.json["interval"] == .integer(5))
    }

    @Test("a device whose user was locked after the approval is refused for that reason") func locked() throws {
        let fixture = try SignInFixture()
        let (deviceCode, userCode) = try begin(fixture)
        let resources = fixture.server.instance.snapshot.resources
        var user = try #require(resources.user(named: "alice"))
        let context = RequestContext(
            instance: fixture.server.instance, snapshot: fixture.server.instance.snapshot,
            now: fixture.server.instance.now, form: FormParameters(), authorization: nil, issuer: "", trace: Trace())
        #expect(try DeviceDecision(context).decide(userCode, by: user) != nil)
        user.state = .locked
        try fixture.server.instance.change { _ in ([.put(.user(user))], ()) }
        let answer = try poll(fixture, deviceCode)
        #expect(answer.reason == "user_not_active")
        #expect(answer.header("Mock-Reason")?.contains("user alice is locked") == true)
        #expect(answer.json["error"] == "invalid_grant")
    }

    @Test("T188 an app without the grant gets a warning and a code that it cannot redeem, and a grant_type is checked")
    func withoutGrant() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        let basic = [TestServer.basic(SignInFixture.web, "web-secret")]
        let answer = fixture.server.post("/oauth/v2/device_authorization", [("scope", "openid")], headers: basic)
        #expect(answer.status == 200)
        #expect(answer.header("Mock-Warning")?.hasPrefix("grant-not-allowed;") == true)
        let redeemed = try poll(fixture, answer.json["device_code"]?.string ?? "", SignInFixture.web)
        #expect(redeemed.json["error"]?.string == "unauthorized_client")
        let named = fixture.server.post("/oauth/v2/device_authorization", [("grant_type", Self.grant)], headers: basic)
        #expect(named.json["error"]?.string == "unauthorized_client")
    }

    @Test("T146, T147b a device gets authorization_pending until a person approves, then tokens once")
    func approve() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        let (deviceCode, userCode) = try begin(fixture)
        for _ in 0..<3 {
            let pending = try poll(fixture, deviceCode)
            #expect(pending.status == 400)
            #expect(pending.json["error"]?.string == "authorization_pending")
            #expect(pending.header("Mock-Reason")?.contains("/device") == true)
            #expect(
                pending.header("Mock-Reason")?.contains(userCode) == false, "anybody who knows the code may approve")
        }
        let browser = fixture.browser()
        let page = try browser.get("/device?user_code=\(userCode)")
        #expect(page.html.contains("<h1>Allow Native on a device?</h1>"))
        let done = try browser.press(page, "people", "Allow as Alice")
        #expect(done.html.contains("id=\"approved\""))
        let tokens = try poll(fixture, deviceCode)
        #expect(tokens.json.members.map(\.name) == ["access_token", "token_type", "expires_in", "id_token"])
        let claims = SignInFixture.claims(tokens.json["id_token"]?.string)
        #expect(claims["sub"] == .string(SignInFixture.alice))
        #expect(claims["sid"] != nil)
        let again = try poll(fixture, deviceCode)
        #expect(again.json.members.map(\.name) == ["error"])
        #expect(again.json["error"]?.string == "invalid_grant")
        #expect(again.reason == "device_code_used")
    }

    @Test("the user code may be typed in lower case and without its dash, and there is a page to type it")
    func typing() throws {
        let fixture = try SignInFixture()
        let (deviceCode, userCode) = try begin(fixture)
        let browser = fixture.browser()
        #expect(try browser.get("/device").form("code")?.contains("name=\"user_code\"") == true)
        let typed = userCode.lowercased().filter { $0 != "-" }
        let page = try browser.get("/device?user_code=\(typed)")
        let answer = try browser.submit(page, "password", [("loginName", "alice"), ("password", "Password1!")])
        #expect(answer.html.contains("id=\"approved\""))
        #expect(try poll(fixture, deviceCode).status == 200)
    }

    @Test("an organization scope limits the buttons of the device page to users of that organization")
    func organizationScope() throws {
        let fixture = try SignInFixture()
        let scope = "openid urn:zitadel:iam:org:id:270000000000000002"
        let (_, userCode) = try begin(fixture, scope: scope)
        let page = try fixture.browser().get("/device?user_code=\(userCode)")
        #expect(page.buttons("people") == ["Allow as Carl Cohen"])
    }

    @Test(
        "whether a person without a grant may approve a device of a project with role check depends on the version",
        arguments: [("2026-07", true), ("v4.13", true), ("v3.4", false), ("v2.71", false)])
    func roleCheck(version: String, isAllowed: Bool) throws {
        let instance = "\"dialect\": \"server\", \"serverVersion\": \"\(version)\""
        let fixture = try SignInFixture(instance: instance) {
            $0.replacing(
                "[\"https://guarded.example/callback\"]",
                with:
                    "[\"https://guarded.example/callback\"], \"grantTypes\": [\"authorization_code\", \"device_code\"]")
        }
        let (deviceCode, userCode) = try begin(fixture, SignInFixture.guarded)
        let browser = fixture.browser()
        let page = try browser.get("/device?user_code=\(userCode)")
        let answer = try browser.press(page, "people", "Allow as Bob")
        #expect(answer.html.contains("id=\"approved\"") == isAllowed)
        let polled = try poll(fixture, deviceCode, SignInFixture.guarded)
        #expect(polled.json["error"]?.string == (isAllowed ? nil : "authorization_pending"))
        // For a code it is refused under all versions.
        #expect(try fixture.signIn(SignInFixture.guarded, as: "Bob").locationParameters["code"] == nil)
    }

    @Test("T147 a denied device gets access_denied, and the decision is final") func deny() throws {
        let fixture = try SignInFixture()
        let (deviceCode, userCode) = try begin(fixture)
        let browser = fixture.browser()
        let page = try browser.get("/device?user_code=\(userCode)")
        #expect(try browser.press(page, "deny", "Deny").html.contains("id=\"denied\""))
        let answer = try poll(fixture, deviceCode)
        #expect(answer.json["error"]?.string == "access_denied")
        #expect(try browser.get("/device?user_code=\(userCode)").problem != nil, "decided once")
    }

    @Test("T148 an expired device code is refused for the device and at the page") func expired() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        let (deviceCode, userCode) = try begin(fixture)
        fixture.time.advance(bySeconds: 300)
        let answer = try poll(fixture, deviceCode)
        #expect(answer.json["error"]?.string == "expired_token")
        #expect(answer.json["error_description"]?.string == "The \"device_code\" has expired.")
        #expect(try fixture.browser().get("/device?user_code=\(userCode)").response.reason == "device_code_unknown")
    }

    @Test("T149 an unknown device code is refused as the followed version refuses it") func unknown() throws {
        let foreign = "client_id does not correspond to the client_id in the authorization request"
        let new = try SignInFixture(instance: "\"dialect\": \"server\"")
        #expect(try poll(new, "x").json["error_description"]?.string == foreign)
        let old = try SignInFixture(instance: "\"dialect\": \"server\", \"serverVersion\": \"v3.4\"")
        #expect(try poll(old, "x").json.members.map(\.name) == ["error"])
        #expect(try poll(try SignInFixture(), "x").json["error"]?.string == "invalid_grant")
        #expect(try poll(new, "").json["error_description"]?.string == "device_code missing")
    }

    @Test("a signed-in user approves a device with one click, and a locked user sees why not") func sessions() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        _ = try fixture.signIn(SignInFixture.web, [:], as: "Alice", in: browser)
        let (_, userCode) = try begin(fixture)
        let page = try browser.get("/device?user_code=\(userCode)")
        #expect(page.buttons("sessions") == ["Allow as Alice Adams"])
        #expect(!page.buttons("people").contains("Allow as Alice Adams"), "nobody has two buttons")
        #expect(try browser.press(page, "people", "Allow as Lola").problem == "User is locked")
        #expect(try browser.press(page, "sessions", "Allow as Alice").html.contains("id=\"approved\""))
    }

    @Test("scopes of a device authorization are kept as they were sent, and may be absent") func scopes() throws {
        let fixture = try SignInFixture()
        for (scope, expected) in [("openid read:messages", "openid read:messages"), (nil, nil)] as [(String?, String?)]
        {
            let (deviceCode, userCode) = try begin(fixture, scope: scope)
            let browser = fixture.browser()
            browser.headers = [("mock-login-as", "alice")]
            #expect(try browser.get("/device?user_code=\(userCode)").html.contains("id=\"approved\""))
            let token = try poll(fixture, deviceCode).json["access_token"]?.string ?? ""
            #expect(fixture.introspect(token).json["scope"]?.string == expected)
        }
    }

    @Test("signing out before the device polls revokes the approval") func signedOut() throws {
        let fixture = try SignInFixture(instance: "\"serverVersion\": \"v3.4\"")
        let (deviceCode, userCode) = try begin(fixture)
        let browser = fixture.browser()
        _ = try browser.press(try browser.get("/device?user_code=\(userCode)"), "people", "Allow as Alice")
        _ = try browser.get("/oidc/v1/end_session")
        #expect(try poll(fixture, deviceCode).json["error"]?.string == "invalid_grant")
    }

    @Test("Mock-Login-As with an unknown user is reported at the device page") func loginAsNobody() throws {
        let fixture = try SignInFixture()
        let (_, userCode) = try begin(fixture)
        let browser = fixture.browser()
        browser.headers = [("mock-login-as", "nobody")]
        #expect(try browser.get("/device?user_code=\(userCode)").response.reason == "login_as_unknown")
    }

    @Test("a form of another site is refused at the device page") func forgery() throws {
        let fixture = try SignInFixture()
        let (_, userCode) = try begin(fixture)
        let answer = fixture.server.post("/device", [("user_code", userCode), ("person", SignInFixture.alice)])
        #expect(answer.status == 403)
    }
}
