import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// The table of the two dialects, row by row: one request, both answers.
@Suite struct DialectTests {
    /// What one dialect answers.
    struct Answer: Sendable {
        let status: Int
        let error: String?
        /// The member `error_description`, nil where it is free text or absent.
        var description: String?
        var challenge: String?
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let reason: String
        /// What dialect `server` reports, where that is another one: it looks for the token before it rejects the client.
        var serverReason: String?
        let documented: Answer
        let server: Answer
        let send: @Sendable (ReferenceFixture, (name: String, value: String)) throws -> HTTPResponse
        var testDescription: String { name }
    }

    private static let basicChallenge = "Basic realm=\"ZITADEL\""
    private static let unauthorizedClient = Answer(status: 400, error: "unauthorized_client")
    private static let clientByHeader = Answer(status: 401, error: "invalid_client", challenge: basicChallenge)
    private static let clientByForm = Answer(status: 401, error: "invalid_client")
    private static let invalidGrant = Answer(status: 400, error: "invalid_grant")
    private static let svc = "svc@acme.localhost"

    private static func introspect(
        _ form: [(String, String)], _ headers: [(name: String, value: String)] = []
    ) -> @Sendable (ReferenceFixture, (name: String, value: String)) throws -> HTTPResponse {
        { fixture, dialect in fixture.server.post("/oauth/v2/introspect", form, headers: headers + [dialect]) }
    }

    private static func token(
        _ form: [(String, String)], _ headers: [(name: String, value: String)] = []
    ) -> @Sendable (ReferenceFixture, (name: String, value: String)) throws -> HTTPResponse {
        { fixture, dialect in fixture.server.post("/oauth/v2/token", form, headers: headers + [dialect]) }
    }

    private static func revoke(
        _ form: [(String, String)], _ headers: [(name: String, value: String)] = []
    ) -> @Sendable (ReferenceFixture, (name: String, value: String)) throws -> HTTPResponse {
        { fixture, dialect in fixture.server.post("/oauth/v2/revoke", form, headers: headers + [dialect]) }
    }

    private static func userInfo(
        _ headers: [(name: String, value: String)]
    ) -> @Sendable (ReferenceFixture, (name: String, value: String)) throws -> HTTPResponse {
        { fixture, dialect in fixture.server.get("/oidc/v1/userinfo", headers: headers + [dialect]) }
    }

