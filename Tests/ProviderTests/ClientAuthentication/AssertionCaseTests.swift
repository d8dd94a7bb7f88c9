import Crypto
import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// Numbered cases of `client_assertion` at introspection that no recording holds, and hostile ones.
@Suite struct AssertionCaseTests {
    private static let now = TestDependencies().now

    private static func claims(_ changes: JSONObject) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        { $0.introspect(assertion: try $0.assertion(changes)) }
    }

    private static func text(
        _ make: @escaping @Sendable (ReferenceFixture) throws -> String
    ) -> @Sendable (ReferenceFixture) throws -> HTTPResponse {
        { $0.introspect(assertion: try make($0)) }
    }

    static let numbered: [IntrospectionCase] = [
        .init("I-062 another audience in an array", .unauthorized, claims(["aud": .strings(["https://other"])])),
        .init(
            "I-065 the audience in another scheme", .unauthorized, claims(["aud": .string("https://localhost:8080")])),
        .init("I-066 no audience", .unauthorized, claims(["aud": .null])),
        .init("I-067 an audience that is a number", .unauthorized, claims(["aud": .integer(5)])),
        .init("I-075 3500 s old", .active, claims(["iat": .integer(now - 3500), "exp": .integer(now + 60)])),
        .init("I-077 issued in a second", .active, claims(["iat": .integer(now + 1)])),
        .init("I-081 a number in quotation marks is not a time", .inactive, claims(["iat": .string("\(now)")])),
        .init("exp with an hour of one digit", .active, claims(["exp": .string("2999-01-01T1:00:00,5+24:00")])),
        .init("I-082 nbf is not looked at", .active, claims(["nbf": .integer(now + 3600)])),
        .init("I-091 a key of another app", .unauthorized) { fixture in
            let other = try TestServer.key("web-key")
            return fixture.introspect(assertion: try fixture.assertion(by: other.privateKey, keyID: other.keyID))
        },
        .init("I-093 the second key, by ES256", .active) { fixture in
            fixture.introspect(
                assertion: try fixture.assertion(
                    by: fixture.ellipticKey, keyID: "270000000000000702", algorithm: .es256))
        },
        .init("I-090 an expired key", .unauthorized) { fixture in
            fixture.introspect(
                assertion: try fixture.assertion(
                    by: fixture.ellipticKey, keyID: "270000000000000703", algorithm: .es256))
        },
        .init("I-095 PS256", .active, text { try $0.assertion(algorithm: .ps256) }),
        .init(
            "I-098 alg none", .unauthorized,
            text {
                try String($0.assertion(header: ["alg": .string("none")]).prefix { $0 != "." }) + "." + payload($0)
                    + "."
            }),
        .init("I-101 an app that has no key", .unauthorized, text { try $0.assertion(of: ReferenceFixture.idOfB) }),
        .init("I-102 an OIDC app with a key", .active) { fixture in
            let key = try TestServer.key("web-key")
            return fixture.introspect(
                assertion: try fixture.assertion(of: "270000000000000305", by: key.privateKey, keyID: key.keyID))
        },
        .init("I-103 an inactive app with a key", .unauthorized) { fixture in
            fixture.introspect(
                assertion: try fixture.assertion(
                    of: "270000000000000308", by: fixture.ellipticKey, keyID: "270000000000000708", algorithm: .es256))
        },
        .init("I-104 abc", .inactive, text { _ in "abc" }),
        .init("I-105 two segments", .inactive, text { _ in "a.b" }),
        .init("I-106 four segments", .inactive, text { try $0.assertion() + ".x" }),
        .init("I-107 a padded payload", .inactive, text { "e30." + (try payload($0)) + "==.x" }),
        .init("I-108 a payload that is not JSON", .inactive, text { _ in "e30.YWJj.x" }),
        .init("I-109 an assertion that is none, and a wrong token", .inactive) {
            $0.introspect(assertion: "abc", token: "garbage")
        },
    ]

    private static func payload(_ fixture: ReferenceFixture) throws -> String {
        String(try fixture.assertion().split(separator: ".")[1])
    }

    static let headers: [(header: JSONObject, words: String)] = [
        (["x5c": .integer(1)], "its header member \"x5c\" is not a list of certificates"),
        (["nonce": .integer(5)], "its header member \"nonce\" is not a string"),
        (["b64": .bool(false)], "its header member \"b64\" is false"),
        (["crit": .strings(["exp"])], "its header member \"crit\" names extensions"),
        (["kid": .integer(5)], "its header member \"kid\" is not a string"),
        (["jwk": .string("x")], "its header member \"jwk\" is not a public key"),
    ]

    @Test(
        "a header member that the server cannot read is named in the reason, whatever the signature is",
        arguments: headers.indices)
    func headerProblem(index: Int) throws {
        let example = Self.headers[index]
        let fixture = try ReferenceFixture()
        let assertion = try fixture.assertion(header: example.header)
        let reason = fixture.introspect(assertion: assertion, token: "x", dialect: "server").header("Mock-Reason") ?? ""
        #expect(reason.contains(example.words), "\(reason)")
    }

    @Test("an assertion has the outcome of its numbered case", arguments: numbered)
    func numberedCase(_ example: IntrospectionCase) throws {
        example.outcome.check(try example.send(ReferenceFixture()))
    }

    @Test("I-068 an assertion for one domain is refused at another") func secondDomain() throws {
        let fixture = try ReferenceFixture(instance: "\"domains\": [\"localhost:8080\", \"second.localhost\"]")
        let assertion = try fixture.assertion()
        let form = [
            ("token", fixture.token()), ("client_assertion", assertion),
            ("client_assertion_type", ReferenceFixture.assertionType),
        ]
        IntrospectionOutcome.active.check(fixture.introspect(form))
        let answer = fixture.introspect(form, headers: [("host", "second.localhost")])
        IntrospectionOutcome.unauthorized.check(answer)
        #expect(answer.reason == "assertion_aud")
    }

    /// Hostile assertions and the reason that is reported.
    static let hostile: [(name: String, reason: String, make: @Sendable (ReferenceFixture) throws -> String)] = [
        (
            "HS256 with the public key as secret", "assertion_alg",
            { try $0.assertion(header: ["alg": .string("HS256")]) }
        ),
        ("alg in another letter case", "assertion_alg", { try $0.assertion(header: ["alg": .string("rs256")]) }),
        ("alg that is a number", "assertion_alg", { try $0.assertion(header: ["alg": .integer(256)]) }),
        ("alg missing", "assertion_alg", { try $0.assertion(header: ["alg": .null]) }),
        (
            "ES256 named, RSA key registered", "assertion_signature",
            { try $0.assertion(header: ["alg": .string("ES256")]) }
        ),
        ("crit", "assertion_signature", { try $0.assertion(header: ["crit": .strings(["exp"])]) }),
        (
            "an own key in jwk", "assertion_signature",
            { fixture in
                let own = try PrivateKey.generate(for: .es256)
                return try fixture.assertion(
                    by: own, keyID: "270000000000000702", algorithm: .es256,
                    header: ["jwk": own.publicKey.jwk(id: "270000000000000702", algorithm: .es256)])
            }
        ),
        (
            "an own key in jwk and no kid", "kid_unknown",
            { fixture in
                let own = try PrivateKey.generate(for: .es256)
                return try fixture.assertion(
                    by: own, keyID: .some(nil), algorithm: .es256,
                    header: ["jwk": own.publicKey.jwk(id: "x", algorithm: .es256)])
            }
        ),
        (
            "jku and x5u elsewhere", "kid_unknown",
            {
                try $0.assertion(
                    keyID: "evil",
                    header: ["jku": .string("https://evil.example/jwks"), "x5u": .string("https://evil.example/cert")])
            }
        ),
        ("kid that is a path", "kid_unknown", { try $0.assertion(keyID: "../../../../dev/null") }),
        ("kid that is SQL", "kid_unknown", { try $0.assertion(keyID: "' OR 1=1 --") }),
        ("an empty audience array", "assertion_aud", { try $0.assertion(["aud": .array([])]) }),
        (
            "an audience with a number in it", "assertion_aud",
            { try $0.assertion(["aud": .array([.string($0.server.issuer), .integer(1)])]) }
        ),
        (
            "an audience that is an object", "assertion_aud",
            { try $0.assertion(["aud": .object(["x": .string($0.server.issuer)])]) }
        ),
        (
            "a doubled audience member, the good one first", "assertion_aud",
            { fixture in
                var claims = Assertion.claims(
                    of: ReferenceFixture.keyOfJ, audience: fixture.server.issuer, now: fixture.server.time.now)
                claims.append("aud", .string("https://evil.example"))
                let key = try TestServer.key("test-api")
                return Assertion.sign(claims, by: key.privateKey, keyID: key.keyID)
            }
        ),
        ("exp of the smallest 64-bit number", "assertion_expired", { try $0.assertion(["exp": .integer(.min)]) }),
        ("iat of the smallest 64-bit number", "assertion_iat_old", { try $0.assertion(["iat": .integer(.min)]) }),
        (
            "iat of the largest 64-bit number, which does not fit", "assertion_iat_old",
            { try $0.assertion(["iat": .integer(.max)]) }
        ),
        (
            "exp beyond 64 bits, which counts as long ago", "assertion_expired",
            { try $0.assertion(["exp": .decimal("9223372036854775808")]) }
        ),
        ("exp of 1e400", "assertion_unparsable", { try $0.assertion(["exp": .decimal("1e400")]) }),
        ("another claim of 1e400", "assertion_unparsable", { try $0.assertion(["a": .decimal("1e400")]) }),
        (
            "a number out of range deep in a claim", "assertion_unparsable",
            { try $0.assertion(["a": .array([.object(["b": .decimal("-1e400")])])]) }
        ),
        (
            "iat that null follows", "assertion_iat_missing",
            { fixture in
                var claims = Assertion.claims(
                    of: ReferenceFixture.keyOfJ, audience: fixture.server.issuer, now: fixture.server.time.now)
                claims.append("IAT", .null)
                claims.append("AUD", .null)
                let key = try TestServer.key("test-api")
                return Assertion.sign(claims, by: key.privateKey, keyID: key.keyID)
            }
        ),
        (
            "iat in lower-case letters", "assertion_unparsable",
            { try $0.assertion(["iat": .string("2026-11-21t10:00:00z")]) }
        ),
        ("exp with a blank", "assertion_unparsable", { try $0.assertion(["exp": .string("2999-01-01 00:00:00Z")]) }),
        (
            "exp of a leap second", "assertion_unparsable",
            { try $0.assertion(["exp": .string("2999-01-01T00:00:60Z")]) }
        ),
        ("iat that is an array", "assertion_unparsable", { try $0.assertion(["iat": .array([.integer(1)])]) }),
        ("iss that is an object", "assertion_unparsable", { try $0.assertion(["iss": .object([:])]) }),
        ("sub that is null", "assertion_sub", { try $0.assertion(["sub": .null]) }),
        ("a payload that is an array", "assertion_unparsable", { _ in "e30.W10.x" }),
        (
            "a payload of invalid UTF-8, which Go reads with replacement characters", "client_unknown",
            { _ in "e30." + Base64.urlEncoded([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]) + ".x" }
        ),
        (
            "a payload nested 100000 deep", "assertion_unparsable",
            { _ in
                "e30." + Base64.urlEncoded(Array(("{\"a\":" + String(repeating: "[", count: 100_000)).utf8)) + ".x"
            }
        ),
        (
            "a header nested 100000 deep", "assertion_alg",
            { fixture in
                let deep = Base64.urlEncoded(
                    Array(
                        ("{\"a\":" + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
                            + "}").utf8))
                return deep + "." + String(try fixture.assertion().split(separator: ".")[1]) + ".x"
            }
        ),
        ("a megabyte of kid", "kid_unknown", { try $0.assertion(keyID: String(repeating: "k", count: 1_000_000)) }),
        (
            "a megabyte of audience", "assertion_aud",
            { try $0.assertion(["aud": .string(String(repeating: "a", count: 1_000_000))]) }
        ),
        (
            "ten thousand audiences", "assertion_aud",
            { try $0.assertion(["aud": .strings(Array(repeating: "https://a.example", count: 10_000))]) }
        ),
        (
            "a hundred thousand audiences", "assertion_unparsable",
            { try $0.assertion(["aud": .strings(Array(repeating: "https://a.example", count: 100_000))]) }
        ),
        ("a megabyte of issuer", "client_unknown", { try $0.assertion(of: String(repeating: "9", count: 1_000_000)) }),
        (
            "line ends in the issuer", "client_unknown",
            { try $0.assertion(of: "x\r\nMock-Reason: all_is_well\r\n\r\nGET /") }
        ),
        ("a megabyte without a dot", "assertion_unparsable", { _ in String(repeating: "a", count: 1_000_000) }),
        ("a megabyte of dots", "assertion_unparsable", { _ in String(repeating: ".", count: 1_000_000) }),
    ]

    @Test("a hostile assertion is refused, with its reason in one short line", arguments: hostile.indices)
    func hostileAssertion(index: Int) throws {
        let example = Self.hostile[index]
        let fixture = try ReferenceFixture()
        let assertion = try example.make(fixture)
        for dialect in ["server", "documented"] {
            let answer = fixture.introspect(assertion: assertion, token: "x", dialect: dialect)
            #expect(answer.reason == example.reason, "\(example.name): \(answer.header("Mock-Reason") ?? "")")
            let line = answer.header("Mock-Reason") ?? ""
            #expect(line.utf8.count < 1500, "\(example.name)")
            #expect(!line.utf8.contains { $0 < 32 || $0 > 126 }, "\(example.name)")
            #expect(!line.contains(assertion) && !answer.text.contains(assertion), "\(example.name)")
            if dialect == "documented" {
                #expect(answer.status == 401, "\(example.name)")
                #expect(answer.json["error"] == .string("invalid_client"), "\(example.name)")
            } else if example.reason == "assertion_unparsable" {
                IntrospectionOutcome.inactive.check(answer)
            } else {
                IntrospectionOutcome.unauthorized.check(answer)
            }
        }
    }
}
