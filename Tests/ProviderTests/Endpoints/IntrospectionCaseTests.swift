import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// One request to a fresh reference fixture, in the dialect of the server.
struct IntrospectionCase: Sendable, CustomTestStringConvertible {
    let name: String
    let outcome: IntrospectionOutcome
    let send: @Sendable (ReferenceFixture) throws -> HTTPResponse

    init(
        _ name: String, _ outcome: IntrospectionOutcome,
        _ send: @escaping @Sendable (ReferenceFixture) throws -> HTTPResponse
    ) {
        self.name = name
        self.outcome = outcome
        self.send = send
    }

    var testDescription: String { name }
}

/// Numbered cases of the introspection endpoint that no recording holds.
@Suite struct IntrospectionCaseTests {
    private static let id = ReferenceFixture.idOfB
    private static let secret = ReferenceFixture.secretOfB
    private static let basic = TestServer.basic(id, secret)
    private static let type = ("client_assertion_type", ReferenceFixture.assertionType)

    private static func body(_ text: String, _ fixture: ReferenceFixture) -> HTTPResponse {
        fixture.server.send(
            HTTPRequest(
                method: "POST", path: "/oauth/v2/introspect",
                headers: [basic, ("content-type", "application/x-www-form-urlencoded"), ("mock-dialect", "server")],
                body: Array(text.utf8)))
    }

    static let parsing: [IntrospectionCase] = [
        .init("I-005 credentials in the form and no token", .refused("invalid_request", "token missing")) {
            $0.introspect([("client_id", id), ("client_secret", secret)])
        },
        .init("I-015 a client id of %zz in the Basic header", .refused("invalid_client", "invalid basic auth header")) {
            $0.introspect([("token", $0.token())], headers: [ReferenceFixture.rawBasic("%zz:\(secret)")])
        },
        .init("I-018 an assertion beats a Basic header, even a wrong one", .active) { fixture in
            fixture.introspect(
                [("token", fixture.token()), ("client_assertion", try fixture.assertion()), type],
                headers: [TestServer.basic(id, "wrong")])
        },
        .init("I-019 an assertion beats credentials in the form", .active) { fixture in
            fixture.introspect(
                [
                    ("token", fixture.token()), ("client_assertion", try fixture.assertion()), type, ("client_id", id),
                    ("client_secret", "wrong"),
                ])
        },
        .init("a Basic header beats credentials in the form", .active) { fixture in
            fixture.introspect(
                [("token", fixture.token()), ("client_id", id), ("client_secret", "wrong")], headers: [basic])
        },
        .init("a wrong Basic header is not saved by good credentials in the form", .unauthorized) { fixture in
            fixture.introspect(
                [("token", fixture.token()), ("client_id", id), ("client_secret", secret)],
                headers: [TestServer.basic(id, "wrong")])
        },
        .init(
            "I-021 an assertion without its type next to a valid Basic header",
            .refused("invalid_request", "invalid client_assertion_type ")
        ) { fixture in
            fixture.introspect(
                [("token", fixture.token()), ("client_assertion", try fixture.assertion())], headers: [basic])
        },
        .init("I-025 the form's client id is ignored next to an assertion", .active) { fixture in
            fixture.introspect([
                ("token", fixture.token()), ("client_assertion", try fixture.assertion()), type, ("client_id", "999"),
            ])
        },
        .init("I-027 a token type hint of nonsense", .active) { fixture in
            fixture.introspect([("token", fixture.token()), ("token_type_hint", "nonsense")], headers: [basic])
        },
        .init("I-030 GET with the token in the query", .active) { fixture in
            fixture.server.send(
                HTTPRequest(
                    method: "GET", path: "/oauth/v2/introspect", query: Array("token=\(fixture.token())".utf8),
                    headers: [basic]))
        },
        .init("I-033 a body of token=%zz", .refused("invalid_request", "error parsing form")) { body("token=%zz", $0) },
        .init("I-034 a body of token=a;b", .refused("invalid_request", "error parsing form")) { body("token=a;b", $0) },
    ]

