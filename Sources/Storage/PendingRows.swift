import Synchronization

/// What callers without credentials had stored: authorization requests with their codes, and device authorizations. Their parameters may be a megabyte
/// each, so the oldest ones make way when all together exceed a limit.
///
/// Only what this process stored counts. Rows that were removed in the meantime still count until they are the oldest.
final class PendingRows<ID: Sendable>: Sendable {
    private struct State {
        var rows: [(id: ID, bytes: Int)] = []
        var first = 0
        var bytes = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: bytes of all rows together.
    init(limit: Int) {
        self.limit = limit
    }

    /// Counts a row that was stored.
    /// - Parameter bytes: of what a caller chose.
    /// - Returns: the rows that have to go, oldest first; never the new one.
    func add(_ id: ID, bytes: Int) -> [ID] {
        state.withLock { state in
            // What the database and this list need for a row besides.
            let bytes = bytes + 400
            state.rows.append((id, bytes))
            state.bytes += bytes
            let start = state.first
            while state.bytes > limit, state.first < state.rows.count - 1 {
                state.bytes -= state.rows[state.first].bytes
                state.first += 1
            }
            let evicted = state.rows[start..<state.first].map(\.id)
            if state.first > state.rows.count / 2 {
                state.rows.removeFirst(state.first)
                state.first = 0
            }
            return evicted
        }
    }
}
