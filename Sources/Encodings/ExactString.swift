/// A string that is equal to another one only if both have the same bytes, for keys of dictionaries and sets.
///
/// Swift's own `String` compares by canonical equivalence: "K" equals the Kelvin sign U+212A. Identifiers and addresses that come from outside must
/// not match that loosely.
public struct ExactString: Hashable, Sendable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public static func == (left: ExactString, right: ExactString) -> Bool { left.text.hasSameBytes(as: right.text) }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension Set<ExactString> {
    /// - Returns: whether the text is new.
    @discardableResult
    public mutating func insert(_ text: String) -> Bool { insert(ExactString(text)).inserted }

    /// Whether a text with exactly these bytes is in the set.
    public func contains(_ text: some StringProtocol) -> Bool { contains(ExactString(String(text))) }
}

extension Sequence<String> {
    /// The texts as a set in which they are the same only if their bytes are.
    public var exactStrings: Set<ExactString> { Set(lazy.map(ExactString.init)) }
}
