import Encodings
import HTTP
import JOSE
import OAuth
import TestSupport
import Testing

/// Values with something around them, and values of one kind where another is asked for: the reason says which, and what to send.
@Suite struct MisplacedValueTests {
    /// What may be around a value, and the words for it.
    private static let around: [(before: String, after: String, hint: String)] = [
        ("\"", "\"", "in quotation marks"), ("“", "”", "in quotation marks"),
        ("<", ">", "in quotation marks or brackets"),
        ("\u{FEFF}", "", "begins with a byte order mark"), ("", "\n", "white space around it"),
        ("\u{200B}", "", "white space around it"), ("Bearer ", "", "begins with \"Bearer \""),
        ("Bearer: ", "", "begins with \"Bearer: \""), ("token ", "", "begins with \"token \""),
        ("access_token=", "", "begins with \"access_token=\""), ("{\"access_token\":\"", "\"}", "a whole JSON object"),
        ("", "&state=st-1", "only what is before the \"&\""), ("", "...", "abbreviated"),
    ]

    private static func detail(_ answer: HTTPResponse) -> String { answer.header("Mock-Reason") ?? "" }

    @Test("surplus text around a token is named", arguments: ["svc", "svc-jwt"], around.indices)
    func token(user: String, index: Int) throws {
        let (before, after, hint) = Self.around[index]
        let fixture = try ReferenceFixture()
        // White space around tokens does not count for the servers.
        guard hint != "white space around it" || before == "\u{200B}" else { return }
        let answer = fixture.introspect(before + fixture.token(of: user) + after)
        #expect(answer.reason == "token_malformed" && Self.detail(answer).contains(hint), "\(Self.detail(answer))")
    }

    @Test(
        "surplus text around an assertion is named, also where it breaks only the header or the signature",
        arguments: around.indices)
    func assertion(index: Int) throws {
        let (before, after, hint) = Self.around[index]
        let fixture = try ReferenceFixture()
        let key = try TestServer.key("svc")
        let claims = Assertion.claims(
            of: "270000000000000501", audience: fixture.server.issuer, now: fixture.server.time.now)
        let assertion = Assertion.sign(claims, by: key.privateKey, keyID: key.keyID)
        let answers = [
            fixture.jwtBearer(assertion: before + assertion + after, scope: "openid"),
            fixture.introspect(assertion: before + (try fixture.assertion()) + after),
        ]
        for answer in answers where answer.status != 200 {
            #expect(Self.detail(answer).contains(hint), "\(Self.detail(answer))")
        }
        #expect(answers.contains { $0.status != 200 } || hint == "white space around it")
    }

    @Test(
        "surplus text around a secret or a client id is named when they would be right without it",
        arguments: around.indices)
    func credentials(index: Int) throws {
        let (before, after, hint) = Self.around[index]
        // The member of an object is not read.
        guard hint != "a whole JSON object" else { return }
        let fixture = try ReferenceFixture()
        func introspect(_ id: String, _ secret: String) -> HTTPResponse {
            fixture.introspect([("token", "x"), ("client_id", id), ("client_secret", secret)])
        }
        let secret = introspect(ReferenceFixture.idOfB, before + ReferenceFixture.secretOfB + after)
        #expect(secret.reason == "bad_secret" && Self.detail(secret).contains(hint), "\(Self.detail(secret))")
        let id = introspect(before + ReferenceFixture.idOfB + after, ReferenceFixture.secretOfB)
        #expect(id.reason == "client_unknown" && Self.detail(id).contains(hint), "\(Self.detail(id))")
        let user = fixture.server.post(
            "/oauth/v2/token",
            [
                ("grant_type", "client_credentials"), ("scope", "openid"),
                ("client_id", before + "svc@acme.localhost" + after), ("client_secret", "svc-secret"),
            ])
        #expect(user.reason == "user_unknown" && Self.detail(user).contains(hint), "\(Self.detail(user))")
        let wrong = introspect(ReferenceFixture.idOfB, before + "another" + after)
        #expect(wrong.reason == "bad_secret" && !Self.detail(wrong).contains(hint), "\(Self.detail(wrong))")
    }

