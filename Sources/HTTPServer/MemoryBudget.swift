import Synchronization

/// What all connections of a server together may keep in memory of input that is not yet a request, and of output that is not yet read.
///
/// While the sum is over the limit, a connection that keeps more than an equal share has to go. So the largest connections go first, and small requests
/// are answered even then.
final class MemoryBudget: Sendable {
    /// Bytes that any connection may keep at any time.
    static let freeShare = 4096

    let limit: Int
    private let total = Atomic<Int>(0)
    private let holders = Atomic<Int>(0)

    /// - Parameter limit: bytes.
    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes that are kept now.
    var used: Int { total.load(ordering: .relaxed) }
    var isExceeded: Bool { used > limit }

    /// Counts a connection that kept `old` bytes and now keeps `new`.
    func change(from old: Int, to new: Int) {
        guard old != new else { return }
        total.wrappingAdd(new - old, ordering: .relaxed)
        let count = (new > Self.freeShare ? 1 : 0) - (old > Self.freeShare ? 1 : 0)
        if count != 0 { holders.wrappingAdd(count, ordering: .relaxed) }
    }

    /// Whether a connection that keeps so much has to go.
    func isOverShare(_ held: Int) -> Bool {
        guard held > Self.freeShare, isExceeded else { return false }
        return held > max(Self.freeShare, limit / max(1, holders.load(ordering: .relaxed)))
    }
}
