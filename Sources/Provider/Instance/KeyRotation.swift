public import Crypto
public import Model

/// How signing keys are added and replaced: one of them signs, the others are published for the tokens that they have signed.
public enum KeyRotation {
    /// More keys are refused: every client downloads all of them.
    public static let limit = 100

    /// A new key that signs. Generating takes a while, so it is done before the change, for which others wait.
    /// - Throws: `CryptographyFailure`
    public static func newKey(_ algorithm: SignatureAlgorithm, _ instance: Instance) throws -> SigningKey {
        SigningKey(
            id: instance.dependencies.newID(), algorithm: algorithm,
            privateKey: try PrivateKey.generate(for: algorithm).pem, state: .active)
    }

    /// The changes that add a key: when it is active, the others no longer are.
    /// - Returns: nil when there are too many keys.
    public static func changes(putting key: SigningKey, to present: [SigningKey]) -> [Change]? {
        present.count < limit ? demotions(for: key, among: present) + [.putSigningKey(key)] : nil
    }

    /// The changes of the keys that signed until now, when another one begins to.
    public static func demotions(for key: SigningKey, among present: [SigningKey]) -> [Change] {
        guard key.state == .active else { return [] }
        return present.filter { $0.state == .active && $0.id != key.id }.map { old in
            var old = old
            old.state = .inactive
            return .putSigningKey(old)
        }
    }
}