    @Test("a client id with an unencoded colon is recognized") func colon() throws {
        let fixture = try ReferenceFixture {
            $0.replacing("\"clientId\": \"270000000000000308\"", with: "\"clientId\": \"urn:a:b\"")
        }
        let answer = fixture.introspect(
            [("token", "x")], headers: [ReferenceFixture.rawBasic("urn:a:b:s3cr3t")])
        #expect(Self.detail(answer).contains("urn:a:b is known, but the colon in it ends the id: send it as %3A"))
    }

    @Test("a token, code or user code in a parameter for another kind is named") func kinds() throws {
        let fixture = try SignInFixture()
        let tokens = try fixture.tokens(scope: "openid offline_access")
        func value(_ name: String) -> String { tokens[name]?.string ?? "" }
        let device = fixture.server.post(
            "/oauth/v2/device_authorization", [("client_id", SignInFixture.native), ("scope", "openid")]
        ).json
        let code = try fixture.code()
        let sent = [
            (value("access_token"), "is an access token"), (value("refresh_token"), "is a refresh token"),
            (value("id_token"), "is an ID token"), (code, "is an authorization code"),
            (device["device_code"]?.string ?? "", "is a device code"),
            (device["user_code"]?.string ?? "", "is a user code"),
        ]
        for (text, words) in sent {
            let answers = [
                ("a refresh token", try fixture.refresh(text)), ("an authorization code", try fixture.redeem(text)),
                (
                    "a device code",
                    try fixture.token(
                        SignInFixture.native,
                        [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", text)])
                ),
            ]
            for (kind, answer) in answers where !words.hasSuffix(kind) {
                #expect(answer.status == 400 && Self.detail(answer).contains(words), "\(Self.detail(answer))")
            }
        }
        let introspected = fixture.introspect(device["device_code"]?.string ?? "")
        #expect(introspected.reason == "not_an_access_token" && Self.detail(introspected).contains("is a device code"))
    }

    @Test("a code that was copied with the parameters after it is recognized") func copiedCode() throws {
        let fixture = try SignInFixture()
        let answer = try fixture.redeem(try fixture.code() + "&state=st-1")
        #expect(answer.status == 400 && Self.detail(answer).contains("only what is before the \"&\""))
    }

    struct Pair: Sendable {
        var method = "S256"
        let challenge: String
        let verifier: String
        let words: String
    }

    private static let challenge = PKCE.challenge(ofVerifier: SignInFixture.verifier)

    static let pairs = [
        Pair(challenge: challenge, verifier: SignInFixture.verifier + "\n", words: "white space around it"),
        Pair(challenge: challenge, verifier: challenge, words: "is the code_challenge itself"),
        Pair(
            method: "plain", challenge: challenge, verifier: SignInFixture.verifier,
            words: "did not send code_challenge_method=S256"),
        Pair(challenge: challenge + "=", verifier: SignInFixture.verifier, words: "no = at the end"),
        Pair(challenge: challenge, verifier: "another", words: "unpadded base64url of the verifier's SHA-256"),
    ]

    @Test("common mistakes with PKCE are recognized", arguments: pairs) func verifier(pair: Pair) throws {
        let fixture = try SignInFixture()
        let code = try fixture.code(
            SignInFixture.web, ["code_challenge": pair.challenge, "code_challenge_method": pair.method])
        let answer = try fixture.redeem(code, SignInFixture.web, ["code_verifier": pair.verifier])
        let detail = Self.detail(answer)
        #expect(answer.reason == "code_verifier_wrong" && detail.contains(pair.words), "\(detail)")
    }

    @Test(
        "a misspelled value of a closed list is recognized",
        arguments: [
            ("grant_type", "client_credential", "did you mean client_credentials?"),
            ("grant_type", "client_credentials\n", "white space around it"),
            ("grant_type", "password", "ZITADEL has no password grant"),
        ])
    func lists(name: String, value: String, words: String) throws {
        let answer = try TestServer().post("/oauth/v2/token", [(name, value)])
        #expect(answer.reason == "grant_type_unknown" && Self.detail(answer).contains(words), "\(Self.detail(answer))")
    }

    @Test(
        "the reason for a missing parameter describes the form that was sent",
        arguments: [
            ("{\"token\":\"x\"}", "the body is JSON"),
            ("access_token=x", "the request has the parameter \"access_token\", send token instead"),
            ("\u{1F}\u{8B}abc", "the body is compressed"),
        ])
    func lackingForm(body: String, words: String) throws {
        let answer = try TestServer().send(
            HTTPRequest(
                method: "POST", path: "/oauth/v2/introspect",
                headers: [
                    ("content-type", "application/x-www-form-urlencoded"),
                    TestServer.basic(ReferenceFixture.idOfB, ReferenceFixture.secretOfB),
                ], body: Array(body.utf8)))
        #expect(Self.detail(answer).contains(words), "\(Self.detail(answer))")
    }

    @Test(
        "userinfo names the scheme that was sent, and nothing of what follows it",
        arguments: [
            ("Token s3cr3t", "has the scheme \"Token\""), ("Basic s3cr3t", "has the scheme \"Basic\""),
            ("s3cr3t", "has no scheme"), ("s3cr3t.x y", "has no scheme"),
        ])
    func scheme(header: String, words: String) throws {
        let detail = Self.detail(try TestServer().get("/oidc/v1/userinfo", headers: [("authorization", header)]))
        #expect(detail.contains(words) && !detail.contains("s3cr3t"), "\(detail)")
    }

    @Test(
        "the reason for an unregistered redirect URI says what decides, and gives advice that works",
        arguments: [
            (
                "\"clientSecret\": \"s\", \"devMode\": true, \"redirectUris\": [\"https://*.example.test/*\"]",
                "https://a.example.test/b/c",
                "* stands for anything but a slash"
            ),
            (
                "\"clientSecret\": \"s\", \"redirectUris\": [\"http://localhost:3000/cb?tenant=a%20b\"]",
                "http://localhost:3000/cb?tenant=a b",
                "each % of it must be sent as %25"
            ),
            (
                "\"clientSecret\": \"s\", \"redirectUris\": [\"http://localhost:3000/callback\"]",
                "\"http://localhost:3000/callback\"",
                "in quotation marks"
            ),
            (
                "\"appType\": \"user_agent\", \"authMethod\": \"none\", \"redirectUris\": [\"http://localhost:3000/callback\"]",
                "http://localhost:3000/callback", "unless its devMode is true"
            ),
        ])
    func redirectURI(app: String, sent: String, words: String) throws {
        let server = try TestServer(
            seed: """
                {"organizations": [{"name": "A", "projects": [{"name": "P", "apps": [
                  {"type": "oidc", "name": "W", "clientId": "w", \(app)}]}]}]}
                """)
        let answer = server.send(
            TestServer.formRequest(
                "/oauth/v2/authorize",
                [("client_id", "w"), ("response_type", "code"), ("scope", "openid"), ("redirect_uri", sent)]))
        #expect(answer.status == 400 && Self.detail(answer).contains(words), "\(Self.detail(answer))")
    }

    @Test("the reason for an unregistered post-logout URI gives advice, too") func logoutURI() throws {
        let fixture = try SignInFixture()
        let web = fixture.server.post(
            "/oidc/v1/end_session",
            [("client_id", SignInFixture.plainWeb), ("post_logout_redirect_uri", "https://x.example/")])
        #expect(Self.detail(web).contains("none: add postLogoutRedirectUris"), "\(Self.detail(web))")
    }
}
