import JOSE

/// Ids of resources that a seed leaves nameless: the same on every run and machine, because they follow from the names on the path.
enum DerivedID {
    /// 18 digits.
    /// - Parameters:
    ///   - kind: what it is the id of, such as "app".
    ///   - path: the names from the organization down.
    static func make(_ kind: String, _ path: [String]) -> String {
        let digest = Digest.sha256.hash(Array(([kind] + path).joined(separator: "\u{1F}").utf8))
        let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return String(100_000_000_000_000_000 + number % 900_000_000_000_000_000)
    }
}
