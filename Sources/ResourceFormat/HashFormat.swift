import Encodings
import Model

/// How stored secrets are written into seeds, so that an exported seed loads again without the secrets themselves.
public enum HashFormat: String, Sendable, CaseIterable {
    /// A client secret: `sha256:SALT:DIGEST`
    case clientSecret
    /// A password: `scrypt:SALT:DIGEST`
    case password
    /// A token, which is long and random and needs no salt: `sha256:DIGEST`
    case token

    private var scheme: String { self == .password ? "scrypt" : "sha256" }
    private var partCount: Int { self == .token ? 1 : 2 }

    /// The parts after the scheme, in base64url without padding.
    var pattern: String { "^\(scheme)" + String(repeating: ":[A-Za-z0-9_-]{16,86}", count: partCount) + "$" }
    var example: String { self == .token ? "\(scheme):DIGEST" : "\(scheme):SALT:DIGEST" }

    /// - Returns: nil for a text of another form. Digests have 32 bytes, salts 8 to 64.
    func parts(_ text: String) -> [[UInt8]]? {
        let parts = text.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == partCount + 1, parts[0] == scheme else { return nil }
        let decoded = parts.dropFirst().compactMap { Base64.urlDecoded(Array($0.utf8)) }
        guard decoded.count == partCount, decoded.last?.count == 32 else { return nil }
        return partCount == 1 || (8...64).contains(decoded[0].count) ? decoded : nil
    }

    func secretHash(_ text: String) -> SecretHash? {
        guard let parts = parts(text), parts.count == 2 else { return nil }
        return SecretHash(salt: parts[0], digest: parts[1])
    }

    func text(_ hash: SecretHash) -> String {
        "\(scheme):\(Base64.urlEncoded(hash.salt)):\(Base64.urlEncoded(hash.digest))"
    }

    func text(digest: [UInt8]) -> String { "\(scheme):\(Base64.urlEncoded(digest))" }
}
