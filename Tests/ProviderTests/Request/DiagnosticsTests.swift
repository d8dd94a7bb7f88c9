import Crypto
import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// The commonest mistakes: the reason holds the value that would have worked, and nothing that was secret.
@Suite struct DiagnosticsTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let name: String
        let reason: String
        /// Texts that the detail must hold.
        let hints: [String]
        let send: @Sendable (ReferenceWorld) throws -> HTTPResponse
        var testDescription: String { name }

        init(
            _ name: String, _ reason: String, _ hints: [String],
            _ send: @escaping @Sendable (ReferenceWorld) throws -> HTTPResponse
        ) {
            self.name = name
            self.reason = reason
            self.hints = hints
            self.send = send
        }
    }

    private static let basic = TestServer.basic(ReferenceWorld.idOfB, ReferenceWorld.secretOfB)
    private static let b2 = TestServer.basic("270000000000000312", "b2-secret")

    private static func client(
        _ id: String, _ secret: String = "s3cr3t-sent"
    ) -> @Sendable (ReferenceWorld) throws -> HTTPResponse {
        { $0.introspect([("token", "x")], headers: [TestServer.basic(id, secret)]) }
    }

    private static func service(
        _ id: String, _ secret: String = "s3cr3t-sent"
    ) -> @Sendable (ReferenceWorld) throws -> HTTPResponse {
        {
            $0.server.post(
                "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", "openid")],
                headers: [TestServer.basic(id, secret)])
        }
    }

    static let aboutTokens: [Mistake] = [
        .init("1 no audience scope", "aud_empty", [ReferenceWorld.audience, "(\"B\")"]) {
            $0.introspect($0.token(scope: "openid"))
        },
        .init(
            "1 the wrong project", "aud_mismatch",
            ["270000000000000101;", "urn:zitadel:iam:org:project:id:270000000000000102:aud", "\"Other\""]
        ) {
            $0.introspect([("token", $0.token())], headers: [b2])
        },
        .init(
            "3 the instance's project", "aud_mismatch",
            ["the instance's own project, not yours", ReferenceWorld.audience]
        ) {
            $0.introspect($0.token(scope: "urn:zitadel:iam:org:project:id:zitadel:aud"))
        },
        .init(
            "17 several domains", "token_issuer", ["\"http://localhost:8080\"", "\"http://b.test\"", "instance.issuer"]
        ) {
            $0.introspect([("token", $0.token(of: "svc-jwt"))], headers: [basic, ("host", "b.test")])
        },
        .init("an ID token", "not_an_access_token", ["ID token", "send the access token"]) {
            $0.introspect($0.tokenAnswer().json["id_token"]?.string ?? "")
        },
        .init(
            "the assertion itself", "not_an_access_token",
            ["270000000000000301", "access token that the token endpoint returned"]
        ) {
            $0.introspect(try $0.assertion())
        },
        .init("\"Bearer \" in front", "token_malformed", ["send only what follows it"]) {
            $0.introspect("Bearer \($0.token())")
        },
        .init("32 an opaque token cut short", "token_unknown", ["cut or altered"]) {
            $0.introspect(String($0.token().prefix(80)))
        },
        .init("nothing like a token", "token_malformed", ["(7 characters in 1 segment)"]) { $0.introspect("garbage") },
    ]

    static let aboutClients: [Mistake] = [
        .init("25 no client authentication", "credentials_missing", ["no Authorization header", "Basic credentials"]) {
            $0.introspect([("token", "x")])
        },
        .init("25 a Bearer header", "credentials_missing", ["Bearer header, which does not authenticate a client"]) {
            $0.introspect([("token", "x")], headers: [("authorization", "Bearer \($0.token())")])
        },
        .init("25 a public app", "client_unauthenticated", ["270000000000000304", "API app"]) {
            $0.introspect([("token", "x"), ("client_id", "270000000000000304")])
        },
        .init(
            "the app id for the client id", "client_unknown",
            ["app id of \"B\"", "did you mean its client id 270000000000000302?"],
            client("270000000000000202")),
        .init(
            "a client id with a slip", "client_unknown", ["did you mean 270000000000000302 (\"B\")?"],
            client("27000000000000302")),
        .init("a user for a client", "client_unknown", ["is the user svc, not an app"], client("svc@acme.localhost")),
        .init(
            "an inactive app", "client_inactive", ["(\"X1\") is inactive", "set its state"],
            client("270000000000000308")),
        .init(
            "an inactive project", "client_inactive", ["(\"X2\") is active, but its project is not"],
            client("270000000000000313")),
        .init(
            "an inactive organization", "client_inactive", ["(\"X3\") is active, but its organization is not"],
            client("270000000000000314")),
        .init(
            "a secret where there are keys", "no_secret",
            ["send a client_assertion with one of its keys: ", "270000000000000702"], client("270000000000000301")
        ),
        .init(
            "a wrong secret", "bad_secret", ["the secret is not that of client 270000000000000302 (\"B\")"],
            client(ReferenceWorld.idOfB)),
        .init(
            "27 the user id for the login name", "user_unknown", ["did you mean svc@acme.localhost?"],
            service("270000000000000501")),
        .init(
            "27 the user name without the domain", "user_unknown", ["did you mean svc@acme.localhost?"], service("svc")),
        .init(
            "a login name with a slip", "user_unknown", ["did you mean svc@acme.localhost?"],
            service("scv@acme.localhost")),
        .init(
            "an app at client_credentials", "user_unknown", ["is the app \"B\"", "login name of a service user"],
            service(ReferenceWorld.idOfB)),
        .init("a human at client_credentials", "user_no_secret", ["alice is a human"], service("alice@acme.localhost")),
        .init(
            "a service user without a secret", "user_no_secret", ["svc-bare has no client secret", "jwt-bearer"],
            service("svc-bare@acme.localhost")),
        .init(
            "a deactivated service user", "user_not_active", ["svc-off is inactive", "set its state to active"],
            service("svc-off@acme.localhost", "svc-off-secret")),
        .init("no scope", "scope_missing", ["scope=openid", "urn:zitadel:iam:org:project:id:{projectId}:aud"]) {
            $0.server.post(
                "/oauth/v2/token", [("grant_type", "client_credentials")],
                headers: [TestServer.basic("svc@acme.localhost", "svc-secret")])
        },
        .init("a body that is not a form", "grant_type_missing", ["application/x-www-form-urlencoded"]) {
            $0.server.send(
                HTTPRequest(
                    method: "POST", path: "/oauth/v2/token", headers: [("content-type", "application/json")],
                    body: Array("{\"grant_type\":\"client_credentials\"}".utf8)))
        },
        .init("a grant type with a slip", "grant_type_unknown", ["\"client_credential\"", "client_credentials, "]) {
            $0.server.post("/oauth/v2/token", [("grant_type", "client_credential")])
        },
    ]

    private static func bearer(
        _ changes: JSONObject, key name: String = "svc", of user: String = "270000000000000501"
    ) -> @Sendable (ReferenceWorld) throws -> HTTPResponse {
        { world in
            let key = try TestServer.key(name)
            return world.jwtBearer(
                assertion: Assertion.sign(
                    Assertion.claims(of: user, audience: world.server.issuer, now: world.server.time.now, changes),
                    by: key.privateKey, keyID: key.keyID))
        }
    }

    private static let now = TestDependencies().now

    static let aboutAssertions: [Mistake] = [
        .init(
            "19 the endpoint as audience", "assertion_aud",
            ["\"http://localhost:8080/oauth/v2/introspect\"", "expected the issuer \"http://localhost:8080\" exactly"]
        ) {
            $0.introspect(assertion: try $0.assertion(["aud": .string("http://localhost:8080/oauth/v2/introspect")]))
        },
        .init("20 no kid", "kid_unknown", ["has no kid", "270000000000000702, 270000000000000703"]) {
            $0.introspect(assertion: try $0.assertion(keyID: .some(nil)))
        },
        .init(
            "20 an unknown kid", "kid_unknown",
            ["\"77\" is not a key of client 270000000000000301", "270000000000000702"]
        ) {
            $0.introspect(assertion: try $0.assertion(keyID: "77"))
        },
        .init(
            "21 the key of a service user at introspection", "kid_unknown",
            ["belongs to service user svc", "jwt-bearer at the token endpoint"]
        ) { world in
            let key = try TestServer.key("svc")
            return world.introspect(assertion: try world.assertion(by: key.privateKey, keyID: key.keyID))
        },
        .init(
            "21 the key of an API at the token endpoint", "kid_unknown",
            ["belongs to app \"Test API\"", "client_assertion with iss and sub 270000000000000301"],
            bearer([:], key: "test-api")),
        .init("I-222 the user name as issuer", "kid_unknown", ["iss \"svc\" is not a user id"], bearer([:], of: "svc")),
        .init(
            "24 a clock that is fast", "assertion_iat_future",
            ["iat is 90 s in the future", "server time 2026-11-21T10:00:00Z"],
            bearer(["iat": .integer(now + 90)])),
        .init(
            "24 a clock that is slow", "assertion_iat_old", ["iat is 3700 s old; at most 3600 s are allowed"],
            bearer(["iat": .integer(now - 3700)])),
        .init(
            "an assertion that expired", "assertion_expired", ["exp was 30 s ago", "server time"],
            bearer(["exp": .integer(now - 30)])),
        .init(
            "milliseconds for seconds", "assertion_iat_future", ["s in the future"],
            bearer(["iat": .integer(now * 1000), "exp": .integer(now * 1000 + 1)])),
        .init(
            "sub is not iss", "assertion_sub", ["sub is \"svc\" and iss \"270000000000000501\""],
            bearer(["sub": .string("svc")])),
        .init(
            "an algorithm that is not allowed", "assertion_alg", ["alg is \"RS512\"; allowed are RS256, ES256, PS256"]
        ) {
            $0.introspect(assertion: try $0.assertion(algorithm: .rs512))
        },
        .init(
            "26 another private key", "assertion_signature",
            ["does not verify with key ", "sign with the private key that belongs to it"]
        ) {
            $0.introspect(assertion: try $0.assertion(by: try TestServer.key("svc").privateKey))
        },
        .init("an expired key", "kid_expired", ["270000000000000703", "expired on 2020-01-01T00:00:00Z"]) {
            $0.introspect(
                assertion: try $0.assertion(by: $0.ellipticKey, keyID: "270000000000000703", algorithm: .es256))
        },
        .init("no JWT at all", "assertion_unparsable", ["2 segments; a JWT has three"]) {
            $0.introspect(assertion: "a.b")
        },
    ]

    @Test("the reason says what would have worked", arguments: aboutTokens + aboutClients + aboutAssertions)
    func mistakes(_ mistake: Mistake) throws {
        let answer = try mistake.send(ReferenceWorld())
        let line = answer.header("Mock-Reason") ?? ""
        #expect(answer.reason == mistake.reason, "\(line)")
        for hint in mistake.hints { #expect(line.contains(hint), "\(line)") }
        for secret in ["s3cr3t-sent", "svc-off-secret", "b2-secret", "test-api-2-secret"] {
            #expect(!answer.headers.contains { $0.value.contains(secret) })
            #expect(!answer.text.contains(secret))
        }
    }

    @Test("a warning survives the rejection that it explains: a Basic secret that was not form-encoded")
    func warningOnRejection() throws {
        let world = try ReferenceWorld()
        let answer = world.server.send(
            HTTPRequest(
                method: "POST", path: "/oauth/v2/introspect",
                headers: [
                    ("content-type", "application/x-www-form-urlencoded"),
                    ReferenceWorld.rawBasic("270000000000000302:a@b!"),
                ], body: Array("token=x".utf8)))
        #expect(answer.reason == "bad_secret")
        #expect(answer.header("Mock-Warning")?.hasPrefix("basic-not-encoded;") == true)
    }

    @Test(
        "what is accepted but bites elsewhere is warned of",
        arguments: [
            ("secret-in-query", "client_id=270000000000000302&client_secret=test-api-2-secret", ""),
            ("scope-without-effect", "scope=openid", "270000000000000302:test-api-2-secret"),
            ("basic-not-encoded", "", "78366401571920522@acme:veryweaksecret!"),
        ])
    func warnings(code: String, query: String, basic: String) throws {
        let world = try ReferenceWorld()
        var headers: [(name: String, value: String)] = [("content-type", "application/x-www-form-urlencoded")]
        if !basic.isEmpty { headers.append(ReferenceWorld.rawBasic(basic)) }
        let answer = world.server.send(
            HTTPRequest(
                method: "POST", path: "/oauth/v2/introspect", query: Array(query.utf8), headers: headers,
                body: Array("token=\(world.token())".utf8)))
        IntrospectionOutcome.active.check(answer)
        let warnings = answer.headers.filter { $0.name == "Mock-Warning" }.map(\.value)
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("\(code); ") == true)
        #expect(!warnings.joined().contains("secret!") && !warnings.joined().contains("test-api-2-secret"))
    }
}
