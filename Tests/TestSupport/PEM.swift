/// Keys made with openssl for these tests alone. Those of RSA with 2048 bits are one key in all its spellings; the passphrase is "secret".
public enum PEM {
    public static let pkcs1Private = key("rsa-pkcs1")
    public static let pkcs8Private = key("rsa-pkcs8")
    public static let encryptedPKCS8 = key("rsa-pkcs8-encrypted")
    public static let encryptedPKCS1 = key("rsa-pkcs1-encrypted")
    public static let pkix = key("rsa-public-pkix")
    public static let pkcs1Public = key("rsa-public-pkcs1")
    public static let certificate = key("rsa-certificate")
    public static let weakPublic = key("rsa-1024-public")
    public static let p384Public = key("p384-public")
    public static let ed25519Public = key("ed25519-public")
    public static let secp256k1Public = key("secp256k1-public")

    /// A token whose HMAC has the text of `pkix`, with its last line end, as secret.
    public static let hmacWithPublicKey =
        "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhIn0.EU-00C-YyjmsvchrvAJBvGNN4vV4J0P3Wo-QlzLQrvw"

    private static func key(_ name: String) -> String { testFile("TestSupport/Fixtures/keys/\(name).pem") }
}
