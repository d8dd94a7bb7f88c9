/// Comparison byte by byte, as protocols define it (RFC 3986 section 6.2.1, RFC 6749 section 3.3).
///
/// `==` of `String` is canonical equivalence: U+212A KELVIN SIGN equals `K`. Identifiers, scopes and addresses that callers send must not pass for
/// others that are merely equivalent.
extension StringProtocol {
    public func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Sequence where Element: StringProtocol {
    /// Whether one of the texts has exactly these bytes.
    public func containsBytes(of text: some StringProtocol) -> Bool { contains { $0.hasSameBytes(as: text) } }
}

/// A set of texts that are the same only if their bytes are.
public struct ByteTextSet: Sendable {
    private var members: Set<[UInt8]> = []

    public init(_ texts: some Sequence<String> = [String]()) {
        for text in texts { insert(text) }
    }

    /// - Returns: whether the text is new.
    @discardableResult
    public mutating func insert(_ text: some StringProtocol) -> Bool { members.insert(Array(text.utf8)).inserted }

    public func contains(_ text: some StringProtocol) -> Bool { members.contains(Array(text.utf8)) }

    public var isEmpty: Bool { members.isEmpty }
}
