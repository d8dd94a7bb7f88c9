import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// Numbered cases of the token endpoint and its neighbors that no recording holds, rejections in both dialects.
@Suite struct TokenCaseTests {
    private static let path = "/oauth/v2/token"
    private static let web = "270000000000000303"
    private static let form = (name: "content-type", value: "application/x-www-form-urlencoded")

    struct Refused: Sendable, CustomTestStringConvertible {
        let name: String
        /// Status, error and description of dialect server.
        let status: Int
        let error: String
        let description: String?
        /// Status and error of dialect documented; nil for the same.
        let documented: (status: Int, error: String)?
        /// A change of the seed's text.
        let edit: (old: String, new: String)?
        let send: @Sendable (ReferenceFixture, (name: String, value: String)) throws -> HTTPResponse
        var testDescription: String { name }

        init(
            _ name: String, _ status: Int, _ error: String, _ description: String?,
            documented: (status: Int, error: String)? = nil, edit: (old: String, new: String)? = nil,
            _ send: @escaping @Sendable (ReferenceFixture, (name: String, value: String)) throws -> HTTPResponse
        ) {
            self.name = name
            self.status = status
            self.error = error
            self.description = description
            self.documented = documented
            self.edit = edit
            self.send = send
        }
    }

    private static func raw(
        _ fixture: ReferenceFixture, _ dialect: (name: String, value: String), body: String,
        type: String = form.value, query: String = ""
    ) -> HTTPResponse {
        fixture.server.send(
            HTTPRequest(
                method: "POST", path: path, query: Array(query.utf8), headers: [(form.name, type), dialect],
                body: Array(body.utf8)))
    }

    /// A code request of the web app.
    private static func code(
        _ fixture: ReferenceFixture, _ headers: [(name: String, value: String)], _ more: [(String, String)] = []
    ) -> HTTPResponse {
        fixture.server.post(
            path, [("grant_type", "authorization_code"), ("redirect_uri", "http://localhost:3000/callback")] + more,
            headers: headers)
    }

    private static func clientCredentials(
        _ fixture: ReferenceFixture, _ headers: [(name: String, value: String)], _ more: [(String, String)] = []
    ) -> HTTPResponse {
        fixture.server.post(path, [("grant_type", "client_credentials"), ("scope", "openid")] + more, headers: headers)
    }

    private static func profile(
        _ fixture: ReferenceFixture, _ dialect: (name: String, value: String), _ changes: JSONObject
    ) throws -> HTTPResponse {
        let file = try TestServer.key("svc")
        let assertion = try fixture.assertion(
            changes, of: "270000000000000501", by: file.privateKey, keyID: file.keyID)
        return fixture.jwtBearer(assertion: assertion, headers: [dialect])
    }

    private static let missing = "grant_type missing"
    private static let unreadable = "error parsing form"
    private static let unknown = "no active client not found"
    private static let refusedClient = (status: 401, error: "invalid_client")
    private static let offWeb = (old: "\"name\": \"W\",", new: "\"name\": \"W\", \"state\": \"inactive\",")

    static let forms: [Refused] = [
        .init("T014 empty form", 400, "invalid_request", missing) { raw($0, $1, body: "") },
        .init("T016 multipart", 400, "invalid_request", missing) {
            raw($0, $1, body: "grant_type=client_credentials", type: "multipart/form-data; boundary=x")
        },
        .init("T018 bad escape", 400, "invalid_request", unreadable) { raw($0, $1, body: "a=%zz") },
        .init("T019 raw semicolon", 400, "invalid_request", unreadable) { raw($0, $1, body: "", query: "a;b") },
    ]

    static let clients: [Refused] = [
        .init("T029 unknown client", 400, "invalid_client", unknown, documented: refusedClient) {
            code($0, [TestServer.basic("1", "x"), $1])
        },
        .init("T030 inactive app", 400, "invalid_client", unknown, documented: refusedClient, edit: offWeb) {
            code($0, [TestServer.basic(web, "web-secret"), $1])
        },
        .init("T038 undecodable secret", 400, "invalid_client", "invalid basic auth header", documented: refusedClient)
        {
            code($0, [ReferenceFixture.rawBasic(web + ":%zz"), $1])
        },
        .init(
            "T039 a plus is a blank", 400, "invalid_client", "invalid secret", documented: refusedClient,
            edit: ("\"web-secret\"", "\"web+secret\"")
        ) { code($0, [ReferenceFixture.rawBasic(web + ":web+secret"), $1]) },
        .init("T037 an encoded id is decoded", 400, "invalid_request", "code missing") {
            code($0, [ReferenceFixture.rawBasic("%32" + web.dropFirst() + ":web-secret"), $1])
        },
        .init(
            "T040 a header that is not Basic authentication counts as missing", 400, "invalid_request", "code missing"
        ) {
            code($0, [("authorization", "Basic !!!"), $1], [("client_id", web), ("client_secret", "web-secret")])
        },
        .init("T043 Basic and a client_id besides", 400, "invalid_request", "code missing") {
            code($0, [TestServer.basic(web, "web-secret"), $1], [("client_id", "other")])
        },
        .init(
            "T073 an assertion at client_credentials", 400, "invalid_client", "client not found",
            documented: refusedClient
        ) {
            clientCredentials(
                $0, [$1],
                [("client_assertion", try $0.assertion()), ("client_assertion_type", ReferenceFixture.assertionType)])
        },
    ]

    private static let oldAge: Int64 = 3601