    @Test("an introspection request is parsed as in its numbered case", arguments: parsing)
    func parsingCase(_ example: IntrospectionCase) throws {
        example.outcome.check(try example.send(ReferenceFixture()))
    }

    @Test("I-036 a path with a trailing slash is not found") func trailingSlash() throws {
        let answer = try ReferenceFixture().server.post(
            "/oauth/v2/introspect/", [("token", "x")], headers: [Self.basic])
        #expect(answer.status == 404)
        #expect(answer.text == "404 page not found\n")
    }

    private static func by(
        _ header: (name: String, value: String)
    ) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        { $0.introspect([("token", $0.token())], headers: [header]) }
    }

    static let secrets: [IntrospectionCase] = [
        .init("I-037 a wrong secret", .unauthorized, by(TestServer.basic(id, "wrong"))),
        .init(
            "I-039 a secret for an app that has keys only", .unauthorized,
            by(TestServer.basic("270000000000000301", "x"))),
        .init("I-040 a wrong client and a wrong token", .unauthorized) {
            $0.introspect([("token", "xxxxx")], headers: [TestServer.basic("xxxxx", "xxxxx")])
        },
        .init("I-044 a public app with some secret", .unauthorized) {
            $0.introspect([("token", $0.token()), ("client_id", "270000000000000304"), ("client_secret", "x")])
        },
        .init(
            "I-045 the app id is not the client id", .unauthorized, by(TestServer.basic("270000000000000202", secret))),
        .init(
            "I-046 a legacy id, encoded", .active,
            by(ReferenceFixture.rawBasic("78366401571920522%40acme:veryweaksecret%21"))),
        .init(
            "I-047 a legacy id, as it is", .active,
            by(ReferenceFixture.rawBasic("78366401571920522@acme:veryweaksecret!"))),
        .init(
            "I-048 a legacy id without its suffix", .unauthorized,
            by(TestServer.basic("78366401571920522", "veryweaksecret!"))),
        .init("I-049 an invented suffix", .unauthorized, by(TestServer.basic("\(id)@shop", secret))),
        .init(
            "I-050 a plus that was not encoded is a blank", .unauthorized,
            by(ReferenceFixture.rawBasic("270000000000000306:a+b%2541+c"))),
        .init(
            "I-051 a plus that was encoded", .active, by(ReferenceFixture.rawBasic("270000000000000306:a%2Bb%2541+c"))),
        .init(
            "a secret with a percent sign is decoded once", .unauthorized,
            by(ReferenceFixture.rawBasic("270000000000000306:a%2Bb%41+c"))),
        .init(
            "I-053 the app's project is inactive", .unauthorized,
            by(TestServer.basic("270000000000000313", "x2-secret"))),
        .init(
            "I-054 the app's organization is inactive", .unauthorized,
            by(TestServer.basic("270000000000000314", "x3-secret"))),
    ]

    @Test("a client secret has the outcome of its numbered case", arguments: secrets)
    func secretCase(_ example: IntrospectionCase) throws {
        example.outcome.check(try example.send(ReferenceFixture()))
    }

    @Test(
        "I-057, I-058, I-111: the debug feature returns the cause",
        arguments: [
            ("I-057", TestServer.basic("270000000000000301", "x"), "client has no configured secret"),
            ("I-058", TestServer.basic("xxxxx", "x"), "sql: no rows in result set"),
        ])
    func parent(number: String, header: (name: String, value: String), cause: String) throws {
        let fixture = try ReferenceFixture(instance: "\"debugOidcParentError\": true")
        let answer = fixture.introspect([("token", "x")], headers: [header])
        #expect(answer.status == 400)
        #expect(answer.text == "{\"error\":\"unauthorized_client\",\"parent\":\"\(cause)\"}\n", "\(number)")
        let unknownKey = fixture.introspect(assertion: try fixture.assertion(keyID: "1"))
        #expect(
            unknownKey.text
                == "{\"error\":\"unauthorized_client\",\"parent\":\"invalid signature (cannot decode, empty data)\"}\n",
            "I-111")
    }
}
