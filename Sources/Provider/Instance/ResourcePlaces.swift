import Model

/// Where resources are in the lists of `Resources`, so that a change need not search them.
///
/// A list only grows at its end, and a removal moves what comes after it to the left. So a place that was right once is right still or too far to the
/// right by the number of removals since: the way back from it is short.
struct ResourcePlaces: Sendable {
    private var places: [Resource.Kind: [String: Int]] = [:]

    /// The place of a resource in its list; nil when there is none of that id.
    mutating func place<Value>(
        of id: String, _ kind: Resource.Kind, in list: [Value], _ identify: (Value) -> String
    ) -> Int? {
        if places[kind] == nil {
            let pairs = list.enumerated().map { (identify($0.element), $0.offset) }
            places[kind] = Dictionary(pairs) { first, _ in first }
        }
        guard var place = places[kind]?[id] else { return nil }
        place = min(place, list.count - 1)
        while place >= 0, identify(list[place]) != id { place -= 1 }
        guard place >= 0 else { return nil }
        places[kind]?[id] = place
        return place
    }

    /// Records that a resource was added at the end of its list, which has this many now.
    mutating func append(_ id: String, _ kind: Resource.Kind, count: Int) {
        // Without any places they are all found when one is needed.
        places[kind]?[id] = count - 1
    }

    mutating func remove(_ id: String, _ kind: Resource.Kind) {
        places[kind]?[id] = nil
    }
}
