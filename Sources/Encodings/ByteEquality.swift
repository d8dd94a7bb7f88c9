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
        self == other && utf8.elementsEqual(other.utf8)
    }
}

extension Sequence<String> {
    /// Whether one of the strings has the same UTF-8 bytes.
    public func containsBytes(of text: String) -> Bool { contains { $0.hasSameBytes(as: text) } }
}
