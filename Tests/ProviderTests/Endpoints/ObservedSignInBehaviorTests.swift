import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// How a running ZITADEL answered unusual requests for sign-in and logout: each test expects what was observed.
@Suite struct ObservedSignInBehaviorTests {
    private static let native = SignInFixture.native, web = SignInFixture.web
    private static let server = "\"dialect\": \"server\""

    private func location(_ client: String, scope: String, dialect: String = server) throws -> HTTPResponse {
        let fixture = try SignInFixture(instance: dialect)
        return try fixture.browser().get(fixture.target(client, ["scope": scope])).response
    }

    @Test(
        "organization scopes must name one existing organization, and the app gets the error in both dialects",
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

    @Test("the nonce of an authorization request is repeated in the ID token of every refresh")
    func nonceOfRefresh() throws {
        let fixture = try SignInFixture()
        var tokens = try fixture.tokens(scope: "openid offline_access", ["nonce": "n-1"])
        for _ in 1...2 {
            let answer = try fixture.refresh(tokens["refresh_token"]?.string ?? "")
            #expect(answer.status == 200)
            tokens = answer.json
            #expect(SignInFixture.claims(tokens["id_token"]?.string)["nonce"] == .string("n-1"))
        }
    }

    @Test("form_post is answered as query in dialect server")
    func formPost() throws {
        let fixture = try SignInFixture(instance: Self.server)
        let answer = try fixture.signIn(Self.web, ["response_mode": "form_post"])
        #expect(answer.status == 302)
        #expect(answer.locationParameters["code"]?.isEmpty == false)
        let older = try SignInFixture(instance: Self.server + ", \"serverVersion\": \"v3.4\"")
        #expect(try older.signIn(Self.web, ["response_mode": "form_post"]).status == 200)
    }

    @Test("scopes of two organizations are refused, and one organization by id and by domain is accepted")
    func severalOrganizations() throws {
        let first = "urn:zitadel:iam:org:id:270000000000000001"
        let two = try location(Self.native, scope: "openid \(first) urn:zitadel:iam:org:id:270000000000000002")
        #expect(two.locationParameters["error"] == "invalid_scope")
        #expect(two.locationParameters["error_description"] == "Only one organization scope may be provided")
        let same = try location(
            Self.native, scope: "openid \(first) \(first) urn:zitadel:iam:org:domain:primary:acme.localhost")
        #expect(same.header("Location")?.hasPrefix("/ui/v2/login") == true)
        let old = try location(
            Self.native, scope: "openid urn:zitadel:iam:org:id:999",
            dialect: Self.server + ", \"serverVersion\": \"v4.13\"")
        #expect(old.header("Location")?.hasPrefix("/ui/v2/login") == true, "older servers did not look")
    }

    static let deviceScopes: [(scope: String, error: String, text: String)] = [
        ("urn:zitadel:iam:org:id:999", "server_error", "ID=QUERY-leq5Q Message=Errors.Org.NotFound"),
        (
            "urn:zitadel:iam:org:domain:primary:x.example", "server_error",
            "ID=QUERY-iTTGJ Message=Errors.Org.NotFound Parent=(sql: no rows in result set)"
        ),
        (
            "urn:zitadel:iam:org:id:270000000000000001 urn:zitadel:iam:org:id:270000000000000002", "invalid_scope",
            "Only one organization scope may be provided"
        ),
    ]

    @Test("invalid organization scopes at device authorization are an error of the server", arguments: deviceScopes)
    func deviceOrganizations(scope: String, error: String, text: String) throws {
        let fixture = try SignInFixture(instance: Self.server)
        let answer = fixture.server.post(
            "/oauth/v2/device_authorization", [("client_id", Self.native), ("scope", "openid \(scope)")])
        #expect(answer.status == 500)
        #expect(answer.json["error"]?.string == error)
        #expect(answer.json["error_description"]?.string == text)
    }

    @Test("a verifier without a challenge is refused for apps without secret and key only")
    func unexpectedVerifier() throws {
        let fixture = try SignInFixture(instance: Self.server)
        for (client, status) in [(Self.native, 400), (Self.web, 200)] {
            let code = try fixture.code(client, ["code_challenge": nil, "code_challenge_method": nil])
            let answer = try fixture.token(
                client,
                [
                    ("grant_type", "authorization_code"), ("code", code + "\n"),
                    ("redirect_uri", SignInFixture.callbacks[client] ?? ""), ("code_verifier", SignInFixture.verifier),
                ])
            #expect(answer.status == status)
            if status == 400 {
                #expect(answer.json["error_description"]?.string == "code_verifier unexpectedly provided")
                #expect(answer.reason == "code_verifier_unexpected")
            }
        }
    }

    @Test(
        "the prompt none is refused next to another value, even if one value is empty",
        arguments: [" none", "none ", "none login"])
    func promptNone(prompt: String) throws {
        let fixture = try SignInFixture(instance: Self.server)
        let answer = try fixture.browser().get(fixture.target(Self.web, ["prompt": prompt])).response
        #expect(answer.status == 400)
        #expect(answer.reason == "prompt_conflict")
    }

    @Test("max_age may be any unsigned 64-bit number")
    func maximumAge() throws {
        let fixture = try SignInFixture(instance: Self.server)
        for (age, status) in [("18446744073709551615", 302), ("18446744073709551616", 400), ("-1", 400)] {
            #expect(try fixture.browser().get(fixture.target(Self.web, ["max_age": age])).response.status == status)
        }
    }

    @Test("values in a fragment are escaped twice, and there is no ID token without the scope openid")
    func fragment() throws {
        let fixture = try SignInFixture(instance: Self.server)
        let answer = try fixture.signIn(
            SignInFixture.spa, ["response_type": "id_token", "state": "\u{FC}", "scope": "profile"])
        let location = answer.header("Location") ?? ""
        #expect(location.contains("state=%25C3%25BC"))
        #expect(!location.contains("id_token="))
    }

    static let hints: [(name: String, change: @Sendable (String) -> String, status: Int, text: String)] = [
        ("another signature", { flipped($0, at: -12) }, 500, "Errors.Internal"),
        ("a key that is not known", { withHeader($0, #"{"alg":"RS256","kid":"x"}"#) }, 404, "Errors.WebKey.NotFound"),
        ("no key", { withHeader($0, #"{"alg":"RS256"}"#) }, 404, "Errors.WebKey.NotFound"),
        ("no signature", { withHeader($0, #"{"alg":"none"}"#) }, 400, "id_token_hint invalid"),
        ("a cut signature", { String($0.dropLast()) }, 400, "id_token_hint invalid"),
        ("garbage", { _ in "a.b.c" }, 400, "id_token_hint invalid"),
    ]

    private static func flipped(_ token: String, at offset: Int) -> String {
        var bytes = Array(token.utf8)
        let index = bytes.count + offset
        bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func withHeader(_ token: String, _ header: String) -> String {
        Base64.urlEncoded(Array(header.utf8)) + token.drop { $0 != "." }
    }

    @Test("the error for an invalid logout hint depends on what is wrong with it", arguments: hints.indices)
    func hint(index: Int) throws {
        let example = Self.hints[index]
        let fixture = try SignInFixture(instance: Self.server)
        let token = try fixture.tokens()["id_token"]?.string ?? ""
        let answer = fixture.server.post("/oidc/v1/end_session", [("id_token_hint", example.change(token))])
        #expect(answer.status == example.status, "\(example.name)")
        #expect(answer.json["error_description"]?.string == example.text, "\(example.name)")
        let good = fixture.server.post("/oidc/v1/end_session", [("id_token_hint", token + "\n")])
        #expect(good.header("Location") == "/logout/done")
    }

    @Test("the logout token has the hint and the valid languages") func logoutToken() throws {
        let fixture = try SignInFixture(instance: Self.server)
        let answer = fixture.server.post(
            "/oidc/v1/end_session", [("ui_locales", "DE_ch xx_yy en"), ("logout_hint", "alice")])
        let parameters = answer.locationParameters
        #expect(parameters["ui_locales"] == "de-CH en")
        let claims = SignInFixture.claims(parameters["logout_token"])
        #expect(claims.members.map(\.name) == ["post_logout_redirect_uri", "logout_hint", "ui_locales"])
        #expect(claims["ui_locales"] == .strings(["de-CH", "en"]))
        let none = fixture.server.post("/oidc/v1/end_session", [("ui_locales", "xx_yy")])
        #expect(none.locationParameters["ui_locales"] == nil)
        let many = fixture.server.post(
            "/oidc/v1/end_session", [("ui_locales", String(repeating: "de ", count: 32) + "en")])
        #expect(many.locationParameters["ui_locales"]?.hasSuffix(" de") == true, "32 languages are looked at")
        #expect(many.locationParameters["ui_locales"]?.split(separator: " ").count == 32)
    }
}
