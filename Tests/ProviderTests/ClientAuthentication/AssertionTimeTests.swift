import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// The edges of `iat` and `exp`, to the millisecond: the real server adds its skew, rounds to whole seconds, and compares.
@Suite struct AssertionTimeTests {
    /// Milliseconds past the whole second, claims relative to that second, and the reason of the rejection if there is one.
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let milliseconds: Int64
        let expiration: Int64
        let issuedAt: Int64
        let reason: String?

        var testDescription: String { name }
    }

    static let examples: [Example] = [
        .init(name: "I-070 exp now", milliseconds: 0, expiration: 0, issuedAt: 0, reason: "assertion_expired"),
        .init(name: "I-071 exp in a second", milliseconds: 0, expiration: 1, issuedAt: 0, reason: "assertion_expired"),
        .init(name: "exp in two seconds", milliseconds: 0, expiration: 2, issuedAt: 0, reason: nil),
        .init(name: "exp in 1.001 s", milliseconds: 999, expiration: 2, issuedAt: 0, reason: nil),
        .init(name: "exp in 0.999 s", milliseconds: 1, expiration: 1, issuedAt: 0, reason: "assertion_expired"),
        .init(name: "I-077 iat in a second", milliseconds: 0, expiration: 60, issuedAt: 1, reason: nil),
        .init(
            name: "I-078 iat in two seconds", milliseconds: 0, expiration: 60, issuedAt: 2,
            reason: "assertion_iat_future"),
        .init(
            name: "iat in two seconds, just below half a second", milliseconds: 499, expiration: 60, issuedAt: 2,
            reason: "assertion_iat_future"),
        .init(
            name: "iat in two seconds, from half a second on", milliseconds: 500, expiration: 60, issuedAt: 2,
            reason: nil),
        .init(
            name: "iat in three seconds, from half a second on", milliseconds: 500, expiration: 60, issuedAt: 3,
            reason: "assertion_iat_future"),
        .init(name: "I-076 iat exactly an hour ago", milliseconds: 0, expiration: 60, issuedAt: -3600, reason: nil),
        .init(
            name: "iat an hour and a second ago", milliseconds: 0, expiration: 60, issuedAt: -3601,
            reason: "assertion_iat_old"),
        .init(
            name: "iat an hour ago, just below half a second", milliseconds: 499, expiration: 60, issuedAt: -3600,
            reason: nil),
        .init(
            name: "iat an hour ago, from half a second on", milliseconds: 500, expiration: 60, issuedAt: -3600,
            reason: "assertion_iat_old"),
        .init(name: "T-096 iat 59 minutes ago", milliseconds: 0, expiration: 60, issuedAt: -3540, reason: nil),
        .init(
            name: "exp is looked at before iat", milliseconds: 0, expiration: 0, issuedAt: -9999,
            reason: "assertion_expired"),
    ]

    @Test("the limits of exp and iat are the same at introspection and at the token endpoint", arguments: examples)
    func edges(_ example: Example) throws {
        let fixture = try ReferenceFixture()
        let now = fixture.server.time.now
        fixture.server.time.advance(byMilliseconds: example.milliseconds)
        let times: JSONObject = ["exp": .integer(now + example.expiration), "iat": .integer(now + example.issuedAt)]

        let introspection = fixture.introspect(assertion: try fixture.assertion(times))
        #expect(introspection.reason == example.reason)
        #expect(introspection.status == (example.reason == nil ? 200 : 400))

        let key = try TestServer.key("svc")
        let user = "270000000000000501"
        let assertion = Assertion.sign(
            Assertion.claims(of: user, audience: fixture.server.issuer, now: now, times), by: key.privateKey,
            keyID: key.keyID)
        let token = fixture.jwtBearer(assertion: assertion)
        #expect(token.reason == example.reason)
        #expect(token.status == (example.reason == nil ? 200 : 400))
    }

    @Test("an OIDC app's clockSkew widens iat and narrows exp", arguments: [0, 5]) func clockSkew(skew: Int64) throws {
        let fixture = try ReferenceFixture { seed in
            seed.split(separator: "\"authMethod\": \"private_key_jwt\"").joined(
                separator: "\"authMethod\": \"private_key_jwt\", \"clockSkew\": \"\(skew)s\"")
        }
        let key = try TestServer.key("web-key")
        let now = fixture.server.time.now
        let edges: [(exp: Int64, iat: Int64, reason: String?)] = [
            (skew, 0, "assertion_expired"), (skew + 1, 0, nil), (60, skew, nil), (60, skew + 1, "assertion_iat_future"),
        ]
        for edge in edges {
            let assertion = try fixture.assertion(
                ["exp": .integer(now + edge.exp), "iat": .integer(now + edge.iat)], of: "270000000000000305",
                by: key.privateKey, keyID: key.keyID)
            let answer = fixture.server.post(
                "/oauth/v2/revoke",
                [
                    ("token", "x"), ("client_assertion", assertion),
                    ("client_assertion_type", ReferenceFixture.assertionType),
                ])
            #expect(answer.reason == edge.reason, "exp \(edge.exp), iat \(edge.iat)")
        }
    }

    @Test("the same assertion can be used repeatedly until it is too old") func reuse() throws {
        let fixture = try ReferenceFixture()
        let assertion = try fixture.assertion(["jti": .string("1"), "exp": .integer(fixture.server.time.now + 86_400)])
        let token = fixture.token()
        for seconds: Int64 in [0, 1800, 1800] {
            fixture.server.time.advance(bySeconds: seconds)
            #expect(fixture.introspect(assertion: assertion, token: token).status == 200)
        }
        fixture.server.time.advance(bySeconds: 1)
        #expect(fixture.introspect(assertion: assertion, token: token).reason == "assertion_iat_old")
    }
}
