import Crypto
import Encodings
import JOSE
import Testing

@Suite struct KeyTests {
    @Test("a JWK never has a private member, for no algorithm", arguments: SignatureAlgorithm.allCases)
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

    @Test("a public key is read as PKIX, PKCS#1 and certificate, and is the same key")
    func publicForms() throws {
        for pem in [PEM.pkix, PEM.pkcs1Public, PEM.certificate, "text before\n" + PEM.pkix + "\ntext after"] {
            #expect(try #require(PublicKey(pem: pem)).pem == PEM.pkix + "\n")
        }
    }

    @Test("a private key is read as PKCS#1 and PKCS#8, and an RSA key is written as PKCS#1")
    func privateForms() throws {
        for pem in [PEM.pkcs1Private, PEM.pkcs8Private] {
            let key = try #require(PrivateKey(pem: pem))
            #expect(key.pem == PEM.pkcs1Private + "\n")
            #expect(key.publicKey.pem == PEM.pkix + "\n")
            #expect("\(key)" == "<private key>")
        }
    }

    @Test(
        "an encrypted private key is refused, and no terminal is asked for its passphrase",
        arguments: [PEM.encryptedPKCS1, PEM.encryptedPKCS8])
    func encrypted(pem: String) {
        #expect(PrivateKey(pem: pem) == nil)
        #expect(PublicKey(pem: pem) == nil)
    }

    @Test(
        "what is not a key is rejected",
        arguments: [
            "", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----",
        ])
    func junk(pem: String) {
        #expect(PublicKey(pem: pem) == nil)
        #expect(PrivateKey(pem: pem) == nil)
    }

    @Test("a private key is not read as a public one, nor the other way round")
    func otherHalf() {
        #expect(PublicKey(pem: PEM.pkcs1Private) == nil && PublicKey(pem: PEM.pkcs8Private) == nil)
        #expect(PrivateKey(pem: PEM.pkix) == nil)
    }

    @Test(
        "a key that is not accepted for assertions is described",
        arguments: [
            (PEM.weakPublic, "an RSA key of 1024 bits; at least 2048 are needed"),
            (PEM.p384Public, "an EC key on curve P-384; use P-256, or RSA of at least 2048 bits"),
            (PEM.ed25519Public, "an Ed25519 key; use RSA of at least 2048 bits, or EC P-256"),
            (PEM.secp256k1Public, "a kind of key that JOSE does not know; use RSA of at least 2048 bits, or EC P-256"),
            (PEM.pkix, nil),
        ] as [(String, String?)])
    func rejectionReason(pem: String, reason: String?) throws {
        #expect(try #require(PublicKey(pem: pem)).rejectionReason == reason)
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
        "an RSA key with an exponent that protects nothing is rejected, as JWK and as PEM, and verifies nothing",
        arguments: [[1], [2], [0, 0, 1]] as [[UInt8]])
    func weakExponent(e: [UInt8]) throws {
        let key = try #require(try Self.rsa(e: e))
        for read in [key, try #require(PublicKey(pem: key.pem))] {
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

    @Test(
        "an RSA key with the exponent 0, a huge one or none is no key", arguments: [[0], [1, 0, 0], []] as [[UInt8]])
    func noExponent(e: [UInt8]) throws { #expect(try Self.rsa(e: e) == nil) }

    @Test("an RSA key with an even or a short modulus is rejected")
    func weakModulus() throws {
        let even = try Self.rsa { $0[$0.count - 1] &= 0xFE }
        #expect(try #require(even).rejectionReason == "an RSA key with an even modulus")
        for count in [1, 8, 64, 255] {
            let short = try Self.rsa { $0 = [UInt8](repeating: 0xFF, count: count) }
            #expect(short?.rejectionReason?.contains("bits; at least 2048 are needed") ?? true)
        }
        #expect(try Self.rsa { $0 = [] } == nil)
        #expect(try Self.rsa { $0 = [UInt8](repeating: 0xFF, count: 2049) } == nil)
        let common = try Self.rsa(e: [3])
        #expect(try #require(common).rejectionReason == nil)
    }

    @Test(
        "an encrypted block of any name is not read, without asking the terminal",
        arguments: ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE", "RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"])
    func encryptedBlocks(name: String) {
        let pem = """
            -----BEGIN \(name)-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-128-CBC,0123456789ABCDEF0123456789ABCDEF

            AAAAAAAAAAAAAAAAAAAAAA==
            -----END \(name)-----
            """
        #expect(PublicKey(pem: pem) == nil && PrivateKey(pem: pem) == nil)
        #expect(PrivateKey.isEncrypted(pem: pem))
    }

    @Test("a point that is not on its curve is not a key, as JWK and as PEM")
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

    @Test("P-256 is accepted for assertions")
    func p256() throws {
        #expect(try PrivateKey.generate(for: .es256).publicKey.rejectionReason == nil)
    }
}
