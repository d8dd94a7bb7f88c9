import Encodings
import HTTP
import TestSupport
import Testing

/// Tokens with surplus text around them, and credentials that were not encoded as their place demands: the reason names the cause.
@Suite struct EncodingMistakeTests {
    struct Wrapped: Sendable, CustomTestStringConvertible {
        let user: String
        let before: String
        let after: String
        let hint: String
        var testDescription: String { "\(user): \(hint)" }
    }

    static let wrappings = ["svc", "svc-jwt"].flatMap { user in
        [
            Wrapped(user: user, before: "Bearer ", after: "", hint: "begins with \"Bearer \""),
            Wrapped(user: user, before: "bearer ", after: "\n", hint: "begins with \"bearer \""),
            Wrapped(user: user, before: "\"", after: "\"", hint: "quotation marks"),
            Wrapped(user: user, before: "'", after: "'\n", hint: "quotation marks"),
            Wrapped(user: user, before: "", after: "\"", hint: "quotation marks"),
            Wrapped(user: user, before: "\u{FEFF}", after: "", hint: "byte order mark"),
        ]
    }

    @Test("surplus text around a token is named in the reason, whatever the format of the token", arguments: wrappings)
    func wrapped(_ wrapped: Wrapped) throws {
        let fixture = try ReferenceFixture()
        let token = wrapped.before + fixture.token(of: wrapped.user) + wrapped.after
        let userInfo = fixture.server.send(
            TestServer.formRequest("/oidc/v1/userinfo", [("access_token", token)]))
        let revoked = fixture.server.post(
            "/oauth/v2/revoke", [("token", token)], headers: [TestServer.basic("270000000000000303", "web-secret")])
        for answer in [fixture.introspect(token), userInfo, revoked] {
            #expect(answer.reason == "token_malformed")
            #expect(answer.header("Mock-Reason")?.contains(wrapped.hint) == true)
        }
        #expect(userInfo.status == 401)
        #expect(revoked.status == 200)
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let credentials: String
        var grant = ""
        let reason: String
        /// A part of the sentence; empty for one that names no cause.
        var cause = ""
        var testDescription: String { credentials }
    }

    /// By a Basic header of exactly this text.
    static let basicCauses = [
        Refused(credentials: "270000000000000302:a@b!", reason: "bad_secret"),
        Refused(credentials: "270000000000000302:Abcd 1234", reason: "bad_secret"),
        Refused(credentials: "270000000000000302:bad+", reason: "bad_secret"),
        Refused(credentials: "270000000000000306:a+b%41 c", reason: "bad_secret", cause: "without form-decoding"),
        Refused(credentials: "c+d:plus-secret", reason: "client_unknown", cause: "without form-decoding it is c+d"),
        Refused(credentials: "c@e!:plus-secret", reason: "client_unknown"),
        Refused(
            credentials: "svc+plus@acme.localhost:s3cr3t+", grant: "client_credentials", reason: "user_unknown",
            cause: "without form-decoding it is svc+plus@acme.localhost"),
        Refused(
            credentials: "svc%2Bplus@acme.localhost:s3cr3t+", grant: "client_credentials", reason: "user_bad_secret",
            cause: "without form-decoding"),
        Refused(credentials: "svc@acme.localhost:svc@secret", grant: "client_credentials", reason: "user_bad_secret"),
    ]

    private static func plus(_ seed: String) -> String {
        seed.replacing("\"clientId\": \"270000000000000308\"", with: "\"clientId\": \"c+d\"").replacing(
            "{\"type\": \"machine\", \"id\": \"270000000000000505\", \"userName\": \"svc-bare\", \"name\": \"Bare\"}",
            with: "{\"type\": \"machine\", \"userName\": \"svc+plus\", \"clientSecret\": \"s3cr3t+\"}")
    }

    @Test(
        "a Basic header that was not form-encoded causes one warning, and only where that is the cause",
        arguments: basicCauses)
    func basicCause(_ example: Refused) throws {
        let fixture = try ReferenceFixture(edit: Self.plus)
        let path = example.grant.isEmpty ? "/oauth/v2/introspect" : "/oauth/v2/token"
        let answer = fixture.server.post(
            path, [("token", "x"), ("grant_type", example.grant), ("scope", "openid")],
            headers: [ReferenceFixture.rawBasic(example.credentials)])
        let warnings = answer.headers.filter { $0.name == "Mock-Warning" }.map(\.value)
        let reason = answer.header("Mock-Reason") ?? ""
        #expect(answer.reason == example.reason, "\(reason)")
        if example.cause.isEmpty {
            #expect(warnings.isEmpty && !reason.contains("decod"), "\(reason) \(warnings)")
        } else {
            #expect(warnings.count == 1 && warnings.first?.hasPrefix("basic-not-encoded;") == true, "\(warnings)")
            #expect(reason.contains(example.cause), "\(reason)")
        }
    }

