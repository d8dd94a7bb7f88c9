import Crypto
import Encodings
import JOSE
import TestSupport
import Testing

@Suite struct SignatureTests {
    private static let claims: JSONObject = ["iss": .string("a"), "n": .integer(1)]

    @Test("a signature verifies with its key and content only", arguments: SignatureAlgorithm.allCases)
    func roundTrip(algorithm: SignatureAlgorithm) throws {
        let key = try PrivateKey.generate(for: algorithm)
        let token = try CompactJWS.sign(Self.claims, by: key, algorithm: algorithm, keyID: "k1")
        let jws = try CompactJWS(token)
        #expect(jws.isSigned(by: key.publicKey))
        #expect(
            jws.claims == Self.claims && jws.keyID == "k1" && jws.algorithm == algorithm
                && jws.header?["typ"] == .string("JWT"))
        #expect(!jws.isSigned(by: try PrivateKey.generate(for: algorithm).publicKey))

        let parts = token.split(separator: ".").map(String.init)
        let header = Base64.urlEncoded(Array(#"{"alg":"\#(algorithm.rawValue)","kid":"k2","typ":"JWT"}"#.utf8))
        let payload = Base64.urlEncoded(Array(#"{"iss":"b","n":1}"#.utf8))
        var signature = try #require(Base64.urlDecoded(parts[2].utf8))
        signature[signature.count / 2] ^= 1
        for altered in [
            [header, parts[1], parts[2]], [parts[0], payload, parts[2]],
            [parts[0], parts[1], Base64.urlEncoded(signature)], [parts[0], parts[1], ""],
            [parts[0], parts[1], parts[2] + "AAAA"], [parts[0], parts[1], parts[2] + "="],
            [parts[0], parts[1], Base64.urlEncoded([UInt8](repeating: 0, count: signature.count))],
        ] {
            #expect(try !CompactJWS(altered.joined(separator: ".")).isSigned(by: key.publicKey))
        }
    }

    @Test(
        "a key neither signs nor verifies with an algorithm that does not suit it",
        arguments: [SignatureAlgorithm.rs256, .es256, .es384, .es512, .edDSA])
    func suitability(own: SignatureAlgorithm) throws {
        let key = try PrivateKey.generate(for: own)
        let rsa: [SignatureAlgorithm] = [.rs256, .rs384, .rs512, .ps256]
        let signature = try key.sign([1, 2, 3], by: own)
        for other in SignatureAlgorithm.allCases {
            let supports = other == own || (rsa.contains(own) && rsa.contains(other))
            #expect(key.supports(other) == supports)
            #expect(key.publicKey.verifies(signature, of: [1, 2, 3], by: other) == (other == own))
            if !supports { #expect(throws: CryptographyFailure.self) { try key.sign([1], by: other) } }
        }
    }

    @Test(
        "a token whose header names none, HMAC or another algorithm does not verify",
        arguments: ["none", "None", "", "HS256", "ES256", "RS512", "rs256", "RS256 "])
    func otherAlgorithms(name: String) throws {
        let key = try PrivateKey.generate(for: .rs256)
        let input =
            Base64.urlEncoded(Array("{\"alg\":\(JSON.string(name).text)}".utf8)) + "."
            + Base64.urlEncoded(JSON.object(Self.claims).bytes())
        let signature = Base64.urlEncoded(try key.sign(Array(input.utf8), by: .rs256))
        #expect(try !CompactJWS(input + "." + signature).isSigned(by: key.publicKey))
        #expect(try !CompactJWS(input + ".").isSigned(by: key.publicKey))
    }

    /// The classic confusion: an HMAC whose secret is the public key, here as Python's hmac computed it over the PEM.
    @Test("an HS256 token with the public key as its secret does not verify")
    func confusion() throws {
        let key = try #require(PublicKey(pem: PEM.pkix))
        let token = try CompactJWS(PEM.hmacWithPublicKey)
        #expect(token.algorithmName == "HS256" && token.algorithm == nil)
        #expect(!token.isSigned(by: key))
    }

    @Test(
        "a token with critical header parameters is refused",
        arguments: [#"["exp"]"#, #"["b64","exp"]"#, #"["b64",null]"#, #""b64""#, "{}", "[5]", "1"])
    func critical(value: String) throws {
        let key = try PrivateKey.generate(for: .es256)
        let input =
            Base64.urlEncoded(Array("{\"alg\":\"ES256\",\"crit\":\(value)}".utf8)) + "."
            + Base64.urlEncoded(Array("{}".utf8))
        let token = try CompactJWS(input + "." + Base64.urlEncoded(try key.sign(Array(input.utf8), by: .es256)))
        #expect(!token.isSigned(by: key.publicKey))
    }

    /// RFC 7515 appendix A.3.1: a point of P-256.
    private static let point =
        #""crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#

    static let headers: [(String, Bool)] = [
        (#""crit": []"#, true), (#""crit": ["b64"]"#, true), (#""crit": ["b64"], "b64": true"#, true),
        (#""crit": ["b64"], "b64": false"#, false), (#""nonce": "n""#, true), (#""nonce": 1"#, false),
        (#""b64": true"#, true),
        (#""b64": false"#, false), (#""b64": "x""#, true), (#""x5c": "RS256""#, false), (#""x5c": []"#, true),
        (#""x5c": ["AA=="]"#, false),
        (#""jwk": "x""#, false), (#""jwk": {"kty": "oct", "k": "AAAA"}"#, false), (#""jwk": null"#, true),
        (#""x5t": 1, "other": {}"#, true),
        (#""kid": "a", "kid": "a""#, false), (#""kid": "a", "KID": "b""#, true), (#""x": 1, "x": 1"#, false),
        (#""other": [{"a": 1, "a": 1}]"#, false), (#""other": {"a": 1e400}"#, false), (#""other": 1e300"#, true),
        (#""jwk": {"kty": "EC", "kty": "EC", \#(point)}"#, false),
        (#""jwk": {"kty": "EC", \#(point)}"#, true),
        (#""jwk": {"kty": "EC", "more": {"a": 1, "a": 1e400}, \#(point)}"#, true),
    ]

    @Test(
        "known header members of a wrong type, or duplicated, make a token unreadable; other or empty ones do not",
        arguments: headers)
    func headerTypes(member: String, isGood: Bool) throws {
        let key = try PrivateKey.generate(for: .es256)
        let input =
            Base64.urlEncoded(Array("{\"alg\":\"ES256\",\(member)}".utf8)) + "."
            + Base64.urlEncoded(Array("{}".utf8))
        let token = try CompactJWS(input + "." + Base64.urlEncoded(try key.sign(Array(input.utf8), by: .es256)))
        #expect(token.isSigned(by: key.publicKey) == isGood)
    }

    @Test(
        "a token has three segments",
        arguments: [("", 1), ("a", 1), ("a.b", 2), ("a.b.c.d", 4), ("a.b.c.d.e", 5), ("....", 5)])
    func segments(text: String, count: Int) {
        #expect(throws: CompactJWS.Malformed.segments(count)) { try CompactJWS(text) }
    }

    @Test("the segments of a megabyte of dots are counted, and three overlong segments are not decoded")
    func sizes() throws {
        #expect(throws: CompactJWS.Malformed.segments(1_000_001)) {
            try CompactJWS(String(repeating: ".", count: 1_000_000))
        }
        let longest = "e30.e30." + String(repeating: "A", count: CompactJWS.sizeLimit - 8)
        #expect(try CompactJWS(longest).claims == [:])
        #expect(throws: CompactJWS.Malformed.tooLong) { try CompactJWS(longest + "A") }
    }

    @Test("white space is ignored where Go ignores it: anywhere but in the payload, which may only have line ends")
    func whitespace() throws {
        let key = try PrivateKey.generate(for: .es256)
        let token = try CompactJWS.sign(Self.claims, by: key, algorithm: .es256, keyID: "k")
        let segments = token.split(separator: ".").map(String.init)
        let (header, payload, signature) = (segments[0], segments[1], segments[2])
        for text in [
            token + "\n", "\u{A0} \t" + token, token + "\r\n", "\(header) .\(payload).\(signature)",
            "\(header).\n\(payload)\r\n. \(signature)\u{2003}",
        ] {
            #expect(try CompactJWS(text).isSigned(by: key.publicKey), "\(text)")
        }
        for text in ["\(header). \(payload).\(signature)", "\(header).\(payload)\u{A0}.\(signature)"] {
            #expect(throws: CompactJWS.Malformed.self) { try CompactJWS(text) }
        }
    }

    @Test(
        "the payload must be unpadded base64url of a JSON object, and an error says where it is not",
        arguments: [("e30=", 3), ("e 0", 1), ("e", 0), ("é", 0), ("e30AA", 4), ("YQ\n=", 3)])
    func payloadEncoding(payload: String, offset: Int) {
        #expect(throws: CompactJWS.Malformed.payloadNotBase64URL(offset: offset)) {
            try CompactJWS("e30.\(payload).AA")
        }
    }

    @Test(
        "the payload must be a JSON object, and an error says what it is instead",
        arguments: [
            ("", CompactJWS.PayloadProblem.end), ("[]", .kind("array")), ("1", .kind("number")), ("\"", .end),
            ("{", .end), ("{\"a\":", .end), ("{}x", .other), ("x", .start(0x78)), ("true", .kind("bool")),
        ])
    func payloadJSON(text: String, problem: CompactJWS.PayloadProblem) {
        #expect(throws: CompactJWS.Malformed.payloadNotJSON(problem)) {
            try CompactJWS("e30.\(Base64.urlEncoded(Array(text.utf8))).AA")
        }
    }

    @Test("a broken header is refused only by the check of the signature", arguments: ["", "e30=", "W10", "!!!"])
    func brokenHeader(header: String) throws {
        let token = try CompactJWS("\(header).e30.AA")
        #expect(token.header == nil && token.algorithm == nil && token.keyID == nil)
        #expect(!token.isSigned(by: try PrivateKey.generate(for: .es256).publicKey))
    }
}
