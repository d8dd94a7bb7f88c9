import Crypto
import Model

/// Client secrets that the server makes, as long as ZITADEL's.
enum NewSecret {
    private static let length = 64
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    static func make(randomBytes: (Int) -> [UInt8]) -> (secret: String, hash: SecretHash) {
        // 64 letters and digits. Numbers that would make some of them more frequent are drawn again.
        var secret: [UInt8] = []
        while secret.count < length {
            secret += randomBytes(length).filter { $0 < 4 * alphabet.count }.map { alphabet[Int($0) % alphabet.count] }
        }
        let text = String(decoding: secret.prefix(length), as: UTF8.self)
        return (text, hash(text, randomBytes: randomBytes))
    }

    static func hash(_ secret: String, randomBytes: (Int) -> [UInt8]) -> SecretHash {
        let salt = randomBytes(16)
        return SecretHash(salt: salt, digest: clientSecretDigest(secret, salt: salt))
    }
}
