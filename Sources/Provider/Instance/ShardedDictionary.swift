/// A dictionary in pieces. A copy shares all pieces, and a change of the copy copies one: a snapshot that a request still holds makes a change of ten
/// thousand entries no slower.
struct ShardedDictionary<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private static var shardCount: Int { 64 }

    private var shards: [[Key: Value]] = Array(repeating: [:], count: shardCount)

    init() {}

    /// - Parameter entries: of two with the same key the last counts.
    init(_ entries: some Sequence<(Key, Value)>) {
        for (key, value) in entries { self[key] = value }
    }

    /// Makes room, so that filling it moves no entry.
    mutating func reserveCapacity(_ count: Int) {
        // A few entries do not need all pieces.
        guard count > 10 * Self.shardCount else { return }
        // By chance some pieces get a fifth more than others.
        for index in shards.indices { shards[index].reserveCapacity(count / Self.shardCount * 6 / 5) }
    }

    private static func shard(_ key: Key) -> Int {
        Int(truncatingIfNeeded: UInt(bitPattern: key.hashValue) % UInt(shardCount))
    }

    subscript(_ key: Key) -> Value? {
        get { shards[Self.shard(key)][key] }
        set { shards[Self.shard(key)][key] = newValue }
    }

    /// In no particular order.
    var values: [Value] { shards.flatMap(\.values) }

    /// Changes the value of a key in place; one that is not there yet is `initial` at first.
    mutating func update(_ key: Key, default initial: @autoclosure () -> Value, _ change: (inout Value) -> Void) {
        change(&shards[Self.shard(key)][key, default: initial()])
    }

    @discardableResult
    mutating func removeValue(forKey key: Key) -> Value? { shards[Self.shard(key)].removeValue(forKey: key) }
}
