import Synchronization

/// Bytes that several holders share, such as the journals of all instances of a server.
final class ByteBudget: Sendable {
    let limit: Int
    private let used = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = limit
    }

    var isExceeded: Bool { used.load(ordering: .relaxed) > limit }

    func take(_ bytes: Int) { used.wrappingAdd(bytes, ordering: .relaxed) }
    func give(_ bytes: Int) { used.wrappingSubtract(bytes, ordering: .relaxed) }

    /// Takes the bytes if they are left.
    /// - Returns: false when they are not; then nothing was taken.
    func takeIfLeft(_ bytes: Int) -> Bool {
        guard used.wrappingAdd(bytes, ordering: .relaxed).newValue > limit, bytes > 0 else { return true }
        give(bytes)
        return false
    }
}
