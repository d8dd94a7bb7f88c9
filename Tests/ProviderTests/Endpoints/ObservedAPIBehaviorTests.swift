import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// How a running ZITADEL answered unusual requests at the API endpoints: each test expects what was observed.
@Suite struct ObservedAPIBehaviorTests {
    private static let pat = "pat-svc-0123456789abcdef"
    private static let web = TestServer.basic("270000000000000303", "web-secret")
    private static let service = TestServer.basic("svc@acme.localhost", "svc-secret")

    @Test(
        "white space around and within a token is ignored",
        arguments: ["\n", "\r\n", " ", "\t", "\u{A0}"])
    func whiteSpace(space: String) throws {
        let fixture = try ReferenceFixture()
        for text in [Self.pat, fixture.token(), fixture.token(of: "svc-jwt")] {
            IntrospectionOutcome.active.check(fixture.introspect(text + space))
            IntrospectionOutcome.active.check(fixture.introspect(space + text))
        }
        IntrospectionOutcome.inactive.check(fixture.introspect("\"\(Self.pat)\""))
    }

    @Test("revocation ignores white space in a token") func revokedWithLineFeed() throws {
        let fixture = try ClientFixture()
        let token = try fixture.token()
        let answer = fixture.server.post("/oauth/v2/revoke", [("token", token + "\n")], headers: [Self.web])
        #expect(answer.status == 200)
        IntrospectionOutcome.inactive.check(fixture.server.introspect(token))
    }

    static let headers: [(header: String, status: Int, error: String?)] = [
        ("Bearer TOKEN", 200, nil), ("Bearer  TOKEN", 200, nil), ("Token Bearer TOKEN", 200, nil),
        ("xBearer TOKEN", 200, nil), ("Bearer Bearer TOKEN", 401, "invalid_request"),
        ("Bearer TOKEN, Bearer TOKEN", 401, "invalid_request"), ("bearer TOKEN", 401, "invalid_request"),
        ("Bearer", 401, "invalid_request"), ("Bearer x", 401, "access_denied"),
    ]

    @Test("userinfo takes the text after the only \"Bearer \" of the header as the token", arguments: headers)
    func bearer(header: String, status: Int, error: String?) throws {
        let fixture = try ReferenceFixture(instance: "\"dialect\": \"server\"")
        let value = header.replacing("TOKEN", with: Self.pat)
        let answer = fixture.server.get("/oidc/v1/userinfo", headers: [("authorization", value)])
        #expect(answer.status == status)
        #expect(answer.json["error"]?.string == error)
    }

    static let grantTypes:
        [(path: String, grant: String, client: (name: String, value: String), status: Int, text: String)] = [
            ("/oauth/v2/revoke", "password", web, 400, "grant_type \"password\" not allowed"),
            ("/oauth/v2/revoke", "authorization_code", web, 400, "token missing"),
            ("/oauth/v2/revoke", "client_credentials\n", web, 400, "grant_type \"client_credentials\\n\" not allowed"),
            ("/oauth/v2/revoke", "client_credentials", web, 400, "client not found"),
            ("/oauth/v2/revoke", "client_credentials", service, 400, "token missing"),
            (
                "/oauth/v2/device_authorization", "client_credentials", service, 500,
                "ID=QUERY-yxTMh Message=Errors.Project.NotFound Parent=(sql: no rows in result set)"
            ),
        ]

    @Test("grant_type decides the client authentication at endpoints of apps, too", arguments: grantTypes.indices)
    func grantType(index: Int) throws {
        let example = Self.grantTypes[index]
        let fixture = try ReferenceFixture(instance: "\"dialect\": \"server\"")
        let answer = fixture.server.post(
            example.path, [("grant_type", example.grant)], headers: [example.client])
        #expect(answer.status == example.status)
        #expect(answer.json["error_description"]?.string == example.text)
    }

    @Test("parameter names may be in any letter case, except grant_type") func parameterNames() throws {
        let fixture = try ReferenceFixture(instance: "\"dialect\": \"server\"")
        let form = [
            ("grant_type", "client_credentials"), ("CLIENT_ID", "svc@acme.localhost"), ("Client_Secret", "svc-secret"),
            ("Scope", "openid"),
        ]
        #expect(fixture.server.post("/oauth/v2/token", form).status == 200)
        let answer = fixture.server.post("/oauth/v2/token", [("Grant_Type", "client_credentials")])
        #expect(answer.json["error_description"]?.string == "grant_type missing")
    }

