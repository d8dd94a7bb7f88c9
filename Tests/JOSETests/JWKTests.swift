import Crypto
import Encodings
import JOSE
import TestSupport
import Testing

@Suite struct JWKTests {
    @Test("a JWK has no private members, whatever its algorithm", arguments: SignatureAlgorithm.allCases)
    func publicMembersOnly(algorithm: SignatureAlgorithm) throws {
        let key = try PrivateKey.generate(for: algorithm)
        let members = try #require(key.publicKey.jwk(id: "k", algorithm: algorithm).object).members.map(\.name)
        let own =
            switch algorithm {
            case .rs256, .rs384, .rs512, .ps256: ["use", "kty", "kid", "alg", "n", "e"]
            case .es256, .es384, .es512: ["use", "kty", "kid", "crv", "alg", "x", "y"]
            case .edDSA: ["use", "kty", "kid", "crv", "alg", "x"]
            }
        #expect(members == own)
        let read = try #require(key.publicKey.jwk(id: "k", algorithm: algorithm).object.flatMap(PublicKey.init(jwk:)))
        #expect(read.pem == key.publicKey.pem)
    }

    @Test(
        "EC coordinates are as long as the curve's field, leading zeros included",
        arguments: [(SignatureAlgorithm.es256, 32), (.es384, 48), (.es512, 66)])
    func coordinates(algorithm: SignatureAlgorithm, size: Int) throws {
        for _ in 0..<20 {
            let key = try PrivateKey.generate(for: algorithm)
            let jwk = try #require(key.publicKey.jwk(id: "k", algorithm: algorithm).object)
            for name in ["x", "y"] { #expect(jwk[name]?.string.flatMap { Base64.urlDecoded($0.utf8) }?.count == size) }
            #expect(try key.sign([1], by: algorithm).count == 2 * size)
        }
    }

    /// The JWK of an RSA key with another exponent or modulus.
    private static func rsa(e: [UInt8]? = nil, n change: (inout [UInt8]) -> Void = { _ in }) throws -> PublicKey? {
        let key = try #require(PublicKey(pem: PEM.pkix))
        let jwk = try #require(key.jwk(id: "k", algorithm: .rs256).object)
        var modulus = try #require(jwk["n"]?.string.flatMap { Base64.urlDecoded($0.utf8) })
        change(&modulus)
        var altered: JSONObject = ["kty": .string("RSA"), "n": .string(Base64.urlEncoded(modulus))]
        altered.append("e", e.map { .string(Base64.urlEncoded($0)) } ?? (jwk["e"] ?? .null))
        return PublicKey(jwk: altered)
    }

    @Test(
        "an RSA key with an insecure exponent is rejected, as JWK and as PEM, and verifies nothing",
        arguments: [[1], [0], [2], [0, 0, 1], [1, 0, 0], []] as [[UInt8]])
    func weakExponent(e: [UInt8]) throws {
        let weak = try Self.rsa(e: e)
        let key = try #require(weak)
        let copy = try #require(PublicKey(pem: key.pem))
        for read in [key, copy] {
            #expect(read.rejectionReason?.contains("exponent is even or 1") == true)
        }
        // With e = 1 the padded digest is its own signature.
        let prefix: [UInt8] = [
            0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
            0x20,
        ]
        let padding = [UInt8](repeating: 0xFF, count: 256 - 3 - prefix.count - 32)
        let forged: [UInt8] = [0, 1] + padding + [0] + prefix + Digest.sha256.hash([1, 2, 3])
        #expect(!key.verifies(forged, of: [1, 2, 3], by: .rs256))
    }

    /// A number of ones in binary, such as a Mersenne prime.
    private static func ones(_ bits: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: (1 << (bits % 8)) - 1)] + [UInt8](repeating: 0xFF, count: bits / 8)
    }

    @Test("an RSA key whose modulus anybody can factor is found", arguments: [2048, 2203, 2281])
    func factored(bits: Int) throws {
        let weak = try Self.rsa { $0 = Self.ones(bits) }
        let key = try #require(weak)
        // 2^2048 - 1 is a multiple of 3, which is found at once; the others are primes.
        #expect((key.rejectionReason == nil) == (bits != 2048))
        #expect(key.thoroughlyChecked.rejectionReason?.contains("anybody can factor") == true)
        let sound = try #require(PublicKey(pem: PEM.pkix))
        #expect(sound.thoroughlyChecked.rejectionReason == nil)
        #expect(try PrivateKey.generate(for: .es256).publicKey.thoroughlyChecked.rejectionReason == nil)
    }

    @Test("an RSA key of more than 8192 bits is rejected") func longModulus() throws {
        let long = try Self.rsa { $0 = [1] + [UInt8](repeating: 0, count: 1023) + [1] }
        #expect(try #require(long).rejectionReason == "an RSA key of 8193 bits; at most 8192 are accepted")
        #expect(try #require(long).thoroughlyChecked.rejectionReason?.contains("at most 8192") == true)
    }

    @Test("an RSA key with an even or a short modulus is rejected")
    func weakModulus() throws {
        let even = try Self.rsa { $0[$0.count - 1] &= 0xFE }
        #expect(try #require(even).rejectionReason == "an RSA key with an even modulus")
        for count in [64, 255] {
            let short = try Self.rsa { $0 = [UInt8](repeating: 0xFF, count: count) }
            #expect(try #require(short).rejectionReason?.contains("bits; at least 2048 are needed") == true)
        }
        for count in [0, 1, 8] { #expect(try Self.rsa { $0 = [UInt8](repeating: 0xFF, count: count) } == nil) }
        #expect(try Self.rsa { $0 = [UInt8](repeating: 0xFF, count: 2049) } == nil)
        let common = try Self.rsa(e: [3])
        #expect(try #require(common).rejectionReason == nil)
    }

    @Test("a key whose point is not on its curve is rejected, as JWK and as PEM")
    func offCurve() throws {
        let key = try PrivateKey.generate(for: .es256).publicKey
        let jwk = try #require(key.jwk(id: "k", algorithm: .es256).object)
        var y = try #require(jwk["y"]?.string.flatMap { Base64.urlDecoded($0.utf8) })
        y[31] ^= 1
        #expect(
            PublicKey(jwk: [
                "kty": .string("EC"), "crv": .string("P-256"), "x": jwk["x"] ?? .null,
                "y": .string(Base64.urlEncoded(y)),
            ]) == nil)
        let lines = key.pem.split(separator: "\n")
        var der = try #require(Base64.decoded(Array(lines[1..<(lines.count - 1)].joined().utf8)))
        der[der.count - 1] ^= 1
        #expect(PublicKey(pem: "\(lines[0])\n\(Base64.encoded(der))\n\(lines[lines.count - 1])\n") == nil)
    }

}
