import Encodings

/// Resources of one kind by id, with the order of their creation. A copy shares nearly everything with the original, whatever is changed in it.
struct ResourceTable<Value: Sendable>: Sendable {
    private final class Entry: Sendable {
        /// Larger than those of all that were added before.
        let number: Int
        let value: Value

        init(_ number: Int, _ value: Value) {
            self.number = number
            self.value = value
        }
    }

    private let id: @Sendable (Value) -> String
    private var entries = ShardedDictionary<ExactString, Entry>()
    private var nextNumber = 0

    /// - Parameters:
    ///   - values: in the order of creation; of two with the same id the last counts.
    ///   - id: the id of a resource.
    init(_ values: [Value], id: @escaping @Sendable (Value) -> String) {
        self.id = id
        entries.reserveCapacity(values.count)
        for (number, value) in values.enumerated() { entries[ExactString(id(value))] = Entry(number, value) }
        nextNumber = values.count
    }

    subscript(_ id: String) -> Value? { entries[ExactString(id)]?.value }

    /// All of them, in the order of creation.
    var values: [Value] { Self.ordered(entries.values) }

    /// All of them, in no particular order.
    var unordered: some Sequence<Value> { entries.values.lazy.map(\.value) }

    /// Those with some ids, in the order of creation.
    subscript(_ ids: [String]) -> [Value] { Self.ordered(ids.compactMap { entries[ExactString($0)] }) }

    private static func ordered(_ entries: [Entry]) -> [Value] {
        entries.count < 2 ? entries.map(\.value) : entries.sorted { $0.number < $1.number }.map(\.value)
    }

    /// Adds a resource at the end, or replaces the one with its id at its place.
    /// - Returns: the one that was there before.
    @discardableResult
    mutating func put(_ value: Value) -> Value? {
        let key = ExactString(id(value))
        let old = entries[key]
        entries[key] = Entry(old?.number ?? nextNumber, value)
        if old == nil { nextNumber += 1 }
        return old?.value
    }

    /// - Returns: what was removed.
    mutating func remove(_ id: String) -> Value? { entries.removeValue(forKey: ExactString(id))?.value }
}