    @Test("the scope groups is granted by the newest server only") func groups() throws {
        for (version, isGranted) in [("2026-07", true), ("v4.13", false)] {
            let fixture = try ReferenceFixture(instance: "\"serverVersion\": \"\(version)\"")
            let token = fixture.token(scope: "openid groups \(ReferenceFixture.audience)")
            let scope = fixture.introspect(token).json["scope"]?.string ?? ""
            #expect(scope.split(separator: " ").contains("groups") == isGranted)
        }
    }

    @Test("an audience scope without an id adds an empty text to the audience") func emptyAudience() throws {
        let fixture = try ReferenceFixture()
        let token = fixture.token(scope: "openid urn:zitadel:iam:org:project:id::aud \(ReferenceFixture.audience)")
        #expect(fixture.introspect(token).json["aud"] == .strings(["", ReferenceFixture.project]))
    }

    @Test("claims of assertions may be in any letter case, and the last one counts") func claimNames() throws {
        let fixture = try ReferenceFixture()
        let now = fixture.server.time.now
        let other = try fixture.assertion(["iat": .null, "IAT": .integer(now)])
        IntrospectionOutcome.active.check(fixture.introspect(assertion: other, token: Self.pat))
        let wrong = try fixture.assertion(["ISS": .string("nobody")])
        #expect(fixture.introspect(assertion: wrong, token: Self.pat).status == 400)
    }

    @Test("a NUL character is refused as ZITADEL's database refuses it", arguments: ["client\u{0}", "\u{0}"])
    func nul(id: String) throws {
        let fixture = try ReferenceFixture(instance: "\"dialect\": \"server\"")
        let basic = TestServer.basic(id, "x")
        let token = fixture.server.post("/oauth/v2/token", [("grant_type", "authorization_code")], headers: [basic])
        #expect(token.status == 500)
        #expect(token.json["error"]?.string == "server_error")
        let introspection = fixture.server.post("/oauth/v2/introspect", [("token", "x")], headers: [basic])
        #expect(introspection.text == "{\"active\":false}\n")
    }

    // MARK: Reasons

    @Test("a secret that was not form-encoded is named as the cause, exactly when it is") func rawBasic() throws {
        let fixture = try ReferenceFixture()
        let form = [("token", Self.pat)]
        let id = "270000000000000306"
        let raw = fixture.server.post(
            "/oauth/v2/introspect", form, headers: [ReferenceFixture.rawBasic("\(id):a+b%41 c")])
        #expect(raw.status >= 400)
        #expect(raw.header("Mock-Reason")?.contains("%2B") == true)
        #expect(raw.headers.contains { $0.name == "Mock-Warning" && $0.value.hasPrefix("basic-not-encoded") })
        let wrong = fixture.server.post(
            "/oauth/v2/introspect", form, headers: [ReferenceFixture.rawBasic("\(id):another+secret")])
        #expect(wrong.header("Mock-Reason")?.contains("%2B") == false)
        let lineFeed = fixture.server.post(
            "/oauth/v2/introspect", form,
            headers: [TestServer.basic(ReferenceFixture.idOfB, ReferenceFixture.secretOfB + "\n")])
        #expect(lineFeed.header("Mock-Reason")?.contains("white space") == true)
    }

    @Test("the Content-Type of a body that is not a form is named as the cause of a missing parameter")
    func unreadBody() throws {
        let fixture = try ReferenceFixture()
        for (path, client) in [("/oauth/v2/introspect", Self.bAPI), ("/oauth/v2/revoke", Self.web)] {
            let answer = fixture.server.send(
                HTTPRequest(
                    method: "POST", path: path, headers: [client, ("content-type", "application/json")],
                    body: Array("{\"token\":\"x\"}".utf8)))
            #expect(answer.header("Mock-Reason")?.contains("Content-Type is \"application/json\"") == true)
        }
    }

    private static let bAPI = TestServer.basic(ReferenceFixture.idOfB, ReferenceFixture.secretOfB)
}

/// A signed-in user's access token.
private struct ClientFixture {
    let fixture: SignInFixture
    var server: TestServer { fixture.server }

    init() throws { fixture = try SignInFixture() }

    func token() throws -> String { try fixture.tokens()["access_token"]?.string ?? "" }
}