    private static func clientCredentials(
        _ id: String, _ secret: String, scope: String? = "openid"
    ) -> [(String, String)] {
        [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)]
            + (scope.map { [("scope", $0)] } ?? [])
    }

    static let introspectionRows: [Row] = [
        .init(
            name: "1 no credentials", reason: "credentials_missing", documented: clientByHeader,
            server: .init(
                status: 400, error: "invalid_request", description: "client_id or client_assertion must be provided"),
            send: introspect([("token", "x")])),
        .init(
            name: "1 a Bearer header", reason: "credentials_missing", documented: clientByHeader,
            server: .init(
                status: 400, error: "invalid_request", description: "client_id or client_assertion must be provided"),
            send: introspect([("token", "x")], [("authorization", "Bearer x")])),
        .init(
            name: "2 client_id alone", reason: "client_unauthenticated", documented: clientByForm,
            server: .init(status: 400, error: "invalid_client", description: "client must be authenticated"),
            send: introspect([("token", "x"), ("client_id", ReferenceFixture.idOfB)])),
        .init(
            name: "3 unknown client", reason: "client_unknown", documented: clientByHeader, server: unauthorizedClient,
            send: introspect([("token", "x")], [TestServer.basic("999", "x")])),
        .init(
            name: "3 inactive client", reason: "client_inactive", documented: clientByHeader,
            server: unauthorizedClient,
            send: introspect([("token", "x")], [TestServer.basic("270000000000000308", "x")])),
        .init(
            name: "3 wrong secret in the header", reason: "bad_secret", documented: clientByHeader,
            server: unauthorizedClient,
            send: introspect([("token", "x")], [TestServer.basic(ReferenceFixture.idOfB, "wrong")])),
        .init(
            name: "3 wrong secret in the form", reason: "bad_secret", documented: clientByForm,
            server: unauthorizedClient,
            send: introspect([("token", "x"), ("client_id", ReferenceFixture.idOfB), ("client_secret", "wrong")])),
        .init(
            name: "3 client without a secret", reason: "no_secret", documented: clientByHeader,
            server: unauthorizedClient,
            send: introspect([("token", "x")], [TestServer.basic("270000000000000301", "x")])),
        .init(
            name: "4 assertion refused", reason: "assertion_aud", documented: clientByForm, server: unauthorizedClient,
            send: { fixture, dialect in
                let assertion = try fixture.assertion(["aud": .string("https://other")])
                return fixture.introspect(assertion: assertion, token: "x", dialect: dialect.value)
            }),
        .init(
            name: "5 assertion that is not a JWT", reason: "assertion_unparsable", documented: clientByForm,
            server: .init(status: 200, error: nil),
            send: { fixture, dialect in fixture.introspect(assertion: "abc", token: "x", dialect: dialect.value) }),
        .init(
            name: "6 wrong secret and no token", reason: "bad_secret", serverReason: "token_missing",
            documented: clientByHeader,
            server: .init(status: 400, error: "invalid_request", description: "token missing"),
            send: introspect([], [TestServer.basic(ReferenceFixture.idOfB, "wrong")])),
        .init(
            name: "good client and no token", reason: "token_missing",
            documented: .init(status: 400, error: "invalid_request"),
            server: .init(status: 400, error: "invalid_request", description: "token missing"),
            send: introspect([], [TestServer.basic(ReferenceFixture.idOfB, ReferenceFixture.secretOfB)])),
        .init(
            name: "7 undecodable Basic header", reason: "basic_undecodable", documented: clientByHeader,
            server: .init(status: 400, error: "invalid_client", description: "invalid basic auth header"),
            send: introspect([("token", "x")], [ReferenceFixture.rawBasic("%zz:x")])),
        .init(
            name: "7 wrong client_assertion_type", reason: "assertion_type",
            documented: .init(status: 400, error: "invalid_request"),
            server: .init(status: 400, error: "invalid_request", description: "invalid client_assertion_type foo"),
            send: introspect([("token", "x"), ("client_assertion", "a.b.c"), ("client_assertion_type", "foo")])),
        .init(
            name: "form that cannot be read", reason: "form_unreadable",
            documented: .init(status: 400, error: "invalid_request"),
            server: .init(status: 400, error: "invalid_request", description: "error parsing form"),
            send: { fixture, dialect in
                fixture.server.send(
                    HTTPRequest(
                        method: "POST", path: "/oauth/v2/introspect", query: Array("a=%zz".utf8), headers: [dialect]))
            }),
    ]

    static let otherRows: [Row] = [
        .init(
            name: "8 code grant of an unknown client", reason: "client_unknown", documented: clientByForm,
            server: .init(status: 400, error: "invalid_client", description: "no active client not found"),
            send: token([("grant_type", "authorization_code"), ("client_id", "999")])),
        .init(
            name: "8 code grant with a wrong secret", reason: "bad_secret", documented: clientByHeader,
            server: .init(status: 400, error: "invalid_client", description: "invalid secret"),
            send: token([("grant_type", "authorization_code")], [TestServer.basic("270000000000000303", "wrong")])),
        .init(
            name: "8 code grant without the secret", reason: "secret_missing", documented: clientByForm,
            server: .init(status: 400, error: "invalid_client", description: "empty client secret"),
            send: token([("grant_type", "authorization_code"), ("client_id", "270000000000000303")])),
        .init(
            name: "8 code grant without the assertion", reason: "client_assertion_missing", documented: clientByForm,
            server: .init(status: 400, error: "invalid_client", description: "empty client assertion"),
            send: token([("grant_type", "authorization_code"), ("client_id", "270000000000000305")])),
        .init(
            name: "8 code grant with an assertion that is none", reason: "assertion_unparsable",
            documented: clientByForm,
            server: .init(status: 400, error: "invalid_client"),
            send: token([
                ("grant_type", "authorization_code"), ("client_assertion", "abc"),
                ("client_assertion_type", ReferenceFixture.assertionType),
            ])),
        .init(
            name: "8 revocation with a wrong secret", reason: "bad_secret", documented: clientByHeader,
            server: .init(status: 400, error: "invalid_client", description: "invalid secret"),
            send: revoke([("token", "x")], [TestServer.basic("270000000000000303", "wrong")])),
        .init(
            name: "8 revocation by an API app", reason: "client_unknown", documented: clientByHeader,
            server: .init(status: 400, error: "invalid_client", description: "no active client not found"),
            send: revoke([("token", "x")], [TestServer.basic(ReferenceFixture.idOfB, ReferenceFixture.secretOfB)])),
        .init(
            name: "8 revocation without credentials", reason: "credentials_missing", documented: clientByHeader,
            server: .init(
                status: 400, error: "invalid_request", description: "client_id or client_assertion must be provided"),
            send: revoke([("token", "x")])),
        .init(
            name: "9 unknown service user", reason: "user_unknown", documented: clientByForm,
            server: .init(status: 400, error: "invalid_client", description: "client not found"),
            send: token(clientCredentials("nobody", "x"))),
        .init(
            name: "9 wrong secret of a service user, also without scope", reason: "user_bad_secret",
            documented: clientByForm,
            server: .init(status: 400, error: "invalid_request", description: "Errors.User.Machine.Secret.Invalid"),
            send: token(clientCredentials(svc, "wrong", scope: nil))),
        .init(
            name: "9 service user without a secret", reason: "user_no_secret", documented: clientByForm,
            server: .init(status: 400, error: "invalid_request", description: "Errors.User.Machine.Secret.NotExisting"),
            send: token(clientCredentials("svc-bare@acme.localhost", "x"))),
        .init(
            name: "no scope", reason: "scope_missing", documented: .init(status: 400, error: "invalid_request"),
            server: .init(
                status: 400, error: "invalid_request",
                description:
                    "The scope of your request is missing. Please ensure some scopes are requested. If you have any questions, you may contact the administrator of the application."
            ),
            send: token(clientCredentials(svc, "svc-secret", scope: nil))),
        .init(
            name: "10 jwt-bearer assertion refused", reason: "assertion_unparsable", documented: invalidGrant,
            server: .init(status: 400, error: "invalid_grant", description: "invalid assertion"),
            send: { fixture, dialect in fixture.jwtBearer(assertion: "abc", headers: [dialect]) }),
        .init(
            name: "11 user not active", reason: "user_not_active", documented: invalidGrant,
            server: .init(status: 400, error: "invalid_request", description: "Errors.User.NotActive"),
            send: token(clientCredentials("svc-off@acme.localhost", "svc-off-secret"))),
        .init(
            name: "12 unknown code", reason: "code_unknown", documented: invalidGrant,
            server: .init(status: 404, error: "invalid_request", description: "Errors.AuthRequest.NotFound"),
            send: token(
                [
                    ("grant_type", "authorization_code"), ("code", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                    ("redirect_uri", "http://localhost:3000/callback"),
                ],
                [TestServer.basic("270000000000000303", "web-secret")])),
        .init(
            name: "12 unknown refresh token", reason: "refresh_token_invalid", documented: invalidGrant,
            server: .init(status: 400, error: "invalid_request", description: "Errors.User.RefreshToken.Invalid"),
            send: token(
                [("grant_type", "refresh_token"), ("refresh_token", "x")],
                [TestServer.basic("270000000000000303", "web-secret")])),
        .init(
            name: "12 unknown device code", reason: "device_code_unknown", documented: invalidGrant,
            server: .init(
                status: 400, error: "invalid_client",
                description: "client_id does not correspond to the client_id in the authorization request"),
            send: token([
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", "x"),
                ("client_id", "270000000000000304"),
            ])),
        .init(
            name: "grant not allowed", reason: "grant_not_allowed",
            documented: .init(status: 400, error: "unauthorized_client"),
            server: .init(
                status: 400, error: "unauthorized_client", description: "grant_type \"refresh_token\" not allowed"),
            send: { fixture, dialect in
                let key = try TestServer.key("web-key")
                let assertion = try fixture.assertion(of: "270000000000000305", by: key.privateKey, keyID: key.keyID)
                let form = [
                    ("grant_type", "refresh_token"), ("client_assertion", assertion),
                    ("client_assertion_type", ReferenceFixture.assertionType),
                ]
                return fixture.server.post("/oauth/v2/token", form, headers: [dialect])
            }),
        .init(
            name: "14 no access token", reason: "access_token_missing",
            documented: .init(status: 401, error: "invalid_token", challenge: "Bearer realm=\"ZITADEL\""),
            server: .init(status: 401, error: "invalid_request", description: "access token missing"),
            send: userInfo([])),
        .init(
            name: "14 bearer in lower case, T165", reason: "access_token_missing",
            documented: .init(status: 401, error: "invalid_token", challenge: "Bearer realm=\"ZITADEL\""),
            server: .init(status: 401, error: "invalid_request", description: "access token missing"),
            send: userInfo([("authorization", "bearer x")])),
        .init(
            name: "14 invalid access token", reason: "token_malformed",
            documented: .init(status: 401, error: "invalid_token", challenge: "Bearer realm=\"ZITADEL\""),
            server: .init(status: 401, error: "access_denied", description: "access token invalid"),
            send: userInfo([("authorization", "Bearer x")])),
        .init(
            name: "16 revocation of another's token", reason: "not_issued_for_client",
            documented: .init(status: 400, error: "unauthorized_client"),
            server: .init(status: 401, error: "invalid_client", description: "token was not issued for this client"),
            send: { fixture, dialect in
                fixture.server.post(
                    "/oauth/v2/revoke", [("token", fixture.token())],
                    headers: [TestServer.basic("270000000000000303", "web-secret"), dialect])
            }),
    ]

    @Test("each error has its response in each dialect", arguments: introspectionRows + otherRows)
    func rows(_ row: Row) throws {
        let fixture = try ReferenceFixture()
        for (dialect, expected) in [("documented", row.documented), ("server", row.server)] {
            let answer = try row.send(fixture, ("mock-dialect", dialect))
            #expect(answer.status == expected.status, "\(dialect)")
            #expect(answer.reason == (dialect == "server" ? row.serverReason ?? row.reason : row.reason), "\(dialect)")
            #expect(answer.header("WWW-Authenticate") == expected.challenge, "\(dialect)")
            #expect(answer.header("Content-Type") == "application/json", "\(dialect) T026")
            #expect(answer.header("Cache-Control") == "no-store", "\(dialect)")
            #expect(answer.body.last == 10, "\(dialect)")
            #expect(answer.body.filter { $0 == 10 }.count == 1, "\(dialect)")
            guard let error = expected.error else {
                IntrospectionOutcome.inactive.check(answer)
                continue
            }
            #expect(answer.json["error"] == .string(error), "\(dialect)")
            if dialect == "server" {
                #expect(answer.json["error_description"]?.string == expected.description)
            } else {
                let detail = answer.json["error_description"]?.string ?? ""
                #expect(
                    answer.header("Mock-Reason")?.replacing("\"", with: "'") == "\(row.reason); \(detail)",
                    "body and header say the same, but for the characters of RFC 6749 section 5.2")
            }
        }
    }

    @Test("17 two methods of client authentication are accepted, with a warning", arguments: ["documented", "server"])
    func twoWays(dialect: String) throws {
        let fixture = try ReferenceFixture()
        let answer = fixture.introspect(
            [
                ("token", fixture.token()), ("client_assertion", try fixture.assertion()),
                ("client_assertion_type", ReferenceFixture.assertionType),
            ],
            headers: [TestServer.basic(ReferenceFixture.idOfB, "wrong")], dialect: dialect)
        IntrospectionOutcome.active.check(answer)
        #expect(answer.header("Mock-Warning")?.hasPrefix("two-auth-methods; ") == true)
    }

    @Test(
        "the header Mock-Dialect overrides the instance's dialect, and an unknown dialect is ignored",
        arguments: [
            ("documented", nil, 401), ("documented", "server", 400), ("server", nil, 400),
            ("server", "documented", 401), ("server", "klingon", 400),
        ])
    func header(instance: String, header: String?, status: Int) throws {
        let fixture = try ReferenceFixture(instance: "\"dialect\": \"\(instance)\"")
        let answer = fixture.server.post(
            "/oauth/v2/introspect", [("token", "x")],
            headers: [TestServer.basic(ReferenceFixture.idOfB, "wrong")] + (header.map { [("mock-dialect", $0)] } ?? [])
        )
        #expect(answer.status == status)
    }

    @Test(
        "older servers answer 500 to a bad jwt-bearer assertion, in dialect server only",
        arguments: ["v2.71", "v3.4", "v4.13"])
    func oldVersions(version: String) throws {
        let fixture = try ReferenceFixture(instance: "\"serverVersion\": \"\(version)\"")
        let old = fixture.jwtBearer(assertion: "abc", headers: [("mock-dialect", "server")])
        #expect(old.status == 500)
        #expect(old.text == "{\"error\":\"server_error\",\"error_description\":\"Errors.Internal\"}\n", "T103")
        #expect(old.reason == "assertion_unparsable")
        let guide = fixture.jwtBearer(assertion: "abc", headers: [("mock-dialect", "documented")])
        #expect(guide.status == 400)
        #expect(guide.json["error"] == .string("invalid_grant"))
    }

    @Test("a successful answer and an inactive token are the same in both dialects") func same() throws {
        let fixture = try ReferenceFixture()
        let basic = TestServer.basic(ReferenceFixture.idOfB, ReferenceFixture.secretOfB)
        for token in [fixture.token(), "garbage", "pat-svc-0123456789abcdef"] {
            let answers = ["documented", "server"].map {
                fixture.introspect([("token", token)], headers: [basic], dialect: $0)
            }
            #expect(answers[0].body == answers[1].body)
            #expect(answers.map(\.status) == [200, 200])
        }
    }
}
