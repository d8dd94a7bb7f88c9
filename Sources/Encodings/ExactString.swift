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
