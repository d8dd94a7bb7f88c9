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
        #expect(read.pem == key.publicKey.pem && read.thumbprint == key.publicKey.thumbprint)
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
        "what is no key is none",
        arguments: [
            "", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----",
        ])
    func junk(pem: String) {
        #expect(PublicKey(pem: pem) == nil)
        #expect(PrivateKey(pem: pem) == nil)
    }

    @Test("a private key is no public one, nor the other way round")
    func otherHalf() {
        #expect(PublicKey(pem: PEM.pkcs1Private) == nil && PublicKey(pem: PEM.pkcs8Private) == nil)
        #expect(PrivateKey(pem: PEM.pkix) == nil)
    }

    @Test(
        "a key that is not fit for assertions is named",
        arguments: [
            (PEM.weakPublic, "an RSA key of 1024 bits; at least 2048 are needed"),
            (PEM.p384Public, "an EC key on curve P-384; use P-256, or RSA of at least 2048 bits"),
            (PEM.ed25519Public, "an Ed25519 key; use RSA of at least 2048 bits, or EC P-256"),
            (PEM.secp256k1Public, "a kind of key that JOSE does not know; use RSA of at least 2048 bits, or EC P-256"),
            (PEM.pkix, nil),
        ] as [(String, String?)])
    func weakness(pem: String, weakness: String?) throws {
        #expect(try #require(PublicKey(pem: pem)).weakness == weakness)
    }

    @Test("P-256 is fit for assertions")
    func p256() throws {
        #expect(try PrivateKey.generate(for: .es256).publicKey.weakness == nil)
    }
}
