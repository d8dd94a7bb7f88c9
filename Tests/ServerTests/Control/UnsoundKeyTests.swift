import Crypto
import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// RSA keys whose private half follows from the public one.
@Suite struct UnsoundKeyTests {
    /// The Mersenne prime 2^2203 - 1 as the modulus.
    private static let jwk: JSON = [
        "kty": "RSA", "e": "AQAB",
        "n": .string(Base64.urlEncoded([0x07] + [UInt8](repeating: 0xFF, count: 275))),
    ]

    @Test("a key whose modulus is a prime cannot be registered by a call") func registration() throws {
        let call = ControlCaller(server: try TestServer())
        let problem = try call("POST", "/users/svc-jwt/keys", ["jwk": Self.jwk], expect: 400)
        #expect(problem["detail"]?.string?.contains("anybody can factor") == true)
    }

    @Test("an assertion by such a key of a seed is refused, and the reason says why") func assertion() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        try call(
            "PATCH", "/seed",
            [
                "organizations": [
                    [
                        "name": "ACME",
                        "users": [
                            ["type": "machine", "userName": "svc-jwt", "keys": [["id": "799", "jwk": Self.jwk]]]
                        ],
                    ]
                ]
            ])
        let file = try TestServer.key("svc-jwt")
        let user = try call("GET", "/users/svc-jwt").id
        let assertion = Assertion.sign(
            Assertion.claims(of: user, audience: server.issuer, now: server.time.now), by: file.privateKey, keyID: "799"
        )
        let answer = server.post(
            "/oauth/v2/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("scope", "openid"),
                ("assertion", assertion),
            ])
        #expect(answer.reason == "assertion_signature")
        #expect(answer.header("Mock-Reason")?.contains("anybody can factor") == true)
    }
}
