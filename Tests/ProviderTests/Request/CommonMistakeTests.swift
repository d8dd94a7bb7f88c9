import Crypto
import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// Common mistakes: the reason has the value that would have worked, and nothing secret.
@Suite struct CommonMistakeTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let name: String
        let reason: String
        /// Texts that the detail must hold.
        let hints: [String]
        let send: @Sendable (ReferenceFixture) throws -> HTTPResponse
        var testDescription: String { name }

        init(
            _ name: String, _ reason: String, _ hints: [String],
            _ send: @escaping @Sendable (ReferenceFixture) throws -> HTTPResponse
        ) {
            self.name = name
            self.reason = reason
            self.hints = hints
            self.send = send
        }
    }

    private static let basic = TestServer.basic(ReferenceFixture.idOfB, ReferenceFixture.secretOfB)
    private static let b2 = TestServer.basic("270000000000000312", "b2-secret")

    private static func client(
        _ id: String, _ secret: String = "s3cr3t-sent"
    ) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        { $0.introspect([("token", "x")], headers: [TestServer.basic(id, secret)]) }
    }

    private static func service(
        _ id: String, _ secret: String = "s3cr3t-sent"
    ) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        {
            $0.server.post(
                "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", "openid")],
                headers: [TestServer.basic(id, secret)])
        }
    }

    private static func send(
        _ method: String, _ path: String, _ type: String?, _ body: String
    ) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        {
            $0.server.send(
                HTTPRequest(
                    method: method, path: path, headers: type.map { [("content-type", $0)] } ?? [],
                    body: Array(body.utf8)))
        }
    }

    static let aboutTokens: [Mistake] = [
        .init("1 no audience scope", "aud_empty", [ReferenceFixture.audience, "(\"B\")"]) {
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
            ["the instance's own project, not yours", ReferenceFixture.audience]
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
        .init(
            "the name of an app", "client_unknown",
            ["Test API is the name of an app; did you mean its client id 270000000000000301?"], client("Test API")),
        .init(
            "id and secret exchanged", "client_unknown",
            ["id and secret are exchanged: the client id 270000000000000302 is in the place of the secret"],
            client(ReferenceFixture.secretOfB, ReferenceFixture.idOfB)),
        .init(
            "login name and secret exchanged", "user_unknown",
            ["id and secret are exchanged: the login name svc@acme.localhost is in the place of the secret"],
            service("svc-off-secret", "svc@acme.localhost")),
        .init(
            "a service user for a client", "client_unknown",
            [
                "is the service user svc@acme.localhost, not an app", "an API app introspects them",
                "270000000000000301 (\"Test API\")",
            ], client("svc@acme.localhost")),
        .init(
            "a service user for a client, by user name", "client_unknown",
            ["svc is the service user svc@acme.localhost, not an app", "an API app introspects them"], client("svc")),
        .init("a service user at revocation", "client_unknown", ["svc is the service user svc@acme.localhost"]) {
            $0.server.post("/oauth/v2/revoke", [("token", "x")], headers: [TestServer.basic("svc", "s3cr3t-sent")])
        },
        .init(
            "a human for a client", "client_unknown", ["is the user alice@acme.localhost, not an app"], client("alice")),
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
            client(ReferenceFixture.idOfB)),
        .init(
            "27 the user id for the login name", "user_unknown", ["the id of user svc", "send svc@acme.localhost"],
            service("270000000000000501")),
        .init(
            "27 the user name without the domain", "user_unknown",
            [
                "svc is not a login name: organization ACME has userLoginMustBeDomain true; "
                    + "send svc@acme.localhost, or set it to false in the seed"
            ], service("svc")),
        .init(
            "the user name with a domain that is not of login names", "user_unknown",
            [
                "organization Partner has userLoginMustBeDomain false; send partner-svc, "
                    + "or set it to true in the seed"
            ], service("partner-svc@partner.localhost")),
        .init(
            "the user name with a domain of nobody", "user_unknown",
            ["not the domain acme.com; send svc@acme.localhost, or add acme.com to its domains in the seed"],
            service("svc@acme.com")),
        .init(
            "the user name with the domain of another organization", "user_unknown",
            ["not the domain partner.localhost; send svc@acme.localhost"], service("svc@partner.localhost")),
        .init(
            "a login name that was encoded twice", "user_unknown", ["decoded once more it is svc@acme.localhost"],
            service("svc%40acme.localhost")),
        .init(
            "a login name with a slip", "user_unknown", ["did you mean svc@acme.localhost?"],
            service("scv@acme.localhost")),
        .init(
            "an app at client_credentials", "user_unknown", ["is the app \"B\"", "login name of a service user"],
            service(ReferenceFixture.idOfB)),
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
        .init(
            "a body that is not a form", "grant_type_missing",
            ["Content-Type is \"application/json\" and not application/x-www-form-urlencoded"],
            send("POST", "/oauth/v2/token", "application/json", "{\"grant_type\":\"client_credentials\"}")),
        .init(
            "a body of no type", "grant_type_missing", ["it has no Content-Type"],
            send("POST", "/oauth/v2/token", nil, "grant_type=client_credentials")),
        .init("no body", "grant_type_missing", ["has no body"], send("POST", "/oauth/v2/token", nil, "")),
        .init("a GET", "grant_type_missing", ["a GET request has no form: send it by POST"]) {
            $0.server.get("/oauth/v2/token")
        },
        .init("a form without it", "grant_type_missing", ["the form has no grant_type"]) {
            $0.server.post("/oauth/v2/token", [("scope", "openid")])
        },
        .init(
            "a form without it, put", "grant_type_missing", ["the form has no grant_type"],
            send("PUT", "/oauth/v2/token", "application/x-www-form-urlencoded", "scope=openid")),
        .init(
            "JSON that says it is a form", "grant_type_missing", ["the body is JSON"],
            send("POST", "/oauth/v2/token", "application/x-www-form-urlencoded", "{\"client_secret\":\"b2-secret\"}")),
        .init(
            "another spelling of a parameter", "grant_type_missing",
            ["the request has the parameter \"grantType\", send grant_type instead"]
        ) {
            $0.server.post("/oauth/v2/token", [("scope", "openid"), ("grantType", "client_credentials")])
        },
        .init(
            "another spelling of a secret", "user_bad_secret",
            ["no secret was sent", "\"clientSecret\", send client_secret instead"]
        ) {
            $0.server.post(
                "/oauth/v2/token",
                [("grant_type", "client_credentials"), ("client_id", "svc@acme.localhost"), ("clientSecret", "x")])
        },
        .init(
            "the assertion of an API app", "user_unknown",
            ["the assertion is of app \"Test API\"", "when users sign in"]
        ) {
            $0.server.post(
                "/oauth/v2/token",
                [
                    ("grant_type", "client_credentials"), ("client_assertion_type", ReferenceFixture.assertionType),
                    ("client_assertion", try $0.assertion()),
                ])
        },
        .init(
            "a variable for a client id", "client_unknown", ["it is a variable that was not filled in"], client("${ID}")
        ),
        .init("an empty one", "grant_type_missing", ["grant_type is empty"]) {
            $0.server.post("/oauth/v2/token", [("grant_type", "")])
        },
        .init(
            "JSON at userinfo", "access_token_missing", ["Content-Type is \"application/json\""],
            send("POST", "/oidc/v1/userinfo", "application/json", "{}")),
        .init(
            "JSON at the authorization endpoint", "client_id_missing", ["Content-Type is \"text/json\""],
            send("POST", "/oauth/v2/authorize", "text/json", "{}")),
        .init(
            "the URN of another parameter", "grant_type_unknown",
            ["did you mean urn:ietf:params:oauth:grant-type:jwt-bearer?"]
        ) {
            $0.server.post(
                "/oauth/v2/token", [("grant_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")])
        },
        .init(
            "the short name of a URN", "grant_type_unknown",
            ["did you mean urn:ietf:params:oauth:grant-type:device_code?"]
        ) {
            $0.server.post("/oauth/v2/token", [("grant_type", "device_code")])
        },
        .init("a key file for an assertion", "assertion_unparsable", ["it is a key file; send a JWT"]) {
            $0.jwtBearer(assertion: "{\"type\":\"serviceaccount\",\"keyId\":\"1\",\"key\":\"-----BEGIN\"}")
        },
        .init("a private key for an assertion", "assertion_unparsable", ["it is a private key; send a JWT"]) {
            $0.jwtBearer(assertion: "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n")
        },
        .init("a grant type with a slip", "grant_type_unknown", ["\"client_credential\"", "client_credentials, "]) {
            $0.server.post("/oauth/v2/token", [("grant_type", "client_credential")])
        },
    ]

    private static func bearer(
        _ changes: JSONObject, key name: String = "svc", of user: String = "270000000000000501"
    ) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        { fixture in
            let key = try TestServer.key(name)
            return fixture.jwtBearer(
                assertion: Assertion.sign(
                    Assertion.claims(of: user, audience: fixture.server.issuer, now: fixture.server.time.now, changes),
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
        ) { fixture in
            let key = try TestServer.key("svc")
            return fixture.introspect(assertion: try fixture.assertion(by: key.privateKey, keyID: key.keyID))
        },
        .init(
            "21 the key of an API at the token endpoint", "kid_unknown",
            [
                "belongs to API app \"Test API\", which gets no tokens",
                "client_assertion with iss and sub 270000000000000301 at the introspection endpoint",
            ],
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
            "milliseconds for seconds", "assertion_iat_future", ["it is in milliseconds, and seconds are expected"],
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
        .init(
            "no sub", "assertion_sub", ["sub is missing; it must be the same as iss, \"270000000000000501\""],
            bearer(["sub": .null])),
        .init(
            "no iss", "assertion_sub",
            [
                "iss is missing; it must be the same as sub", "belongs to service user svc",
                "iss and sub 270000000000000501",
            ],
            bearer(["iss": .null])),
        .init(
            "no iss of a client", "client_unknown",
            ["the assertion has no iss; it must be the client id", "with iss and sub 270000000000000301"]
        ) {
            $0.introspect(assertion: try $0.assertion(["iss": .null]))
        },
        .init("a padded signature", "assertion_signature", ["the signature, is not unpadded base64url"]) {
            $0.introspect(assertion: try $0.assertion() + "==")
        },
        .init("no signature", "assertion_signature", ["the signature, is empty"]) {
            let assertion = try $0.assertion()
            return $0.introspect(assertion: assertion.split(separator: ".").dropLast().joined(separator: ".") + ".")
        },
        .init("a personal access token", "assertion_unparsable", ["it is a personal access token; sign a JWT"]) {
            $0.jwtBearer(assertion: "pat-svc-0123456789abcdef")
        },
        .init(
            "the name of a file", "assertion_unparsable", ["it begins with \"@\", as the name of a file for curl does"]
        ) {
            $0.jwtBearer(assertion: "@a.b.jwt")
        },
        .init("no JWT at all", "assertion_unparsable", ["2 segments; a JWT has three"]) {
            $0.introspect(assertion: "a.b")
        },
    ]

    @Test(
        "the reason for a common mistake says what would have worked",
        arguments: aboutTokens + aboutClients + aboutAssertions)
    func mistakes(_ mistake: Mistake) throws {
        let answer = try mistake.send(ReferenceFixture())
        let line = answer.header("Mock-Reason") ?? ""
        #expect(answer.reason == mistake.reason, "\(line)")
        for hint in mistake.hints { #expect(line.contains(hint), "\(line)") }
        for secret in ["s3cr3t-sent", "svc-off-secret", "b2-secret", "test-api-2-secret"] {
            #expect(!answer.headers.contains { $0.value.contains(secret) })
            #expect(!answer.text.contains(secret))
        }
    }
}
