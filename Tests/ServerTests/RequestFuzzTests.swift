import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// A few thousand valid requests with some bytes changed, the same ones on every run.
@Suite struct RequestFuzzTests {
    /// SplitMix64.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let pieces: [[UInt8]] = [
        [], [0], [0xFF], Array("%".utf8), Array("%zz".utf8), Array("&".utf8), Array("=".utf8), Array(";".utf8),
        Array("+".utf8), Array(".".utf8),
        Array("..".utf8),
        Array("\r\n".utf8), Array("\"".utf8), Array("null".utf8), Array("-9223372036854775808".utf8),
        Array("1e999".utf8), Array("[[[[".utf8), Array("{}".utf8),
        Array("&token=x".utf8), Array("&client_id=x".utf8), [0xC3, 0x28], [0xE2, 0x80, 0xA8],
        Array(repeating: 65, count: 300),
    ]

    private static func mutated(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int.random(in: 0..<3, using: &generator) where !bytes.isEmpty {
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 0..<6, using: &generator))
            bytes.replaceSubrange(start..<end, with: pieces.randomElement(using: &generator) ?? [])
        }
        return bytes
    }

    @Test(
        "a response is well formed, and no failure of the server, whatever is sent",
        arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(seed: UInt64) throws {
        let fixture = try ReferenceFixture()
        var generator = Generator(state: seed)
        let file = try TestServer.key("svc")
        let user = "270000000000000501"
        let claims = JSON.object(
            Assertion.claims(of: user, audience: fixture.server.issuer, now: fixture.server.time.now)
        )
        .bytes()
        let header = Array("{\"alg\":\"RS256\",\"kid\":\"\(file.keyID)\"}".utf8)
        let token = fixture.token(of: "svc-jwt")
        let basic = Array("\(ReferenceFixture.idOfB):\(ReferenceFixture.secretOfB)".utf8)
        let paths = [
            "/oauth/v2/introspect", "/oauth/v2/token", "/oauth/v2/revoke", "/oidc/v1/userinfo", "/oauth/v2/keys",
            "/.well-known/openid-configuration",
        ]
        for round in 0..<800 {
            var authorization = "Basic " + Base64.encoded(basic)
            var body = Array("token=\(token)&grant_type=client_credentials&scope=openid".utf8)
            switch round % 4 {
            case 0: body = Self.mutated(body, &generator)
            case 1: authorization = "Basic " + Base64.encoded(Self.mutated(basic, &generator))
            case 2:
                let assertion =
                    Base64.urlEncoded(Self.mutated(header, &generator)) + "."
                    + Base64.urlEncoded(Self.mutated(claims, &generator)) + ".AAAA"
                body = Array(
                    "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=\(assertion)&client_assertion=\(assertion)&client_assertion_type=\(ReferenceFixture.assertionType)&token=x&scope=openid"
                        .utf8)
            default:
                authorization = "Bearer " + String(decoding: Self.mutated(Array(token.utf8), &generator), as: UTF8.self)
            }
            let request = HTTPRequest(
                method: round % 7 == 0 ? "GET" : "POST", path: paths[round % paths.count],
                query: round % 5 == 0 ? Self.mutated(body, &generator) : [],
                headers: [
                    ("host", fixture.server.host), ("authorization", authorization),
                    ("content-type", "application/x-www-form-urlencoded"),
                    ("mock-dialect", round % 2 == 0 ? "server" : "documented"),
                ], body: body)
            let answer = fixture.server.send(request)
            #expect(answer.status < 500, "round \(round): \(answer.text)")
            if answer.header("Content-Type") == "application/json", !answer.body.isEmpty {
                #expect((try? JSONParser.parse(answer.body))?.object != nil, "round \(round): \(answer.text)")
            }
            for header in answer.headers {
                #expect(!header.value.utf8.contains { $0 < 32 || $0 > 126 }, "round \(round): \(header)")
                #expect(
                    !header.value.contains(ReferenceFixture.secretOfB) && !header.value.contains(token),
                    "round \(round)")
            }
        }
    }

    @Test("a token of a megabyte is inactive", arguments: ["a", ".", "a.", "\u{0}", "é", "%"]) func megabyte(
        piece: String
    ) throws {
        let fixture = try ReferenceFixture()
        let answer = fixture.introspect(String(repeating: piece, count: 1_000_000 / piece.utf8.count))
        #expect(answer.text == "{\"active\":false}\n")
        #expect(["token_malformed", "token_unknown"].contains(answer.reason ?? ""))
    }

    @Test(
        "T020 a form that is longer than the server reads is refused",
        arguments: [(false, "token missing"), (true, "error parsing form")])
    func bodyLimit(isTooLong: Bool, description: String) throws {
        let answer = try ReferenceFixture().server.send(
            HTTPRequest(
                method: "POST", path: "/oauth/v2/introspect",
                headers: [
                    TestServer.basic(ReferenceFixture.idOfB, ReferenceFixture.secretOfB),
                    ("content-type", "application/x-www-form-urlencoded"),
                    ("mock-dialect", "server"),
                ], bodyIsTooLong: isTooLong))
        #expect(answer.json["error_description"]?.string == description)
    }
}
