import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// The header `Mock-Warning` of requests that work here and may fail elsewhere, and its absence otherwise.
@Suite struct WarningTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        /// Members of the seed's `instance`.
        let instance: String
        /// The code and a part of the detail; nil for no warning at all.
        let warning: (code: String, part: String)?
        let send: @Sendable (ReferenceFixture) throws -> HTTPResponse
        var testDescription: String { name }

        init(
            _ name: String, instance: String = "", _ warning: (code: String, part: String)?,
            _ send: @escaping @Sendable (ReferenceFixture) throws -> HTTPResponse
        ) {
            self.name = name
            self.instance = instance
            self.warning = warning
            self.send = send
        }
    }

    private static func audience(_ list: String...) -> JSONObject { ["aud": .strings(list)] }

    private static func bearer(_ changes: JSONObject) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        {
            let key = try TestServer.key("svc")
            let claims = Assertion.claims(
                of: "270000000000000501", audience: $0.server.issuer, now: $0.server.time.now, changes)
            return $0.jwtBearer(assertion: Assertion.sign(claims, by: key.privateKey, keyID: key.keyID))
        }
    }

    private static func refusedBearer(dialect: String) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        { $0.jwtBearer(assertion: "abc", headers: [("mock-dialect", dialect)]) }
    }

    private static func deviceCode(dialect: String) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        {
            $0.server.post(
                "/oauth/v2/token",
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", "x"),
                    ("client_id", "270000000000000304"),
                ],
                headers: [("mock-dialect", dialect)])
        }
    }

    private static func cut(to length: Int) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        { $0.introspect(String($0.token().prefix(length))) }
    }

    private static func version(_ name: String) -> String { "\"serverVersion\": \"\(name)\"" }

    static let examples: [Example] =
        assertions + versions + [
            .init("a token for the instance's project only", ("instance-project-audience", "270000000000000100")) {
                $0.tokenAnswer(scope: "openid urn:zitadel:iam:org:project:id:zitadel:aud")
            },
            .init("by jwt-bearer, too, and with the project's id", ("instance-project-audience", "270000000000000100"))
            {
                let key = try TestServer.key("svc")
                let claims = Assertion.claims(
                    of: "270000000000000501", audience: $0.server.issuer, now: $0.server.time.now)
                return $0.jwtBearer(
                    assertion: Assertion.sign(claims, by: key.privateKey, keyID: key.keyID),
                    scope: "openid urn:zitadel:iam:org:project:id:270000000000000100:aud")
            },
            .init("a token for the instance's project and another", nil) {
                $0.tokenAnswer(scope: "openid urn:zitadel:iam:org:project:id:zitadel:aud \(ReferenceFixture.audience)")
            },
            .init("a body that is not a form at the end of a session", ("body-not-read", "\"application/json\"")) {
                $0.server.send(
                    HTTPRequest(
                        method: "POST", path: "/oidc/v1/end_session", headers: [("content-type", "application/json")],
                        body: Array("{\"client_id\":\"270000000000000303\"}".utf8)))
            },
            .init("a form at the end of a session", nil) { $0.server.post("/oidc/v1/end_session", [("state", "x")]) },
            .init("no body at the end of a session", nil) { $0.server.get("/oidc/v1/end_session") },
            .init("a token for no project", nil) { $0.tokenAnswer(scope: "openid") },
            .init("a body that is not a form at introspection", ("body-not-read", "\"text/plain\"")) { fixture in
                fixture.server.send(
                    HTTPRequest(
                        method: "POST", path: "/oauth/v2/introspect", query: Array("token=\(fixture.token())".utf8),
                        headers: [
                            ("content-type", "text/plain"),
                            TestServer.basic(ReferenceFixture.idOfB, ReferenceFixture.secretOfB),
                        ], body: Array("x".utf8)))
            },
            .init("the audience of no project", ("audience-unknown", "\"nowhere\"")) {
                $0.tokenAnswer(scope: "openid urn:zitadel:iam:org:project:id:nowhere:aud")
            },
            .init("the name of a project for its id", ("audience-unknown", "has the id 270000000000000101")) {
                $0.tokenAnswer(scope: "openid urn:zitadel:iam:org:project:id:Shop:aud")
            },
            .init("scopes between commas", ("scope-dropped", "separated by spaces")) {
                $0.tokenAnswer(scope: "openid profile,email")
            },
            .init("two scopes that nobody knows", ("scope-dropped", "the scopes \"a\", \"b\"")) {
                $0.tokenAnswer(scope: "openid a b")
            },
            .init("an audience scope without its end", ("audience-unknown", "without \":aud\"")) {
                $0.tokenAnswer(scope: "openid urn:zitadel:iam:org:project:id:270000000000000101")
            },
        ] + scopes + roles + revocations + ignored + proxies + otherClients

    private static let roles: [Example] = [
        .init("roles of no project", ("roles-missing", "of no project; add the scope urn:zitadel:iam:org:project:id:"))
        {
            $0.tokenAnswer(scope: "openid urn:zitadel:iam:org:projects:roles")
        },
        .init("roles of a project without a grant", ("roles-missing", "svc-jwt has no roles of project \"Other\"")) {
            $0.tokenAnswer(
                of: "svc-jwt",
                scope:
                    "openid urn:zitadel:iam:org:projects:roles urn:zitadel:iam:org:project:id:\(ReferenceFixture.otherProject):aud"
            )
        },
        .init(
            "a role that the user has not", ("roles-missing", "has other roles of project \"Shop\" than were asked for")
        ) {
            $0.tokenAnswer(scope: "openid urn:zitadel:iam:org:project:role:nothing \(ReferenceFixture.audience)")
        },
        .init("roles that the user has", nil) {
            $0.tokenAnswer(scope: "openid urn:zitadel:iam:org:projects:roles \(ReferenceFixture.audience)")
        },
    ]

    private static func revoke(
        _ form: @escaping @Sendable (ReferenceFixture) throws -> [(String, String)]
    ) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        {
            try $0.server.post(
                "/oauth/v2/revoke", form($0), headers: [TestServer.basic("270000000000000303", "web-secret")])
        }
    }

    private static let revocations: [Example] = [
        .init(
            "revocation of nothing", ("nothing-revoked", "neither an opaque token of this server nor a JWT"),
            revoke { _ in [("token", "x")] }),
        .init(
            "revocation of an ID token", ("nothing-revoked", "it is an ID token"),
            revoke { [("token", $0.tokenAnswer().json["id_token"]?.string ?? "")] }),
        .init(
            "revocation of a token that was cut", ("nothing-revoked", "cut or altered"),
            revoke { [("token", String($0.token().dropLast()))] }),
        .init("a scope that is sent twice", ("parameter-repeated", "scope is there more than once")) {
            $0.server.post(
                "/oauth/v2/token",
                [("grant_type", "client_credentials"), ("scope", "openid profile"), ("scope", "openid")],
                headers: [TestServer.basic("svc@acme.localhost", "svc-secret")])
        },
        .init("one that is the same twice", nil) {
            $0.server.post(
                "/oauth/v2/token",
                [("grant_type", "client_credentials"), ("scope", "openid"), ("scope", "openid")],
                headers: [TestServer.basic("svc@acme.localhost", "svc-secret")])
        },
    ]

    private static let otherClients: [Example] = [
        .init("Basic of a client and the id of another", ("parameter-ignored", "client_id \"270000000000000302\"")) {
            $0.server.post(
                "/oauth/v2/introspect", [("token", "x"), ("client_id", "270000000000000302")],
                headers: [TestServer.basic("270000000000000303", "web-secret")])
        },
        .init("Basic of a client and its own id", nil) {
            $0.server.post(
                "/oauth/v2/introspect", [("token", "x"), ("client_id", "270000000000000303")],
                headers: [TestServer.basic("270000000000000303", "web-secret")])
        },
        .init("request_uri", ("parameter-ignored", "request_uri is ignored"), authorize("&request_uri=urn:x")),
    ]

    /// What is dropped, and what is advised.
    private static let scopes: [Example] = [
        ("openid+profile", "encoded twice"), ("openid%20profile", "encoded twice"),
        ("openid\nprofile", "not by line feeds"), ("OpenID", "did you mean openid?"),
        ("roles", "did you mean urn:zitadel:iam:org:projects:roles, together with"),
        ("urn:zitadel:iam:org:project:roles", "did you mean urn:zitadel:iam:org:projects:roles"),
        ("urn:zitadel:iam:org:projects:id:5:aud", "did you mean urn:zitadel:iam:org:project:id:5:aud?"),
        ("urn:zitadel:iam:org:id:99", "here it can be"), ("mine", "instance.unknownScopes"),
    ].map { scope, part in
        Example("the scope \(scope)", ("scope-dropped", part)) { $0.tokenAnswer(scope: scope + " profile") }
    }

    private static func authorize(
        _ parameters: String = "", redirectURI: String = "http://localhost:3000/callback",
        headers: [(name: String, value: String)] = []
    ) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        let query = "client_id=270000000000000303&redirect_uri=\(redirectURI)&response_type=code&scope=openid"
        return { fixture in
            fixture.server.send(
                HTTPRequest(
                    method: "GET", path: "/oauth/v2/authorize", query: Array((query + parameters).utf8),
                    headers: headers))
        }
    }

    private static let ignored: [Example] = [
        .init(
            "a response mode with a slip", ("parameter-ignored", "did you mean form_post?"),
            authorize("&response_mode=formpost")),
        .init(
            "a prompt that nobody knows", ("parameter-ignored", "prompt \"sign_in\""), authorize("&prompt=sign_in")),
        .init(
            "a method of PKCE in other letters", ("parameter-ignored", "code_challenge_method \"s256\""),
            authorize("&code_challenge=x&code_challenge_method=s256")),
        .init("values that are known", nil, authorize("&response_mode=query&prompt=consent")),
        .init(
            "a challenge that no verifier fits", ("impossible-challenge", "code_challenge has 5 characters"),
            authorize("&code_challenge=short&code_challenge_method=S256")),
        .init(
            "a padded challenge", ("impossible-challenge", "code_challenge has 44 characters"),
            authorize("&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM%3D&code_challenge_method=S256")),
        .init(
            "a challenge of RFC 7636", nil,
            authorize("&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256")),
        .init(
            "an audience", ("parameter-ignored", "audience is ignored; ask for one by the scope"),
            authorize("&audience=x")),
        .init(
            "a redirect URI that is encoded twice",
            ("redirect-uri-encoded", "was compared as \"http://localhost:3000/callback\""),
            authorize(redirectURI: "http%253A%252F%252Flocalhost%253A3000%252Fcallback")),
        .init("one that is encoded once", nil, authorize(redirectURI: "http%3A%2F%2Flocalhost%3A3000%2Fcallback")),
    ]

    private static let proxies: [Example] =
        [
            ("x-forwarded-proto", "https, http"), ("x-forwarded-proto", "HTTPS"),
            ("x-forwarded-host", "a.test, b.test"),
            ("forwarded", "host=a.test;proto=HTTPS"), ("forwarded", "host=a:1:2"),
        ].map { (name: String, value: String) -> Example in
            .init(
                "\(name): \(value)", ("proxy-header-ignored", "\(name) \"\(value)\""),
                authorize(headers: [(name, value)]))
        }
        + [("x-forwarded-proto", "https"), ("forwarded", "for=192.0.2.1"), ("x-forwarded-for", "192.0.2.1")].map {
            (name: String, value: String) -> Example in
            .init("\(name): \(value)", nil, authorize(headers: [(name, value)]))
        }

    private static let issuer = "http://localhost:8080"

    private static let assertions: [Example] = [
        .init("an endpoint next to the issuer, at introspection", ("aud-has-endpoint", "\(issuer)/oauth/v2/introspect"))
        {
            $0.introspect(assertion: try $0.assertion(audience(issuer, issuer + "/oauth/v2/introspect")))
        },
        .init(
            "an endpoint before the issuer, in a grant", ("aud-has-endpoint", "\(issuer)/oauth/v2/token"),
            bearer(audience(issuer + "/oauth/v2/token", issuer))),
        .init("an endpoint next to the issuer, at revocation", ("aud-has-endpoint", "\(issuer)/oauth/v2/revoke")) {
            let file = try TestServer.key("web-key")
            let assertion = try $0.assertion(
                audience(issuer, issuer + "/oauth/v2/revoke"), of: "270000000000000305", by: file.privateKey,
                keyID: file.keyID)
            return $0.server.post(
                "/oauth/v2/revoke",
                [
                    ("token", $0.token()), ("client_assertion", assertion),
                    ("client_assertion_type", ReferenceFixture.assertionType),
                ])
        },
        .init("the issuer alone", nil) { $0.introspect(assertion: try $0.assertion()) },
        .init("another host next to the issuer", nil, bearer(audience(issuer, issuer + "0/oauth/v2/token"))),
    ]

    private static let versions: [Example] =
        ["v2.71", "v3.4", "v4.13"].flatMap { name -> [Example] in
            [
                .init(
                    "\(name): the 500 of a refused assertion", instance: version(name),
                    ("old-server-version", "2026-07 answers 400 invalid_grant"),
                    refusedBearer(dialect: "server")),
                .init(
                    "\(name): an unknown device code", instance: version(name),
                    ("old-server-version", "2026-07 answers 400 invalid_client"),
                    deviceCode(dialect: "server")),
                .init(
                    "\(name): in dialect documented", instance: version(name), nil, refusedBearer(dialect: "documented")
                ),
                .init(
                    "\(name): a token cut to 80 characters", instance: version(name),
                    ("token-cut", "first 80 characters"), cut(to: 80)),
                .init("\(name): a token cut to 79 characters", instance: version(name), nil, cut(to: 79)),
                .init("\(name): a token that is not cut", instance: version(name), nil) { $0.introspect($0.token()) },
            ]
        } + [
            .init("2026-07: a refused assertion", nil, refusedBearer(dialect: "server")),
            .init("2026-07: an unknown device code", nil, deviceCode(dialect: "server")),
            .init("2026-07: a token cut to 80 characters", nil, cut(to: 80)),
            .init("a refusal that all versions share", instance: version("v3.4"), nil) {
                $0.introspect([("token", "x")], headers: [TestServer.basic(ReferenceFixture.idOfB, "wrong")])
            },
            .init("a cut token at userinfo", instance: version("v3.4"), ("token-cut", "first 80 characters")) {
                $0.server.get("/oidc/v1/userinfo", headers: [("authorization", "Bearer " + $0.token().prefix(80))])
            },
        ]

    @Test("a request causes the expected warning only, or none", arguments: examples)
    func warning(_ example: Example) throws {
        let fixture = try ReferenceFixture(instance: example.instance)
        let warnings = try example.send(fixture).headers.filter { $0.name == "Mock-Warning" }.map(\.value)
        guard let (code, part) = example.warning else {
            #expect(warnings.isEmpty, "\(warnings)")
            return
        }
        #expect(warnings.count == 1)
        let line = warnings.first ?? ""
        #expect(line.hasPrefix("\(code); ") && line.contains(part), "\(line)")
    }
}
