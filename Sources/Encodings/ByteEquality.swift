/// Comparison byte by byte, as protocols define it (RFC 3986 section 6.2.1, RFC 6749 section 3.3).
///
/// `==` of `String` is canonical equivalence: U+212A KELVIN SIGN equals `K`. Identifiers, scopes and addresses that callers send must not pass for
/// others that are merely equivalent.
extension StringProtocol {
    /// Whether both texts have the same UTF-8 bytes.
    public func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Sequence where Element: StringProtocol {
    /// Whether one of the texts has exactly these bytes.
    public func containsBytes(of text: some StringProtocol) -> Bool { contains { $0.hasSameBytes(as: text) } }
}

extension String {
    /// Whether both strings have the same UTF-8 bytes, unlike `==`, which compares by canonical equivalence.
    public func hasSameBytes(as other: String) -> Bool {
        // Strings that differ by canonical equivalence also differ in their bytes, and `==` is the faster comparison.
        guard self == other else { return false }
        let isSame = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { left.elementsEqual($0) }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    /// Whether one of the bytes meets a condition. Faster than the same question to `utf8`, whose iterator looks up the storage for each byte.
    @inlinable
    public func containsByte(where condition: (UInt8) -> Bool) -> Bool {
        utf8.withContiguousStorageIfAvailable { $0.contains(where: condition) } ?? utf8.contains(where: condition)
    }
}

extension Sequence<String> {
    /// Whether one of the strings has the same UTF-8 bytes.
    public func containsBytes(of text: String) -> Bool { contains { $0.hasSameBytes(as: text) } }
}
