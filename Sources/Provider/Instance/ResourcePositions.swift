import Model

/// Where resources are in the lists of `Resources`, so that neither a request nor a change need search them.
///
/// A list only grows at its end, and a removal moves what comes after it to the left. So a place that was right once is right still or too far to the
/// right by at most the number of removals since: the way back from it is short, because after some removals all places are taken anew.
struct ResourcePositions: Sendable {
    private struct List: Sendable {
        var positions = ShardedDictionary<String, Int>()
        var removals = 0
    }

    private static let removalLimit = 64

    private var lists: [Resource.Kind: List] = [:]

    /// The place of a resource in its list; nil when there is none of that id, or before `prepare`.
    func position<Value>(
        of id: String, _ kind: Resource.Kind, in list: [Value], _ identify: (Value) -> String
    ) -> Int? {
        guard var position = lists[kind]?.positions[id] else { return nil }
        position = min(position, list.count - 1)
        while position >= 0, identify(list[position]) != id { position -= 1 }
        return position < 0 ? nil : position
    }

    /// Takes the places of a list, unless they are known.
    mutating func prepare<Value>(_ kind: Resource.Kind, _ list: [Value], _ identify: (Value) -> String) {
        guard lists[kind] == nil else { return }
        // Of two with the same id the first is the one that is changed.
        lists[kind] = List(
            positions: ShardedDictionary(list.enumerated().reversed().map { (identify($0.element), $0.offset) }))
    }

    /// Records that a resource was added at the end of its list, which has this many now.
    mutating func append(_ id: String, _ kind: Resource.Kind, count: Int) {
        lists[kind]?.positions[id] = count - 1
    }

    /// Records that a resource was removed from its list.
    mutating func remove<Value>(_ id: String, _ kind: Resource.Kind, from list: [Value], _ identify: (Value) -> String)
    {
        lists[kind]?.positions[id] = nil
        lists[kind]?.removals += 1
        guard let removals = lists[kind]?.removals, removals >= Self.removalLimit else { return }
        lists[kind] = nil
        prepare(kind, list, identify)
    }
}
