import Crypto
import Encodings
import HTTP
import JOSE
import Model
import OAuth
import Provider
import TestSupport
import Testing

/// What the authorization endpoint accepts and refuses, row by row of ZITADEL's rules, in both dialects.
@Suite struct AuthorizeTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        let name: String
        let client: String
        let changes: [String: String?]
        let status: Int
        let error: String
        let description: String
        /// The error that the app gets in the dialect documented; nil when it gets none.
        let reported: String?
        let reason: String
        var testDescription: String { name }

        init(
            _ name: String, client: String = SignInFixture.web, _ changes: [String: String?], status: Int = 400,
            error: String = "invalid_request", _ description: String, reported: String? = nil, reason: String
        ) {
            self.name = name
            self.client = client
            self.changes = changes
            self.status = status
            self.error = error
            self.description = description
            self.reported = reported
            self.reason = reason
        }
    }

    private static let contact =
        " If you have any questions, you may contact the administrator of the application."
    private static let unknownURI = "The requested redirect_uri is missing in the client configuration." + contact
    private static let plainURI = "This client's redirect_uri is http and is not allowed." + contact
    private static let unknownType = "The requested response type is missing in the client configuration." + contact
    private static let missingScope =
        "The scope of your request is missing. Please ensure some scopes are requested." + contact
    private static let hugeAge = "99999999999999999999"

    static let refused: [Refused] = [
        .init(
            "T182 no client_id", ["client_id": nil], "auth request is missing client_id", reason: "client_id_missing"),
        .init("T181 unknown client", ["client_id": "1"], "Errors.App.NotFound", reason: "app_unknown"),
        .init("an API app", ["client_id": "270000000000000302"], "Errors.App.NotFound", reason: "app_unknown"),
        .init(
            "T183 no redirect_uri", ["redirect_uri": nil], status: 500, error: "server_error",
            "auth request is missing redirect_uri", reason: "redirect_uri_missing"),
        .init(
            "T184 unknown redirect_uri", ["redirect_uri": "https://evil.example/"], unknownURI,
            reason: "redirect_uri_unknown"),
        .init(
            "other path", ["redirect_uri": "https://web.example/callback/"], unknownURI, reason: "redirect_uri_unknown"),
        .init(
            "other port on a web app", ["redirect_uri": "https://web.example:1/callback"], unknownURI,
            reason: "redirect_uri_unknown"),
        .init(
            "http of a public app", client: SignInFixture.spa, ["redirect_uri": "http://spa.example/callback"],
            plainURI,
            reason: "redirect_uri_http"),
        .init(
            "http of a single page app, although it is a loopback address", client: SignInFixture.spa,
            ["redirect_uri": "http://localhost:5173/callback"], plainURI, reason: "redirect_uri_http"),
        .init(
            "http of a native app, not loopback", client: SignInFixture.native,
            ["redirect_uri": "http://far.example/callback"],
            plainURI, reason: "redirect_uri_http"),
        .init(
            "127.0.0.1 for localhost", client: SignInFixture.spa, ["redirect_uri": "http://127.0.0.1:5173/callback"],
            unknownURI, reason: "redirect_uri_unknown"),
        .init(
            "own scheme of a web app", client: SignInFixture.plainWeb, ["redirect_uri": "odd.scheme://callback"],
            "This client's redirect_uri is using a custom schema and is not allowed." + contact,
            reason: "redirect_uri_scheme"),
        .init(
            "prompt none and login", ["prompt": "none login"],
            "The prompt parameter `none` must only be used as a single value", reported: "invalid_request",
            reason: "prompt_conflict"),
        .init("no scope", ["scope": nil], missingScope, reported: "invalid_request", reason: "scope_missing"),
        .init(
            "no response_type", ["response_type": nil], "The response type is missing in your request." + contact,
            reported: "invalid_request", reason: "response_type_missing"),
        .init(
            "T185 response_type token", ["response_type": "token"], status: 400, error: "unauthorized_client",
            unknownType,
            reported: "unauthorized_client", reason: "response_type_not_allowed"),
        .init(
            "order of response types counts", client: SignInFixture.spa, ["response_type": "token id_token"],
            status: 400,
            error: "unauthorized_client", unknownType, reported: "unauthorized_client",
            reason: "response_type_not_allowed"),
        .init(
            "max_age negative", ["max_age": "-1"], "error decoding form", reported: "invalid_request",
            reason: "parameter_undecodable"),
        .init(
            "max_age of 20 digits", ["max_age": hugeAge], "error decoding form", reported: "invalid_request",
            reason: "parameter_undecodable"),
        .init(
            "request is not a JWT", ["request": "x"],
            "parsing of request failed: token contains an invalid number of segments",
            reported: "invalid_request_object",
            reason: "request_object"),
    ]

    @Test("an authorization request is refused in dialect server as ZITADEL refuses it", arguments: refused)
    func server(_ refused: Refused) throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        let answer = try fixture.browser().get(fixture.target(refused.client, refused.changes)).response
        #expect(answer.status == refused.status)
        #expect(answer.json["error"]?.string == refused.error)
        #expect(answer.json["error_description"]?.string == refused.description)
        #expect(answer.header("Location") == nil)
        #expect(answer.reason == refused.reason)
    }

    @Test("an error in dialect documented goes to the app once its redirect URI is verified", arguments: refused)
    func documented(_ refused: Refused) throws {
        let fixture = try SignInFixture()
        let answer = try fixture.browser().get(fixture.target(refused.client, refused.changes)).response
        guard let reported = refused.reported else {
            // Only a missing redirect_uri is an internal error of the server that the RFCs see otherwise.
            #expect(answer.status == (refused.status == 500 ? 400 : refused.status))
            #expect(answer.header("Location") == nil)
            return
        }
        #expect(answer.status == 302)
        #expect(answer.header("Location")?.hasPrefix(SignInFixture.callbacks[refused.client] ?? "?") == true)
        #expect(answer.locationParameters["error"] == reported)
        #expect(answer.locationParameters["error_description"]?.isEmpty == false)
        #expect(answer.locationParameters["state"] == "st-1")
        #expect(answer.reason == refused.reason)
    }

    static let accepted: [(client: String, uri: String)] = [
        (SignInFixture.native, "http://localhost/callback"), (SignInFixture.native, "http://localhost:54321/callback"),
        (SignInFixture.native, "http://127.0.0.1:9/callback"), (SignInFixture.native, "http://[::1]:9/callback"),
        (SignInFixture.native, "https://localhost:9/callback"),
        (SignInFixture.native, "http://[0:0:0:0:0:0:0:1]:9/callback"),
        (SignInFixture.native, "http://[::ffff:127.0.0.1]/callback"),
        (SignInFixture.native, "http://localhost/%63allback"),
        (SignInFixture.native, "com.example.app://callback"), (SignInFixture.spa, "https://spa.example/callback"),
        (SignInFixture.plainWeb, "http://plain.example/callback"),
        (SignInFixture.globbed, "https://pr-7.preview.example/callback"),
        (SignInFixture.globbed, "http://dev.example/x"),
    ]

    @Test("a redirect URI that the app may use is accepted", arguments: accepted)
    func acceptedURI(client: String, uri: String) throws {
        let fixture = try SignInFixture()
        let answer = try fixture.browser().get(fixture.target(client, redirectURI: uri)).response
        #expect(answer.status == 302)
        #expect(answer.header("Location")?.hasPrefix("/ui/v2/login/login?authRequest=V2_") == true)
    }

    static let foreign: [(client: String, uri: String)] = [
        (SignInFixture.native, "http://localhost:1/other"), (SignInFixture.native, "http://localhost/callback?x=1"),
        (SignInFixture.native, "http://LOCALHOST/callback"), (SignInFixture.native, "http://[::1/callback"),
        (SignInFixture.native, "http://127.+0.0.1/callback"), (SignInFixture.native, "http://127.0.0.1:+80/callback"),
        (SignInFixture.native, "http://localhost.evil.example/callback"),
        (SignInFixture.native, "http://127.0.0.1@evil.example/callback"),
        (SignInFixture.native, "http://evil.example\\@localhost/callback"),
        (SignInFixture.globbed, "https://evil.example\\.preview.example/callback"),
        (SignInFixture.spa, "http://localhost:1/callback"),
        (SignInFixture.globbed, "https://a/b.preview.example/callback"),
        (SignInFixture.globbed, "http://dev.example/a/b"),
        (SignInFixture.globbed, "https://preview.example/callback"),
    ]

    @Test("a redirect URI that the app may not use is refused", arguments: foreign)
    func unregisteredURI(client: String, uri: String) throws {
        let fixture = try SignInFixture()
        let answer = try fixture.browser().get(fixture.target(client, redirectURI: uri)).response
        #expect(answer.status == 400)
        #expect(answer.reason == "redirect_uri_unknown")
    }

    static let tolerated: [[String: String?]] = [
        ["prompt": "foo"], ["prompt": "login consent"], ["response_mode": "odd"], ["display": "popup"], ["foo": "bar"],
        ["acr_values": "a b"], ["ui_locales": "xx_yy"], ["code_challenge": "abc", "code_challenge_method": "S512"],
        ["request_uri": "https://x"], ["id_token_hint": "x"], ["scope": ""], ["max_age": "60"], ["claims": "{"],
    ]

    @Test("unusual parameters that ZITADEL tolerates lead to the sign-in page", arguments: tolerated)
    func toleratedParameters(
        _ changes: [String: String?]
    ) throws {
        let fixture = try SignInFixture()
        #expect(try fixture.browser().get(fixture.target(SignInFixture.web, changes)).response.status == 302)
    }

    @Test("T186 a redirect has the body of Go's http.Redirect, and no body after POST") func redirectBody() throws {
        let fixture = try SignInFixture()
        let target = fixture.target()
        let answer = try fixture.browser().get(target).response
        let location = answer.header("Location") ?? ""
        #expect(answer.text == "<a href=\"\(location)\">Found</a>.\n\n")
        #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
        let form = WebLocation(target).query
        let post = fixture.server.post("/oauth/v2/authorize", form)
        #expect(post.status == 302)
        #expect(post.body.isEmpty)
        #expect(post.header("Content-Type") == nil)
    }

    @Test("a redirect URI that matches a pattern cannot inject a header") func lineBreaks() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        browser.headers = [("mock-login-as", "alice")]
        let target = fixture.target(SignInFixture.globbed, redirectURI: "http://dev.example/a\r\nSet-Cookie: é=1")
        let answer = try browser.get(target).response
        #expect(answer.status == 400)
        #expect(answer.reason == "redirect_uri_unknown")
        let umlaut = try browser.get(fixture.target(SignInFixture.globbed, redirectURI: "http://dev.example/a é=1"))
            .response
        #expect(umlaut.header("Location")?.hasPrefix("http://dev.example/a%20%C3%A9=1?code=") == true)
    }

    @Test("older servers redirect to the classic page, and the oldest refuses an invalid hint")
    func olderVersions() throws {
        let old = try SignInFixture(instance: "\"serverVersion\": \"v3.4\"")
        let location = try old.browser().get(old.target()).response.header("Location") ?? ""
        #expect(location.wholeMatch(of: /\/ui\/login\/login\?authRequestID=[0-9]{18}/) != nil)
        let oldest = try SignInFixture(instance: "\"serverVersion\": \"v2.71\", \"dialect\": \"server\"")
        let answer = try oldest.browser().get(oldest.target(SignInFixture.web, ["id_token_hint": "x"])).response
        #expect(answer.status == 400)
        #expect(answer.json["error"]?.string == "login_required")
    }

    @Test("a redirect URI with another name of loopback is reported with the registered one")
    func loopbackHint() throws {
        let fixture = try SignInFixture()
        let answer = try fixture.browser().get(
            fixture.target(SignInFixture.spa, redirectURI: "http://127.0.0.1:5173/callback")
        ).response
        #expect(answer.header("Mock-Reason")?.hasSuffix("did you mean http://localhost:5173/callback?") == true)
    }

    static let escapes = [SignInFixture.web, SignInFixture.native]

    @Test(
        "a registered redirect URI with an escape, sent without encoding, is reported as decoded once more",
        arguments: escapes)
    func decodedOnceMore(client: String) throws {
        let registered = client == SignInFixture.web ? "https://web.example/callback" : "com.example.app://callback"
        let fixture = try SignInFixture {
            $0.replacing("\"\(registered)\"", with: "\"\(registered)?tenant=a%20b\"")
        }
        func answer(_ redirectURI: String) throws -> HTTPResponse {
            try fixture.browser().get(fixture.target(client, redirectURI: redirectURI)).response
        }
        let plain = try answer(registered + "?tenant=a%20b")
        #expect(plain.reason == "redirect_uri_unknown")
        let line = plain.header("Mock-Reason") ?? ""
        #expect(
            line.hasSuffix(
                "ZITADEL decodes redirect_uri once more, to \"\(registered)?tenant=a b\"; escape it once more"))
        #expect(try answer(registered + "?tenant=a%2520b").status == 302)
    }

    @Test("a redirect URI with http of a web app with a secret is allowed for codes only") func plainTokens() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"") {
            $0.replacing(
                "\"name\": \"Plain\", ", with: "\"name\": \"Plain\", \"responseTypes\": [\"code\", \"id_token\"], ")
        }
        #expect(try fixture.browser().get(fixture.target(SignInFixture.plainWeb)).response.status == 302)
        let implicit = try fixture.browser().get(fixture.target(SignInFixture.plainWeb, ["response_type": "id_token"]))
            .response
        #expect(implicit.reason == "redirect_uri_http")
    }

    @Test("a public app without PKCE, and scopes that are dropped, cause warnings") func warnings() throws {
        let fixture = try SignInFixture()
        let target = fixture.target(
            SignInFixture.spa,
            ["code_challenge": nil, "code_challenge_method": nil, "scope": "offline_access read:messages"])
        let warnings = try fixture.browser().get(target).response.headers.filter { $0.name == "Mock-Warning" }
        #expect(
            warnings.map { String($0.value.prefix { $0 != ";" }) }.sorted()
                == ["no-openid", "no-pkce", "no-refresh-grant", "scope-dropped"])
    }

    // MARK: Request objects

    private func requestObject(
        _ fixture: SignInFixture, _ changes: JSONObject = [:], keyID: String? = nil
    ) throws -> String {
        let file = try TestServer.key("web-key")
        var claims: JSONObject = [
            "iss": .string(SignInFixture.key), "client_id": .string(SignInFixture.key),
            "aud": .string(fixture.server.issuer),
            "scope": .string("openid email"), "state": .string("from-object"), "response_type": .string("code"),
        ]
        for member in changes.members {
            claims.members.removeAll { $0.name == member.name }
            claims.members.append(member)
        }
        return Assertion.sign(claims, by: file.privateKey, keyID: keyID ?? file.keyID)
    }

    @Test("the scope and state of a signed request object replace those of the request") func signedRequest() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let target = fixture.target(SignInFixture.key, ["request": try requestObject(fixture)])
        let answer = try browser.press(try browser.open(target), "people", "Continue as Alice").response
        #expect(answer.locationParameters["state"] == "from-object")
        let tokens = try fixture.redeem(answer.locationParameters["code"] ?? "", SignInFixture.key).json
        let scope = fixture.introspect(tokens["access_token"]?.string ?? "").json["scope"]?.string
        #expect(scope == "openid email")
    }

    static let badObjects: [(name: String, changes: JSONObject, text: String)] = [
        ("client id", ["client_id": .string("1"), "iss": .string("1")], "missing or wrong client id in request"),
        ("response type", ["response_type": .string("id_token")], "missing or wrong response type in request"),
        ("issuer", ["iss": .string("1")], "missing or wrong issuer in request"),
        ("audience", ["aud": .string("http://other")], "issuer missing in audience"),
    ]

    @Test("a request object that does not match the request is refused", arguments: badObjects)
    func badRequest(name: String, changes: JSONObject, text: String) throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        let target = fixture.target(SignInFixture.key, ["request": try requestObject(fixture, changes)])
        let answer = try fixture.browser().get(target).response
        #expect(answer.status == 400)
        #expect(answer.json["error_description"]?.string == text)
    }

    @Test("a request object that the app did not sign is refused") func unsignedRequest() throws {
        let fixture = try SignInFixture()
        let object = try requestObject(fixture, keyID: "270000000000000999")
        let answer = try fixture.browser().get(fixture.target(SignInFixture.key, ["request": object])).response
        #expect(answer.locationParameters["error"] == "invalid_request_object")
    }

    // MARK: Answers

    @Test("the response modes query, fragment and form_post are supported") func responseModes() throws {
        let fixture = try SignInFixture()
        let query = try fixture.signIn(SignInFixture.web, ["response_mode": "query"]).header("Location") ?? ""
        #expect(WebLocation(query).query.map(\.0) == ["code", "state"])
        let fragment = try fixture.signIn(SignInFixture.web, ["response_mode": "fragment"]).header("Location") ?? ""
        #expect(WebLocation(fragment).fragment.map(\.0) == ["code", "state"])
        let form = try fixture.signIn(SignInFixture.web, ["response_mode": "form_post", "state": "<\"&'>"])
        #expect(form.status == 200)
        #expect(form.text.contains("<form id=\"callback\" method=\"post\" action=\"https://web.example/callback\">"))
        #expect(form.text.contains("name=\"state\" value=\"&lt;&#34;&amp;&#39;&gt;\""))
        let code = form.text.firstMatch(of: /name="code" value="([^"]*)"/).map { String($0.1) } ?? ""
        #expect(try fixture.redeem(code).status == 200)
        let policy = form.header("Content-Security-Policy") ?? ""
        let script = form.text.firstMatch(of: /<script>(.*)<\/script>/).map { String($0.1) } ?? ""
        let hash = Base64.encoded(Digest.sha256.hash(Array(script.utf8)))
        #expect(policy.contains("script-src 'sha256-\(hash)'"))
    }

    @Test("the state is returned unchanged, whatever it is") func state() throws {
        let fixture = try SignInFixture()
        let state = "a b&c=d/é?#%41+\u{1F600}"
        #expect(try fixture.signIn(SignInFixture.web, ["state": state]).locationParameters["state"] == state)
        let without = try fixture.signIn(SignInFixture.web, ["state": nil]).header("Location") ?? ""
        #expect(without.hasSuffix("&state="), "a code is never answered without the parameter")
    }

    @Test("T186g the implicit flow returns an ID token alone, or with an access token") func implicit() throws {
        let fixture = try SignInFixture()
        let alone = try fixture.signIn(SignInFixture.spa, ["response_type": "id_token", "nonce": "n-1"])
        let fragment = WebLocation(alone.header("Location") ?? "").fragment
        #expect(fragment.map(\.0) == ["expires_in", "id_token", "state", "token_type"])
        #expect(alone.locationParameters["expires_in"] == "18446744064486179580")
        let claims = SignInFixture.claims(alone.locationParameters["id_token"])
        #expect(claims["nonce"] == .string("n-1"))
        #expect(claims["at_hash"] == nil)
        #expect(claims["sid"] != nil)
        let both = try fixture.signIn(SignInFixture.spa, ["response_type": "id_token token", "nonce": "n-2"])
        let parameters = both.locationParameters
        #expect(
            WebLocation(both.header("Location") ?? "").fragment.map(\.0)
                == ["access_token", "expires_in", "id_token", "state", "token_type"])
        #expect(parameters["expires_in"] == "43199")
        #expect(SignInFixture.claims(parameters["id_token"])["at_hash"] != nil)
        #expect(fixture.introspect(parameters["access_token"] ?? "").json["active"] == .bool(true))
    }

    private static func authorize(
        _ fixture: SignInFixture, _ changes: [String: String?], headers: [(name: String, value: String)] = []
    ) -> HTTPResponse {
        let target = fixture.target(SignInFixture.web, changes).split(separator: "?", maxSplits: 1)
        return fixture.server.send(
            HTTPRequest(method: "GET", path: String(target[0]), query: Array(target[1].utf8), headers: headers))
    }

    @Test("form_post is answered as the dialect of the request has it") func formPostByDialect() throws {
        for (instance, asked, status) in [("server", "documented", 200), ("documented", "server", 302)] {
            let fixture = try SignInFixture(instance: "\"dialect\": \"\(instance)\"")
            let answer = Self.authorize(
                fixture, ["response_mode": "form_post", "prompt": "none"],
                headers: [("mock-dialect", asked), ("mock-login-as", "alice")])
            #expect(answer.status == status, "\(instance) \(asked): \(answer.text)")
        }
    }

    @Test(
        "the app's own response types are suggested, whatever the order of their words",
        arguments: [
            ("token id_token", "did you mean id_token token?"), ("id_tokn token", "did you mean id_token token?"),
        ])
    func responseTypeHint(sent: String, hint: String) throws {
        let fixture = try SignInFixture()
        var app = try #require(fixture.server.instance.snapshot.resources.client(id: SignInFixture.web)?.app)
        app.oidc?.responseTypes = [.idTokenAndToken]
        try fixture.server.instance.change { [app] _ in ([.put(.app(app))], ()) }
        let answer = Self.authorize(fixture, ["response_type": sent])
        #expect(answer.header("Mock-Reason")?.hasSuffix(hint) == true, "\(answer.header("Mock-Reason") ?? "")")
    }

    @Test("a logout for an app of another type, or an inactive one, says so") func logoutApp() throws {
        let fixture = try ReferenceFixture()
        func reason(_ id: String) -> String {
            fixture.server.post("/oidc/v1/end_session", [("client_id", id)]).header("Mock-Reason") ?? ""
        }
        #expect(reason(ReferenceFixture.idOfB).contains("is the API app \"B\"; users sign in to apps of type oidc"))
        #expect(!reason("1").contains("did you mean 1"))
    }
}
