import Crypto
import TestSupport
import Testing

/// Keys as PEM files have them.
@Suite struct KeyPEMTests {
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
        "text that is not a key is rejected",
        arguments: [
            "", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----",
        ])
    func junk(pem: String) {
        #expect(PublicKey(pem: pem) == nil)
        #expect(PrivateKey(pem: pem) == nil)
    }

    @Test("a private key is not read as a public one, nor a public key as a private one")
    func otherHalf() {
        #expect(PublicKey(pem: PEM.pkcs1Private) == nil && PublicKey(pem: PEM.pkcs8Private) == nil)
        #expect(PrivateKey(pem: PEM.pkix) == nil)
    }

    @Test(
        "a key that is not accepted for assertions is rejected with a description",
        arguments: [
            (PEM.weakPublic, "an RSA key of 1024 bits; at least 2048 are needed"),
            (PEM.p384Public, "an EC key on curve P-384; use P-256, or RSA of at least 2048 bits"),
            (PEM.ed25519Public, "an Ed25519 key; use RSA of at least 2048 bits, or EC P-256"),
            (
                PEM.secp256k1Public,
                "a kind of key that no assertion is accepted from; use RSA of at least 2048 bits, or EC P-256"
            ),
            (PEM.pkix, nil),
        ] as [(String, String?)])
    func rejectionReason(pem: String, reason: String?) throws {
        #expect(try #require(PublicKey(pem: pem)).rejectionReason == reason)
    }

    @Test(
        "an encrypted PEM block of any label is refused, and the terminal is not asked for a passphrase",
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

    @Test("P-256 is accepted for assertions")
    func p256() throws {
        #expect(try PrivateKey.generate(for: .es256).publicKey.rejectionReason == nil)
    }
}
