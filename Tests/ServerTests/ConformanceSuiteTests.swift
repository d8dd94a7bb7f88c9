import Crypto
import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// What the OpenID Foundation's conformance suite looks at in its basic, config and form-post profiles, each test named after the suite's module, so that
/// a run of the suite itself brings no surprise. Where ZITADEL does otherwise than the module asks, the test says so and follows ZITADEL.
@Suite struct ConformanceSuiteTests {
    // MARK: Config

    /// The endpoints that discovery names, and what each answers to a GET without parameters.
    static let endpoints = [
        ("authorization_endpoint", 400), ("token_endpoint", 400), ("userinfo_endpoint", 401), ("jwks_uri", 200),
        ("end_session_endpoint", 302), ("device_authorization_endpoint", 401), ("introspection_endpoint", 401),
        ("revocation_endpoint", 401),
    ]

    @Test("oidcc-discovery-endpoint-verification: the document is complete, and its endpoints exist")
    func discovery() throws {
        let fixture = try SignInFixture()
        let answer = fixture.server.get("/.well-known/openid-configuration")
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "application/json")
        let document = answer.json
        #expect(document["issuer"] == .string(fixture.server.issuer))
        for (name, status) in Self.endpoints {
            let url = try #require(document[name]?.string, "\(name)")
            #expect(url.hasPrefix(fixture.server.issuer))
            #expect(fixture.server.get(String(url.dropFirst(fixture.server.issuer.count))).status == status, "\(name)")
        }
        for name in [
            "response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported",
            "scopes_supported", "claims_supported",
        ] { #expect(document[name]?.array?.isEmpty == false) }
        #expect(document["id_token_signing_alg_values_supported"]?.array?.contains(.string("RS256")) == true)
    }

    // MARK: Basic

    @Test("oidcc-server: a code is redeemed for a valid ID token and an access token for userinfo")
    func server() throws {
        let fixture = try SignInFixture()
        let tokens = try fixture.tokens(scope: "openid", ["nonce": "n"])
        let idToken = tokens["id_token"]?.string ?? ""
        let jws = try CompactJWS(idToken)
        let keys = fixture.server.get("/oauth/v2/keys").json["keys"]?.array?.compactMap(\.object) ?? []
        let key = try #require((keys.first { $0["kid"]?.string == jws.keyID }).flatMap { PublicKey(jwk: $0) })
        #expect(jws.isSigned(by: key))
        #expect(jws.claims["iss"] == .string(fixture.server.issuer))
        #expect(jws.claims["aud"]?.array?.contains(.string(SignInFixture.web)) == true)
        #expect(jws.claims["nonce"] == .string("n"))
        let bearer = [(name: "authorization", value: "Bearer \(tokens["access_token"]?.string ?? "")")]
        #expect(fixture.server.get("/oidc/v1/userinfo", headers: bearer).json["sub"] == jws.claims["sub"])
    }

    @Test("oidcc-response-type-missing: the error is sent to the app or shown on a page")
    func responseTypeMissing() throws {
        let fixture = try SignInFixture()
        let answer = try fixture.browser().get(fixture.target(SignInFixture.web, ["response_type": nil])).response
        #expect(["invalid_request", "unsupported_response_type"].contains(answer.locationParameters["error"]))
    }

