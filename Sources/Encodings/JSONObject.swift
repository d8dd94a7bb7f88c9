/// A JSON object in the order it was written.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// A name and its value.
    public struct Member: Sendable, Equatable {
        public var name: String
        public var value: JSON
    }

    public var members: [Member]

    public init() {
        members = []
    }

    /// An empty object with capacity for some members.
    public init(capacity: Int) {
        members = []
        members.reserveCapacity(capacity)
    }

    public init(dictionaryLiteral elements: (String, JSON)...) {
        members = elements.map { Member(name: $0.0, value: $0.1) }
    }

    /// The value of a member. Of a member that is there twice, the last one counts, as in Go's decoder.
    public subscript(name: String) -> JSON? {
        members.last { $0.name.hasSameBytes(as: name) }?.value
    }

    /// Adds a member at the end, whether there is one of the name or not.
    public mutating func append(_ name: String, _ value: JSON) {
        members.append(Member(name: name, value: value))
    }

    /// Appends the member unless the text is empty: Go's `omitempty`.
    public mutating func append(_ name: String, ifNotEmpty text: String?) {
        if let text, !text.isEmpty { append(name, .string(text)) }
    }

    /// The same members in bytewise order of their names, as Go writes a map.
    public func sorted() -> JSONObject {
        var copy = self
        copy.members.sort { Self.precedes($0.name, $1.name) }
        return copy
    }

    /// Bytewise order, on the bytes themselves where they lie together: answers are sorted on the way of every request.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.withContiguousStorageIfAvailable { left in
            right.utf8.withContiguousStorageIfAvailable { right in
                for index in 0..<min(left.count, right.count) where left[index] != right[index] {
                    return left[index] < right[index]
                }
                return left.count < right.count
            }
        }.flatMap { $0 } ?? left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
