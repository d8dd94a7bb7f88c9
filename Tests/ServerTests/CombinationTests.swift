import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// The twelve ways that the product is made for: three ways to a token, two forms of it, two ways to introspect.
@Suite struct CombinationTests {
    private static let scope = "openid profile urn:zitadel:iam:org:project:id:270000000000000101:aud"

    enum Grant: String, CaseIterable, Sendable {
        case jwtProfile, clientCredentials, personalAccessToken
    }

    @Test("a token of each kind is active for both APIs", arguments: Grant.allCases, ["svc", "svc-jwt"])
    func combination(grant: Grant, user: String) throws {
        let server = try TestServer()
        let token = try token(grant, of: user, server)
        let key = try TestServer.key("test-api")
        let assertion = Assertion.sign(
            Assertion.claims(of: "270000000000000301", audience: server.issuer, now: server.time.now),
            by: key.privateKey, keyID: key.keyID)
        let byKey = server.post(
            "/oauth/v2/introspect",
            [
                ("token", token), ("client_assertion", assertion),
                ("client_assertion_type", ReferenceFixture.assertionType),
            ])
        for answer in [server.introspect(token), byKey] {
            #expect(answer.status == 200)
            #expect(answer.json["active"] == .bool(true))
            #expect(answer.json["sub"] == .string(user == "svc" ? "270000000000000501" : "270000000000000502"))
            #expect(answer.json["username"] == .string("\(user)@acme.localhost"))
        }
    }

    private func token(_ grant: Grant, of user: String, _ server: TestServer) throws -> String {
        switch grant {
        case .clientCredentials: return server.accessToken(of: user)
        case .personalAccessToken: return "pat-\(user)-0123456789abcdef"
        case .jwtProfile:
            let key = try TestServer.key(user)
            let id = user == "svc" ? "270000000000000501" : "270000000000000502"
            let assertion = Assertion.sign(
                Assertion.claims(of: id, audience: server.issuer, now: server.time.now), by: key.privateKey,
                keyID: key.keyID)
            let answer = server.post(
                "/oauth/v2/token",
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion),
                    ("scope", Self.scope),
                ])
            #expect(answer.status == 200)
            return answer.json["access_token"]?.string ?? ""
        }
    }
}