    @Test("oidcc-userinfo-get, -post-header, -post-body: userinfo accepts each kind of request")
    func userInfo() throws {
        let fixture = try SignInFixture()
        let token = try fixture.tokens(scope: "openid")["access_token"]?.string ?? ""
        let bearer = [(name: "authorization", value: "Bearer \(token)")]
        let path = "/oidc/v1/userinfo"
        for answer in [
            fixture.server.get(path, headers: bearer), fixture.server.post(path, [], headers: bearer),
            fixture.server.post(path, [("access_token", token)]),
        ] {
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "application/json")
            #expect(answer.json["sub"] == .string(SignInFixture.alice))
        }
    }

    @Test("oidcc-ensure-request-without-nonce-succeeds-for-code-flow: there is an ID token without a nonce")
    func withoutNonce() throws {
        let fixture = try SignInFixture()
        #expect(SignInFixture.claims(try fixture.tokens()["id_token"]?.string)["nonce"] == nil)
    }

    static let scopes: [(module: String, scope: String, claims: [String])] = [
        (
            "oidcc-scope-profile", "openid profile",
            ["name", "given_name", "family_name", "preferred_username", "updated_at"]
        ),
        ("oidcc-scope-email", "openid email", ["email", "email_verified"]),
        ("oidcc-scope-phone", "openid phone", ["phone_number"]),
        ("oidcc-scope-address", "openid address", ["sub"]),
        (
            "oidcc-scope-all", "openid profile email phone address",
            ["name", "email", "email_verified", "phone_number", "preferred_username"]
        ),
    ]

    @Test("oidcc-scope-*: claims come from userinfo", arguments: scopes)
    func scope(module: String, scope: String, claims: [String]) throws {
        let fixture = try SignInFixture()
        let token = try fixture.tokens(scope: scope)["access_token"]?.string ?? ""
        let answer = fixture.server.get(
            "/oidc/v1/userinfo", headers: [(name: "authorization", value: "Bearer \(token)")]
        ).json
        for name in claims { #expect(answer[name] != nil, "\(module): \(name)") }
    }

    static let displays = ["page", "popup", "touch", "wap"]

    @Test("oidcc-display-*: every value of display is accepted", arguments: displays)
    func display(display: String) throws {
        let fixture = try SignInFixture()
        #expect(
            try fixture.browser().open(fixture.target(SignInFixture.web, ["display": display])).response.status == 200)
    }

    @Test("oidcc-prompt-login: a second sign-in is required, and has a later auth_time") func promptLogin() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let first = SignInFixture.claims(try fixture.tokens(in: browser)["id_token"]?.string)["auth_time"]
        fixture.time.advance(bySeconds: 2)
        let second = SignInFixture.claims(try fixture.tokens(["prompt": "login"], in: browser)["id_token"]?.string)[
            "auth_time"]
        guard case .integer(let old)? = first, case .integer(let new)? = second else {
            Issue.record("no auth_time")
            return
        }
        #expect(new > old)
    }

    @Test("oidcc-prompt-none-not-logged-in, -logged-in: an error without a session, and a code with one")
    func promptNone() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let target = fixture.target(SignInFixture.web, ["prompt": "none"])
        #expect(try browser.open(target).response.locationParameters["error"] == "login_required")
        let before = SignInFixture.claims(try fixture.tokens(in: browser)["id_token"]?.string)
        let code = try browser.open(target).response.locationParameters["code"] ?? ""
        let after = SignInFixture.claims(try fixture.redeem(code).json["id_token"]?.string)
        #expect(before["sub"] == after["sub"])
        #expect(before["auth_time"] == after["auth_time"])
    }

    @Test("oidcc-max-age-1 asks again, and oidcc-max-age-10000 does not and returns auth_time") func maxAge() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        _ = try fixture.tokens(in: browser)
        fixture.time.advance(bySeconds: 2)
        #expect(try browser.open(fixture.target(SignInFixture.web, ["max_age": "1"])).response.status == 200)
        let code = try browser.open(fixture.target(SignInFixture.web, ["max_age": "10000"])).response
            .locationParameters[
                "code"]
        #expect(SignInFixture.claims(try fixture.redeem(code ?? "").json["id_token"]?.string)["auth_time"] != nil)
    }

    @Test(
        "oidcc-id-token-hint, -login-hint, -ui-locales, -claims-locales, -acr-values: the parameters are accepted"
    )
    func hints() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let hint = try fixture.tokens(in: browser)["id_token"]?.string
        let silent = fixture.target(SignInFixture.web, ["id_token_hint": hint, "prompt": "none"])
        #expect(try browser.open(silent).response.locationParameters["code"] != nil)
        for (name, value) in [
            ("login_hint", "buffy@example.com"), ("ui_locales", "se"), ("claims_locales", "se"), ("acr_values", "1 2"),
        ] {
            let page = try fixture.browser().open(fixture.target(SignInFixture.web, [name: value]))
            #expect(page.response.status == 200, "\(name)")
        }
    }

    @Test("oidcc-ensure-other-scope-order-succeeds, -request-with-unknown-parameter-succeeds: both give an ID token")
    func tolerance() throws {
        let fixture = try SignInFixture()
        #expect(try fixture.tokens(scope: "email openid")["id_token"] != nil)
        #expect(try fixture.tokens(["extra": "foobar"])["id_token"] != nil)
    }

    @Test(
        "oidcc-codereuse, -30seconds: the code is refused, but ZITADEL keeps the first tokens active"
    )
    func codeReuse() throws {
        let fixture = try SignInFixture()
        let code = try fixture.code()
        let token = try fixture.redeem(code).json["access_token"]?.string ?? ""
        #expect(try fixture.redeem(code).json["error"]?.string == "invalid_grant")
        fixture.time.advance(bySeconds: 30)
        #expect(try fixture.redeem(code).json["error"]?.string == "invalid_grant")
        #expect(fixture.introspect(token).json["active"] == .bool(true))
    }

    @Test("oidcc-ensure-registered-redirect-uri, -query-mismatch, -query-added: nothing is redirected")
    func redirectURI() throws {
        let fixture = try SignInFixture()
        for uri in [
            "https://web.example/callback/XZK", "https://web.example/callback?foo=bar", "https://evil.example/callback",
        ] {
            let answer = try fixture.browser().get(fixture.target(redirectURI: uri)).response
            #expect(answer.status == 400)
            #expect(answer.header("Location") == nil)
        }
    }

    @Test("oidcc-ensure-post-request-succeeds: an authorization request may be a POST") func postRequest() throws {
        let fixture = try SignInFixture()
        #expect(fixture.server.post("/oauth/v2/authorize", WebLocation(fixture.target()).query).status == 302)
    }

    @Test("oidcc-server-client-secret-post, -basic: each app may use either method") func clientSecret() throws {
        let fixture = try SignInFixture()
        let form = [
            ("grant_type", "authorization_code"), ("code", try fixture.code()),
            ("redirect_uri", SignInFixture.webCallback),
            ("client_id", SignInFixture.web), ("client_secret", "web-secret"),
        ]
        #expect(fixture.server.post("/oauth/v2/token", form).status == 200)
        #expect(try fixture.redeem(try fixture.code()).status == 200)
    }

    @Test("oidcc-request-uri-unsupported, -unsigned-request-object: the one is ignored, and the other refused")
    func requestObjects() throws {
        let fixture = try SignInFixture()
        let byReference = fixture.target(SignInFixture.web, ["request_uri": "https://example.com/request.jwt"])
        #expect(try fixture.browser().open(byReference).response.status == 200)
        let header = Base64.urlEncoded(Array("{\"alg\":\"none\"}".utf8))
        let payload = Base64.urlEncoded(
            Array(
                "{\"iss\":\"\(SignInFixture.web)\",\"client_id\":\"\(SignInFixture.web)\",\"aud\":\"\(fixture.server.issuer)\"}"
                    .utf8))
        let answer = try fixture.browser().get(fixture.target(SignInFixture.web, ["request": "\(header).\(payload)."]))
            .response
        #expect(answer.locationParameters["error"] == "invalid_request_object")
    }

    @Test("oidcc-ensure-request-object-with-redirect-uri: the redirect URI in the object counts")
    func redirectURIInObject() throws {
        let fixture = try SignInFixture()
        let file = try TestServer.key("web-key")
        let claims: JSONObject = [
            "iss": .string(SignInFixture.key), "client_id": .string(SignInFixture.key),
            "aud": .string(fixture.server.issuer),
            "redirect_uri": .string("https://evil.example/"),
        ]
        let object = Assertion.sign(claims, by: file.privateKey, keyID: file.keyID)
        let answer = try fixture.browser().get(fixture.target(SignInFixture.key, ["request": object])).response
        #expect(answer.status == 400)
        #expect(answer.header("Location") == nil)
    }

    @Test("oidcc-refresh-token: a refresh gives new tokens") func refreshToken() throws {
        let fixture = try SignInFixture()
        let tokens = try fixture.tokens(scope: "openid offline_access", ["prompt": "consent"])
        let answer = try fixture.refresh(tokens["refresh_token"]?.string ?? "").json
        let (old, new) = (
            SignInFixture.claims(tokens["id_token"]?.string), SignInFixture.claims(answer["id_token"]?.string)
        )
        for name in ["iss", "sub", "aud", "azp", "auth_time"] { #expect(old[name] == new[name], "\(name)") }
        let foreign = try fixture.refresh(answer["refresh_token"]?.string ?? "", SignInFixture.native)
        #expect(foreign.json["error"]?.string == "invalid_grant")
    }

    // MARK: Form post

    @Test("oidcc-form-post: responses are sent as a form, errors, too") func formPost() throws {
        let fixture = try SignInFixture()
        let answer = try fixture.signIn(SignInFixture.web, ["response_mode": "form_post"])
        #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
        let code = answer.text.firstMatch(of: /name="code" value="([^"]*)"/).map { String($0.1) } ?? ""
        #expect(try fixture.redeem(code).status == 200)
        let target = fixture.target(SignInFixture.web, ["response_mode": "form_post", "prompt": "none"])
        let refused = try fixture.browser().open(target).response
        #expect(refused.text.contains("name=\"error\" value=\"login_required\""))
        #expect(refused.text.contains("name=\"state\" value=\"st-1\""))
    }
}
