/// The ids of resources by something that several may share: a name, or what they belong to.
struct IDTable<Key: Hashable & Sendable>: Sendable {
    private var ids = ShardedDictionary<Key, [String]>()

    mutating func reserveCapacity(_ count: Int) { ids.reserveCapacity(count) }

    /// In no particular order.
    subscript(_ key: Key) -> [String] { ids[key] ?? [] }

    mutating func add(_ id: String, _ key: Key) { ids.update(key, default: []) { $0.append(id) } }

    mutating func remove(_ id: String, _ key: Key) {
        guard let known = ids[key] else { return }
        guard known.count > 1 else {
            if known.first == id { ids[key] = nil }
            return
        }
        ids.update(key, default: []) { ids in
            if let index = ids.lastIndex(of: id) { ids.remove(at: index) }
        }
    }
}
