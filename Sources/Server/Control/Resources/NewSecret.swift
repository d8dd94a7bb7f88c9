import Crypto
import Encodings
import Model

/// Client secrets that the server makes, as long as ZITADEL's.
enum NewSecret {
    static func make(randomBytes: (Int) -> [UInt8]) -> (secret: String, hash: SecretHash) {
        let secret = Base64.urlEncoded(randomBytes(48))
        return (secret, hash(secret, randomBytes: randomBytes))
    }

    static func hash(_ secret: String, randomBytes: (Int) -> [UInt8]) -> SecretHash {
        let salt = randomBytes(16)
        return SecretHash(salt: salt, digest: clientSecretDigest(secret, salt: salt))
    }
}
