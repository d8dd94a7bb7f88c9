import Synchronization

/// Calls functions later, on one thread that is started when the first is asked for. For few and coarse timers: the work must be short.
public final class Timers: Sendable {
    private struct Entry: Sendable {
        let deadline: Int64
        let body: @Sendable () -> Void
    }

    private struct Table: Sendable {
        var entries: [Int: Entry] = [:]
        var nextID = 0

        mutating func add(_ entry: Entry) -> Int {
            nextID += 1
            entries[nextID] = entry
            return nextID
        }

        /// Takes out what is due, the earliest first; nil for nothing.
        mutating func takeDue(_ now: Int64) -> [Entry]? {
            let due = entries.filter { $0.value.deadline <= now }
            for id in due.keys { entries[id] = nil }
            return due.isEmpty
                ? nil : due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.value)
        }
    }

    private let table = Monitor(Table())
    private let hasThread = Mutex(false)

    public init() {}

    /// - Parameter milliseconds: from now, by the monotonic clock.
    /// - Returns: what `cancel` knows the call by.
    @discardableResult
    public func after(milliseconds: Int64, _ body: @escaping @Sendable () -> Void) -> Int {
        let deadline = MonotonicClock.microseconds() / 1000 + max(0, milliseconds)
        let id = table.change { $0.add(Entry(deadline: deadline, body: body)) }
        hasThread.withLock { hasThread in
            guard !hasThread else { return }
            let table = table
            hasThread = (try? Thread { Self.run(table) }) != nil
        }
        return id
    }

    /// Gives up a call that has not been made yet, and all that its function holds.
    public func cancel(_ id: Int) { table.change { $0.entries[id] = nil } }

    private static func run(_ table: Monitor<Table>) {
        // Not forever at first: the entry that the thread was made for is there already.
        var wait: Int64 = 0
        while true {
            let due = table.wait(milliseconds: wait) { $0.takeDue(MonotonicClock.microseconds() / 1000) }
            for entry in due ?? [] { entry.body() }
            let next = table.change { $0.entries.values.lazy.map(\.deadline).min() }
            // Looked at once more soon, because a nearer timer may be added while this one is waited for.
            wait = next.map { max(1, min(20, $0 - MonotonicClock.microseconds() / 1000)) } ?? 1000
        }
    }
}