    static let assertions: [Refused] = [
        .init("T095 iat too old", 400, "invalid_grant", "invalid assertion") {
            try profile($0, $1, ["iat": .integer($0.server.time.now - oldAge)])
        },
        .init("T097 iat ahead", 400, "invalid_grant", "invalid assertion") {
            try profile($0, $1, ["iat": .integer($0.server.time.now + 10)])
        },
        .init("T099 iss and sub differ", 400, "invalid_grant", "invalid assertion") {
            try profile($0, $1, ["sub": .string("270000000000000502")])
        },
        .init("T091 made for another host", 400, "invalid_grant", "invalid assertion") {
            try profile($0, $1, ["aud": .string("http://a.test:8080")])
        },
        .init(
            "T108 a deactivated user", 400, "invalid_request", "Errors.User.NotActive",
            documented: (400, "invalid_grant"),
            edit: ("\"userName\": \"svc\",", "\"userName\": \"svc\", \"state\": \"inactive\",")
        ) { try profile($0, $1, [:]) },
        .init(
            "T163 userinfo without a token", 401, "invalid_request", "access token missing",
            documented: (401, "invalid_token")
        ) {
            $0.server.get("/oidc/v1/userinfo", headers: [$1])
        },
    ]

    @Test("a wrong token request is refused in both dialects", arguments: forms + clients + assertions)
    func refused(_ refused: Refused) throws {
        let fixture = try ReferenceFixture { text in
            refused.edit.map { text.replacing($0.old, with: $0.new) } ?? text
        }
        let server = try refused.send(fixture, ("mock-dialect", "server"))
        #expect(server.status == refused.status)
        #expect(server.json["error"]?.string == refused.error)
        #expect(server.json["error_description"]?.string == refused.description)
        let documented = try refused.send(fixture, ("mock-dialect", "documented"))
        let expected = refused.documented ?? (refused.status, refused.error)
        #expect(documented.status == expected.status)
        #expect(documented.json["error"]?.string == expected.error)
        #expect(documented.json["error_description"]?.string?.isEmpty == false)
    }

    @Test("T027 an error has its cause if the instance returns it") func parent() throws {
        let fixture = try ReferenceFixture(instance: "\"debugOidcParentError\": true, \"dialect\": \"server\"")
        let answer = Self.code(fixture, [TestServer.basic(Self.web, "wrong")], [("code", "x")])
        #expect(answer.json.members.map(\.name) == ["error", "error_description", "parent"])
        #expect(answer.json["parent"] == .string("passwap: password does not match hash"))
    }

    @Test("T002 the host decides the issuer; T013 unknown paths are not found; T196 health answers any host")
    func paths() throws {
        let fixture = try ReferenceFixture(instance: "\"domains\": [\"a.test\"]")
        let host = [(name: "host", value: "a.test:8080")]
        let document = fixture.server.get("/.well-known/openid-configuration", headers: host).json
        for name in ["issuer", "token_endpoint", "jwks_uri"] {
            #expect(document[name]?.string?.hasPrefix("http://a.test:8080") == true)
        }
        let nothing = fixture.server.get("/oauth/v2/nothing", headers: host)
        #expect(nothing.status == 404)
        #expect(nothing.text == "404 page not found\n")
        #expect(nothing.header("Cache-Control") == "no-store")
        #expect(fixture.server.get("/debug/healthz", headers: [("host", "other")]).text == "ok")
    }

    @Test("T051 an assertion may expire in a year; T085 a malformed Authorization header next to it is ignored")
    func goodAssertions() throws {
        let fixture = try ReferenceFixture()
        let year = JSON.integer(fixture.server.time.now + 365 * 86400)
        #expect(try Self.profile(fixture, ("authorization", "Basic !!!"), ["exp": year]).status == 200)
    }

    @Test("T059 to T061 client_credentials in a form are answered with tokens, but no refresh token")
    func clientCredentials() throws {
        let fixture = try ReferenceFixture()
        let answer = Self.clientCredentials(
            fixture, [], [("client_id", "svc@acme.localhost"), ("client_secret", "svc-secret")])
        #expect(answer.json.members.map(\.name) == ["access_token", "token_type", "expires_in", "id_token"])
        #expect(answer.json["expires_in"] == .integer(43199))
    }

    @Test("T079 audience scopes keep their order; T114 an audience gives no roles; T127 the resource owner is returned")
    func scopes() throws {
        let fixture = try ReferenceFixture()
        func claims(_ scope: String) throws -> JSONObject {
            try CompactJWS(fixture.token(of: "svc-jwt", scope: scope)).claims
        }
        let other = "urn:zitadel:iam:org:project:id:\(ReferenceFixture.otherProject):aud"
        let both = try claims("openid \(other) \(ReferenceFixture.audience) \(other)")
        #expect(both["aud"] == .strings([ReferenceFixture.otherProject, ReferenceFixture.project]))
        #expect(!both.members.contains { $0.name.hasSuffix(":roles") })
        let owner = try claims("openid urn:zitadel:iam:user:resourceowner")
        #expect(owner["urn:zitadel:iam:user:resourceowner:id"] == .string("270000000000000001"))
        #expect(owner["urn:zitadel:iam:user:resourceowner:name"] == .string("ACME"))
        #expect(owner["urn:zitadel:iam:user:resourceowner:primary_domain"] == .string("acme.localhost"))
    }

    @Test("T161 a new instance publishes two RSA keys for signatures") func keys() throws {
        let server = try TestServer()
        let keys = server.get("/oauth/v2/keys").json["keys"]?.array?.compactMap(\.object) ?? []
        #expect(keys.count == 2)
        for key in keys {
            #expect(key["kty"] == .string("RSA"))
            #expect(key["alg"] == .string("RS256"))
            #expect(key["use"] == .string("sig"))
        }
    }
}