    /// The secret, the parameter as it was sent, and what the sentence says of it.
    static let formCauses = [
        ("Abcd+1234", "Abcd+1234", "without form-decoding"), ("a%41b", "a%41b", "without form-decoding"),
        ("a+b%41 c", "a%252Bb%252541%2520c", "decoded once more"),
        ("a+b%41 c", "wrong+one", "the secret is not that of client 270000000000000306 (\"Plus\")"),
    ]

    @Test("a secret in a form that was not encoded, or encoded twice, is recognized", arguments: formCauses)
    func formCause(secret: String, sent: String, cause: String) throws {
        let fixture = try ReferenceFixture { $0.replacing("a+b%41 c", with: secret) }
        let answer = fixture.server.send(
            HTTPRequest(
                method: "POST", path: "/oauth/v2/introspect",
                headers: [("content-type", "application/x-www-form-urlencoded")],
                body: Array("token=x&client_id=270000000000000306&client_secret=\(sent)".utf8)))
        #expect(answer.reason == "bad_secret")
        #expect(answer.header("Mock-Reason")?.contains(cause) == true, "\(answer.header("Mock-Reason") ?? "")")
        #expect(answer.header("Mock-Warning") == nil)
    }

    @Test(
        "input that is accepted here but fails at other servers causes a warning",
        arguments: [
            ("secret-in-query", "client_id=270000000000000302&client_secret=test-api-2-secret", ""),
            ("scope-without-effect", "scope=openid", "270000000000000302:test-api-2-secret"),
            ("basic-not-encoded", "", "78366401571920522@acme:veryweaksecret!"),
        ])
    func warnings(code: String, query: String, basic: String) throws {
        let fixture = try ReferenceFixture()
        var headers: [(name: String, value: String)] = [("content-type", "application/x-www-form-urlencoded")]
        if !basic.isEmpty { headers.append(ReferenceFixture.rawBasic(basic)) }
        let answer = fixture.server.send(
            HTTPRequest(
                method: "POST", path: "/oauth/v2/introspect", query: Array(query.utf8), headers: headers,
                body: Array("token=\(fixture.token())".utf8)))
        IntrospectionOutcome.active.check(answer)
        let warnings = answer.headers.filter { $0.name == "Mock-Warning" }.map(\.value)
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("\(code); ") == true)
        #expect(!warnings.joined().contains("secret!") && !warnings.joined().contains("test-api-2-secret"))
    }

    @Test(
        "a variable that was not filled in is recognized",
        arguments: ["undefined", "null", "[object Object]", "${TOKEN}", "{{access_token}}", "<token>", "%TOKEN%"])
    func placeholders(text: String) throws {
        let fixture = try ReferenceFixture()
        let words = "is a variable that was not filled in"
        let introspected = fixture.introspect(text)
        #expect(introspected.json["active"] == .bool(false))
        let userInfo = fixture.server.send(
            HTTPRequest(method: "GET", path: "/oidc/v1/userinfo", headers: [("authorization", "Bearer \(text)")]))
        let secret = fixture.introspect(
            [("token", "x")], headers: [TestServer.basic(ReferenceFixture.idOfB, text)])
        for answer in [introspected, userInfo, secret] {
            #expect(answer.header("Mock-Reason")?.contains(words) == true, "\(answer.header("Mock-Reason") ?? "")")
        }
    }

    @Test(
        "an Authorization header that is nearly right is told what is wrong",
        arguments: [
            ("Bearer Bearer x", "has the word Bearer twice"), ("Bearer: x", "a colon after"),
            ("Bearer", "no token after it"), ("x", "no scheme"),
        ])
    func authorization(header: String, words: String) throws {
        let answer = try ReferenceFixture().server.send(
            HTTPRequest(method: "GET", path: "/oidc/v1/userinfo", headers: [("authorization", header)]))
        #expect(answer.reason == "access_token_missing")
        #expect(answer.header("Mock-Reason")?.contains(words) == true, "\(answer.header("Mock-Reason") ?? "")")
    }
}
