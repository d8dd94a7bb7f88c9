import Crypto
import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// Tokens by each algorithm that a seed can pin, checked with nothing but the published keys.
@Suite struct SigningKeyTests {
    private static func server(
        _ keys: [(id: String, algorithm: SignatureAlgorithm, key: PrivateKey)]
    ) throws -> TestServer {
        let pinned = keys.map {
            "{\"id\": \"\($0.id)\", \"algorithm\": \"\($0.algorithm.rawValue)\", \"privateKey\": \(JSON.string($0.key.pem).text)}"
        }
        let seed = TestServer.demo.split(separator: "\"projectId\": \"270000000000000100\",")
            .joined(
                separator:
                    "\"projectId\": \"270000000000000100\", \"signingKeys\": [\(pinned.joined(separator: ", "))],")
        return try TestServer(seed: seed)
    }

    @Test(
        "access and ID tokens verify with the JWK, and at_hash uses the digest of the algorithm",
        arguments: [
            (SignatureAlgorithm.rs256, ["use", "kty", "kid", "alg", "n", "e"], 16),
            (.es256, ["use", "kty", "kid", "crv", "alg", "x", "y"], 16),
            (.es384, ["use", "kty", "kid", "crv", "alg", "x", "y"], 24),
            (.edDSA, ["use", "kty", "kid", "crv", "alg", "x"], 32),
        ])
    func pinned(algorithm: SignatureAlgorithm, members: [String], halfHash: Int) throws {
        let server = try Self.server([("900", algorithm, try PrivateKey.generate(for: algorithm))])
        let keys = server.get("/oauth/v2/keys").json["keys"]?.array ?? []
        #expect(keys.count == 1)
        let jwk = keys.first?.object ?? [:]
        #expect(jwk.members.map(\.name) == members)
        #expect(jwk["alg"] == .string(algorithm.rawValue))
        let published = try #require(PublicKey(jwk: jwk))
        let answer = server.post(
            "/oauth/v2/token",
            [
                ("grant_type", "client_credentials"),
                ("scope", "openid urn:zitadel:iam:org:project:id:270000000000000101:aud"),
            ],
            headers: [TestServer.basic("svc-jwt@acme.localhost", "svc-jwt-secret")])
        let access = answer.json["access_token"]?.string ?? ""
        let idToken = try CompactJWS(answer.json["id_token"]?.string ?? "")
        for token in [try CompactJWS(access), idToken] {
            #expect(
                token.header == ["alg": .string(algorithm.rawValue), "kid": .string("900"), "typ": .string("JWT")],
                "T-076")
            #expect(token.isSigned(by: published))
        }
        let hash = idToken.claims["at_hash"]?.string.flatMap { Base64.urlDecoded(Array($0.utf8)) }
        #expect(hash?.count == halfHash)
        #expect(server.introspect(access).json["active"] == .bool(true))
        #expect(server.introspect(access.dropLast(4) + "AAAA").reason == "token_signature")
    }

    @Test("at_hash is the left half of SHA-256 of the access token") func atHash() throws {
        let server = try Self.server([("900", .es256, try PrivateKey.generate(for: .es256))])
        let answer = server.post(
            "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", "openid")],
            headers: [TestServer.basic("svc@acme.localhost", "svc-secret")]
        ).json
        let expected = Base64.urlEncoded(tokenDigest(answer["access_token"]?.string ?? "").prefix(16))
        #expect(try CompactJWS(answer["id_token"]?.string ?? "").claims["at_hash"] == .string(expected))
    }

    @Test("the first active key signs, all keys are published, and no private member is") func several() throws {
        let server = try Self.server([
            ("901", .es256, try PrivateKey.generate(for: .es256)),
            ("902", .edDSA, try PrivateKey.generate(for: .edDSA)),
        ])
        let answer = server.get("/oauth/v2/keys")
        let keys = answer.json["keys"]?.array?.compactMap(\.object) ?? []
        #expect(keys.map { $0["kid"]?.string } == ["901", "902"])
        for key in keys {
            for secret in ["d", "p", "q", "dp", "dq", "qi", "k"] { #expect(key[secret] == nil) }
        }
        #expect(try CompactJWS(server.accessToken(of: "svc-jwt")).keyID == "901")
    }

    @Test(
        "a forged JWT is inactive, with its reason",
        arguments: [
            ("alg none", "token_signature"), ("HS256", "token_signature"), ("foreign key", "token_signature"),
            ("unknown kid", "token_signature"),
            ("no kid", "token_signature"), ("other issuer", "token_issuer"), ("unknown jti", "token_unknown"),
            ("id token", "not_an_access_token"),
            ("crit", "token_signature"), ("exp past", "token_expired"), ("exp missing", "token_expired"),
            ("other sub", "token_unknown"),
            ("the client's own assertion", "not_an_access_token"), ("issuer of a megabyte", "token_issuer"),
        ])
    func forged(name: String, reason: String) throws {
        let signing = try PrivateKey.generate(for: .es256)
        let server = try Self.server([("900", .es256, signing)])
        var claims = try CompactJWS(server.accessToken(of: "svc-jwt")).claims
        func set(_ name: String, _ value: JSON) {
            claims.members.removeAll { $0.name == name }
            if value != .null { claims.append(name, value) }
        }
        var key = signing
        var keyID: String? = "900"
        var header: JSONObject = [:]
        switch name {
        case "alg none": header = ["alg": .string("none")]
        case "HS256": header = ["alg": .string("HS256")]
        case "foreign key": key = try PrivateKey.generate(for: .es256)
        case "unknown kid": keyID = "1"
        case "no kid": keyID = nil
        case "other issuer": set("iss", .string("https://evil.example"))
        case "unknown jti": set("jti", .string("V2_1-at_2"))
        case "id token": set("jti", .null)
        case "crit": header = ["crit": .strings(["exp"])]
        case "exp past": set("exp", .integer(server.time.now))
        case "exp missing": set("exp", .null)
        case "other sub": set("sub", .string("270000000000000501"))
        case "the client's own assertion": set("iss", .string("270000000000000302"))
        default: set("iss", .string(String(repeating: "i", count: 1_000_000)))
        }
        let token = Assertion.sign(claims, by: key, keyID: keyID, algorithm: .es256, header: header)
        let answer = server.introspect(token)
        #expect(answer.text == "{\"active\":false}\n")
        #expect(answer.reason == reason, "\(answer.header("Mock-Reason") ?? "")")
        #expect((answer.header("Mock-Reason") ?? "").utf8.count < 1000)
        let info = server.get("/oidc/v1/userinfo", headers: [("authorization", "Bearer \(token)")])
        #expect(info.status == 401)
        #expect(info.reason == reason)
    }
}
