import Crypto
import Encodings
import HTTP
import JOSE
import Model
import Provider
import Storage
import TestSupport
import Testing

/// Redeeming codes (T129 to T138), and what the tokens of a person say.
@Suite struct AuthorizationCodeGrantTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        let name: String
        let client: String
        let authorize: [String: String?]
        let redeem: [String: String?]
        let error: String
        let description: String?
        let documented: String
        let reason: String
        var testDescription: String { name }
    }

    private static func refused(
        _ name: String, client: String = SignInFixture.web, authorize: [String: String?] = [:],
        _ redeem: [String: String?],
        _ error: String, _ description: String, documented: String = "invalid_grant", reason: String
    ) -> Refused {
        Refused(
            name: name, client: client, authorize: authorize, redeem: redeem, error: error, description: description,
            documented: documented, reason: reason)
    }

    static let all: [Refused] = [
        refused(
            "T129 no code", ["code": nil], "invalid_request", "code missing", documented: "invalid_request",
            reason: "parameter_missing"),
        refused(
            "T130 no redirect_uri", ["redirect_uri": nil], "invalid_request", "redirect_uri missing",
            documented: "invalid_request", reason: "parameter_missing"),
        refused("T131 garbage", ["code": "x"], "invalid_request", "Errors.User.Code.Invalid", reason: "code_invalid"),
        refused(
            "T133 no verifier", client: SignInFixture.native, ["code_verifier": nil], "invalid_request",
            "code_verifier required", reason: "code_verifier_missing"),
        refused(
            "T134 wrong verifier", client: SignInFixture.native, ["code_verifier": "x"], "invalid_grant",
            "invalid code_verifier", reason: "code_verifier_wrong"),
        refused(
            "PKCE of an app with a secret", authorize: ["code_challenge": "x"], ["code_verifier": "y"],
            "invalid_grant", "invalid code_verifier", reason: "code_verifier_wrong"),
        refused(
            "T135 other redirect_uri", ["redirect_uri": "https://web.example/other"], "invalid_grant",
            "redirect_uri does not correspond", reason: "redirect_uri_differs"),
    ]

    @Test("a refused redemption does not use up the code", arguments: all) func rejections(_ refused: Refused) throws {
        for dialect in ["server", "documented"] {
            let fixture = try SignInFixture(instance: "\"dialect\": \"\(dialect)\"")
            let code = try fixture.code(refused.client, refused.authorize)
            let answer = try fixture.redeem(code, refused.client, refused.redeem)
            #expect(answer.status == 400)
            #expect(answer.json["error"]?.string == (dialect == "server" ? refused.error : refused.documented))
            if dialect == "server" { #expect(answer.json["error_description"]?.string == refused.description) }
            #expect(answer.reason == refused.reason)
            let challenge = refused.authorize["code_challenge"] ?? nil
            let second = try fixture.redeem(code, refused.client, challenge == nil ? [:] : ["code_verifier": challenge])
            #expect(second.status == 200)
        }
    }

    @Test("T132 a code works once, and the tokens of its first use stay active") func singleUse() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        let code = try fixture.code()
        let token = try fixture.redeem(code).json["access_token"]?.string ?? ""
        let second = try fixture.redeem(code)
        #expect(second.status == 400)
        #expect(second.json["error_description"]?.string == "Errors.AuthRequest.NoCode")
        #expect(second.reason == "code_used")
        #expect(fixture.introspect(token).json["active"] == .bool(true))
    }

    @Test(
        "a plain verifier is not stored in clear",
        arguments: ["plain", nil, "s256"])
    func plainVerifier(method: String?) throws {
        let folder = TemporaryFolder()
        let fixture = try SignInFixture(database: folder.path + "/db.sqlite")
        let verifier = "a-plain-verifier-of-at-least-43-characters-xyz"
        let changes = ["code_challenge": verifier, "code_challenge_method": method]
        let code = try fixture.code(SignInFixture.web, changes)
        fixture.server.storage.checkpoint()
        #expect(folder.holds("https://web.example/callback", in: "db.sqlite"), "the search works")
        #expect(!folder.holds(verifier, in: "db.sqlite"))
        #expect(try fixture.redeem(code, SignInFixture.web, ["code_verifier": "other"]).reason == "code_verifier_wrong")
        let digest = Base64.urlEncoded(Digest.sha256.hash(Array(verifier.utf8)))
        #expect(try fixture.redeem(code, SignInFixture.web, ["code_verifier": digest]).reason == "code_verifier_wrong")
        #expect(try fixture.redeem(code, SignInFixture.web, ["code_verifier": verifier]).status == 200)
    }

    @Test("a used code of a removed person stays used, and an unused one reports that the user is not active")
    func removed() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        let used = try fixture.code()
        #expect(try fixture.redeem(used).status == 200)
        let unused = try fixture.code()
        try fixture.server.instance.change { _ in ([.remove(.user, id: SignInFixture.alice)], ()) }
        let again = try fixture.redeem(used)
        #expect(again.status == 400)
        #expect(again.json["error_description"]?.string == "Errors.AuthRequest.NoCode")
        #expect(try fixture.redeem(unused).json["error_description"]?.string == "Errors.User.NotActive")
        #expect(try fixture.redeem("another-code-that-never-was-one").status == 404)
        fixture.time.advance(bySeconds: 86_400 * 2)
        try fixture.server.storage.removeExpiredSignIns(before: fixture.time.now, sessionsBefore: 0)
        #expect(try fixture.redeem(used).reason == "code_invalid", "nothing is kept forever")
    }

    @Test(
        "an altered code is invalid, and of versions whose codes are base64url unknown",
        arguments: [("2026-07", "code_invalid"), ("v4.13", "code_unknown")])
    func altered(version: String, reason: String) throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\", \"serverVersion\": \"\(version)\"")
        let code = try fixture.code()
        let altered = [
            (code.first == "A" ? "B" : "A") + code.dropFirst(), String(code.dropLast(2)), code + "AA",
            code.uppercased(),
        ]
        for text in altered {
            let answer = try fixture.redeem(text)
            #expect(answer.reason == reason, "\(text)")
            #expect(answer.status == (reason == "code_invalid" ? 400 : 404))
        }
        #expect(try fixture.redeem(code).status == 200)
    }

    @Test("a role whose key has a space is one role, also after it was stored") func roleWithBlank() throws {
        let fixture = try SignInFixture { $0.replacing("\"guest\"", with: "\"my guest\"") }
        let tokens = try fixture.tokens(SignInFixture.guarded, scope: "openid")
        let bearer = [(name: "authorization", value: "Bearer \(tokens["access_token"]?.string ?? "")")]
        let info = fixture.server.get("/oidc/v1/userinfo", headers: bearer).json
        #expect(info["urn:zitadel:iam:org:project:roles"]?.object?.members.map(\.name) == ["my guest"])
    }

    @Test("userinfo refuses the tokens of a person who was removed, or whose organization was")
    func removedOrganization() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        func info(_ token: String) -> HTTPResponse {
            fixture.server.get("/oidc/v1/userinfo", headers: [(name: "authorization", value: "Bearer \(token)")])
        }
        let opaque = try fixture.tokens(SignInFixture.web, as: "Carl")["access_token"]?.string ?? ""
        let jwt = try fixture.tokens(SignInFixture.native, as: "Carl")["access_token"]?.string ?? ""
        let other = try fixture.tokens()["access_token"]?.string ?? ""
        try fixture.server.instance.change { _ in ([.remove(.organization, id: "270000000000000002")], ()) }
        for token in [opaque, jwt] {
            let answer = info(token)
            #expect(answer.status == 401)
            #expect(answer.json["error"]?.string == "access_denied")
            #expect(answer.json["error_description"]?.string == "no active user")
            #expect(answer.reason == "user_inactive")
            #expect(fixture.introspect(token).text == "{\"active\":false}\n")
        }
        #expect(info(other).status == 200)
        try fixture.server.instance.change { _ in ([.remove(.user, id: SignInFixture.alice)], ()) }
        #expect(info(other).json["error_description"]?.string == "access token invalid")
    }

    @Test("a code is valid for ten minutes, or as long as the seed says") func expiry() throws {
        let fixture = try SignInFixture()
        let code = try fixture.code()
        fixture.time.advance(bySeconds: 599)
        #expect(try fixture.redeem(code).status == 200)
        let late = try fixture.code()
        fixture.time.advance(bySeconds: 600)
        #expect(try fixture.redeem(late).reason == "code_expired")
        let short = try SignInFixture(instance: "\"lifetimes\": {\"authorizationCode\": \"30s\"}")
        let other = try short.code()
        short.time.advance(bySeconds: 30)
        #expect(try short.redeem(other).reason == "code_expired")
    }

    @Test("T138k another client's code is refused by the newest server, and accepted by older ones with a warning")
    func otherClient() throws {
        let new = try SignInFixture(instance: "\"dialect\": \"server\"")
        let refused = try new.redeem(
            try new.code(), SignInFixture.plainWeb, ["redirect_uri": SignInFixture.webCallback])
        #expect(refused.json["error"]?.string == "invalid_client")
        #expect(
            refused.json["error_description"]?.string
                == "client_id does not correspond to the client_id in the authorization request")
        let documented = try SignInFixture()
        let foreign = try documented.redeem(
            try documented.code(), SignInFixture.plainWeb, ["redirect_uri": SignInFixture.webCallback])
        #expect(foreign.json["error"]?.string == "invalid_grant")
        let old = try SignInFixture(instance: "\"serverVersion\": \"v4.13\"")
        let taken = try old.redeem(try old.code(), SignInFixture.plainWeb, ["redirect_uri": SignInFixture.webCallback])
        #expect(taken.status == 200)
        #expect(taken.header("Mock-Warning")?.hasPrefix("code_of_other_client;") == true)
        #expect(
            old.introspect(taken.json["access_token"]?.string ?? "").json["client_id"] == .string(SignInFixture.web))
    }

    @Test("the code of an ended session, or of a person who was locked, is refused") func endedSession() throws {
        let folder = TemporaryFolder()
        let time = TestDependencies()
        func fixture(alice state: String) throws -> SignInFixture {
            try SignInFixture(alice: state, instance: "\"dialect\": \"server\"", in: folder, time: time)
        }
        func lateCode() throws -> String {
            let fixture = try fixture(alice: "active")
            let browser = fixture.browser()
            let hint = try fixture.tokens(SignInFixture.web, in: browser)["id_token"]?.string ?? ""
            let code = try fixture.code(SignInFixture.web, ["prompt": "login"], as: "Alice", in: browser)
            _ = try fixture.browser().get("/oidc/v1/end_session?id_token_hint=\(hint)")
            let ended = try fixture.redeem(code)
            #expect(ended.json["error_description"]?.string == "Errors.Session.Terminated")
            return try fixture.code()
        }
        let late = try lateCode()
        let answer = try fixture(alice: "locked").redeem(late)
        #expect(answer.status == 400)
        #expect(answer.json["error_description"]?.string == "Errors.User.NotActive")
    }

    @Test("codes, sessions, refresh tokens and open pages survive a restart") func restart() throws {
        let folder = TemporaryFolder()
        let time = TestDependencies()
        func fixture() throws -> SignInFixture {
            try SignInFixture(database: folder.path + "/db.sqlite", time: time)
        }
        func before() throws -> (code: String, refresh: String, page: String, cookies: [(name: String, value: String)])
        {
            let fixture = try fixture()
            let browser = fixture.browser()
            let tokens = try fixture.tokens(SignInFixture.web, scope: "openid offline_access", in: browser)
            let code = try fixture.code(SignInFixture.web, ["prompt": "login"], as: "Alice", in: browser)
            let page = try fixture.browser().get(fixture.target()).response.header("Location") ?? ""
            return (code, tokens["refresh_token"]?.string ?? "", page, browser.cookies)
        }
        let kept = try before()
        let second = try fixture()
        #expect(try second.redeem(kept.code).status == 200)
        #expect(try second.refresh(kept.refresh).status == 200)
        let again = second.browser()
        again.cookies = kept.cookies
        #expect(try again.open(second.target()).response.locationParameters["code"] != nil)
        let fresh = second.browser()
        let page = try fresh.get(kept.page)
        #expect(try fresh.press(page, "people", "Continue as Alice").response.status == 302)
    }

    // MARK: What the tokens say

    @Test("T138 the audience has all apps of the project, then the project, then the projects of scopes")
    func audience() throws {
        let fixture = try SignInFixture()
        let scope = "openid urn:zitadel:iam:org:project:id:270000000000000102:aud"
        let tokens = try fixture.tokens(SignInFixture.native, scope: scope)
        let expected =
            [
                "270000000000000302", "270000000000000303", "270000000000000304", "270000000000000305",
                "270000000000000306",
            ]
            + ["270000000000000307", "270000000000000309", "270000000000000310", "270000000000000101"]
            + ["270000000000000102"]
        #expect(SignInFixture.claims(tokens["id_token"]?.string)["aud"] == .strings(expected))
        #expect(SignInFixture.claims(tokens["access_token"]?.string)["aud"] == .strings(expected))
    }

    @Test("an ID token has its claims in ZITADEL's order") func idToken() throws {
        let fixture = try SignInFixture()
        let tokens = try fixture.tokens(SignInFixture.web, scope: "openid", ["nonce": "n-0S6"])
        let claims = SignInFixture.claims(tokens["id_token"]?.string)
        #expect(
            claims.members.map(\.name)
                == [
                    "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "amr", "azp", "client_id", "at_hash",
                    "sid",
                ])
        #expect(claims["azp"] == .string(SignInFixture.web))
        #expect(claims["exp"] == .integer(fixture.time.now + 43200))
    }

    @Test("settings of the app put profile and roles into tokens, and its clock skew changes their times")
    func appSettings() throws {
        let fixture = try SignInFixture()
        let scope = "openid email urn:zitadel:iam:org:project:role:reader"
        let rich = try fixture.tokens(SignInFixture.rich, scope: scope)
        let roles = "urn:zitadel:iam:org:project:roles"
        let access = SignInFixture.claims(rich["access_token"]?.string)
        let identity = SignInFixture.claims(rich["id_token"]?.string)
        #expect(access[roles]?.object?["reader"]?.object?["270000000000000001"] == .string("acme.localhost"))
        #expect(access["email"] == nil)
        #expect(identity[roles] != nil)
        #expect(identity["email"] == .string("alice@acme.example"))
        #expect(access["iat"] == .integer(fixture.time.now - 5))
        #expect(access["nbf"] == .integer(fixture.time.now - 5))
        #expect(access["exp"] == .integer(fixture.time.now + 43205))
        #expect(identity["auth_time"] == .integer(fixture.time.now - 5))
        let introspected = fixture.introspect(rich["access_token"]?.string ?? "").json
        #expect(introspected["iat"] == .integer(fixture.time.now), "the skew is in the JWT only")
        let plain = try fixture.tokens(SignInFixture.native, scope: scope)
        #expect(SignInFixture.claims(plain["access_token"]?.string)[roles] == nil)
        #expect(SignInFixture.claims(plain["id_token"]?.string)["email"] == nil)
    }

    @Test("T118 a project that asserts its roles adds them to scope and userinfo; T120 unknown role scopes are dropped")
    func roleAssertion() throws {
        let fixture = try SignInFixture()
        let tokens = try fixture.tokens(SignInFixture.guarded, scope: "openid")
        let bearer = [(name: "authorization", value: "Bearer \(tokens["access_token"]?.string ?? "")")]
        let info = fixture.server.get("/oidc/v1/userinfo", headers: bearer).json
        #expect(info["urn:zitadel:iam:org:project:roles"]?.object?.members.map(\.name) == ["guest"])
        #expect(info["urn:zitadel:iam:org:project:270000000000000102:roles"] != nil)
        let unknown = try fixture.tokens(SignInFixture.web, scope: "openid urn:zitadel:iam:org:project:role:nobody")
        let answer = fixture.introspect(unknown["access_token"]?.string ?? "").json
        #expect(answer["scope"] == .string("openid"))
    }

    @Test("the scopes decide which claims userinfo returns") func userInfo() throws {
        let fixture = try SignInFixture()
        func info(_ scope: String) throws -> [String] {
            let token = try fixture.tokens(SignInFixture.web, scope: scope)["access_token"]?.string ?? ""
            let bearer = [(name: "authorization", value: "Bearer \(token)")]
            return fixture.server.get("/oidc/v1/userinfo", headers: bearer).json.members.map(\.name)
        }
        #expect(try info("openid") == ["sub"])
        #expect(
            try info("openid profile")
                == ["sub", "name", "given_name", "family_name", "locale", "updated_at", "preferred_username"])
        #expect(try info("openid email") == ["sub", "email", "email_verified"])
        #expect(
            try info("openid phone address") == ["sub", "phone_number"], "a number that is not verified is not true")
    }

    @Test("T121 standard scopes add no claims of ZITADEL's own; T169 userinfo refuses a deactivated person's token")
    func ownClaims() throws {
        let folder = TemporaryFolder()
        let time = TestDependencies()
        func fixture(_ state: String) throws -> SignInFixture {
            try SignInFixture(alice: state, in: folder, time: time)
        }
        func info(_ fixture: SignInFixture, _ token: String) -> HTTPResponse {
            let headers = [("authorization", "Bearer \(token)"), ("mock-dialect", "server")]
            return fixture.server.get("/oidc/v1/userinfo", headers: headers.map { (name: $0.0, value: $0.1) })
        }
        func before() throws -> String {
            let fixture = try fixture("active")
            let token = try fixture.tokens(scope: "openid profile email offline_access")["access_token"]?.string ?? ""
            let names = info(fixture, token).json.members.map(\.name)
            #expect(names.contains("email") && !names.contains { $0.hasPrefix("urn:zitadel:iam") })
            return token
        }
        let token = try before()
        let answer = info(try fixture("inactive"), token)
        #expect(answer.status == 401)
        #expect(answer.json["error"]?.string == "access_denied")
    }

    @Test("T136, T136b, T137 scope and grants decide whether there is a refresh token and an ID token")
    func members() throws {
        let fixture = try SignInFixture()
        func names(_ client: String, _ scope: String) throws -> [String] {
            try fixture.tokens(client, scope: scope).members.map(\.name)
        }
        #expect(
            try names(SignInFixture.web, "openid offline_access")
                == ["access_token", "token_type", "refresh_token", "expires_in", "id_token"])
        #expect(
            try names(SignInFixture.web, "profile offline_access")
                == ["access_token", "token_type", "refresh_token", "expires_in"])
        #expect(
            try names(SignInFixture.plainWeb, "openid offline_access")
                == ["access_token", "token_type", "expires_in", "id_token"])
    }

    @Test("every method of client authentication can redeem codes") func clientAuthentication() throws {
        let fixture = try SignInFixture()
        for client in [SignInFixture.web, SignInFixture.native, SignInFixture.key, SignInFixture.spa] {
            #expect(try fixture.redeem(try fixture.code(client), client).status == 200, "\(client)")
        }
    }
}
