import Crypto

/// Ids of resources that have none in a seed: the same on every run and machine, because they follow from names.
public enum DerivedID {
    /// 18 digits.
    /// - Parameters:
    ///   - kind: what the id is for, such as "app".
    ///   - path: the names from the organization down.
    public static func make(_ kind: String, _ path: [String]) -> String {
        let digest = Digest.sha256.hash(Array(([kind] + path).joined(separator: "\u{1F}").utf8))
        let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return String(100_000_000_000_000_000 + number % 900_000_000_000_000_000)
    }
}
