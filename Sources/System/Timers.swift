import Synchronization

/// Calls functions later, on one thread that is started when the first is asked for. For few timers: the work must be short.
public final class Timers: Sendable {
    private struct Entry: Sendable {
        let deadline: Int64
        let body: @Sendable () -> Void
    }

    private struct Table: Sendable {
        var entries: [Int: Entry] = [:]
        /// The id of the entry that was added last.
        var lastID = 0

        mutating func add(_ entry: Entry) -> Int {
            lastID += 1
            entries[lastID] = entry
            return lastID
        }

        /// Takes out what is due, the earliest first.
        mutating func takeDue(_ now: Int64) -> [Entry] {
            let due = entries.filter { $0.value.deadline <= now }
            for id in due.keys { entries[id] = nil }
            return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.value)
        }
    }

    private let table = Monitor(Table())
    private let clock: (@Sendable () -> Int64)?
    private let hasThread = Mutex(false)

    /// - Parameter clock: milliseconds of a clock that a test moves; nothing is called then but by `fire`. nil for the monotonic clock.
    public init(clock: (@Sendable () -> Int64)? = nil) {
        self.clock = clock
    }

    private var now: Int64 { clock?() ?? Self.monotonic }
    private static var monotonic: Int64 { MonotonicClock.microseconds() / 1000 }

    /// - Parameter milliseconds: from now.
    /// - Returns: what `cancel` knows the call by.
    @discardableResult
    public func after(milliseconds: Int64, _ body: @escaping @Sendable () -> Void) -> Int {
        let (deadline, overflow) = now.addingReportingOverflow(max(0, milliseconds))
        let id = table.change { $0.add(Entry(deadline: overflow ? .max : deadline, body: body)) }
        if clock == nil { startThread() }
        return id
    }

    /// Gives up a call that has not been made yet, and all that its function holds.
    public func cancel(_ id: Int) { table.change { $0.entries[id] = nil } }

    /// Makes the calls that are due by the clock of a test.
    public func fire() { Self.fire(table, at: now) }

    private static func fire(_ table: Monitor<Table>, at now: Int64) {
        for entry in table.change({ $0.takeDue(now) }) { entry.body() }
    }

    private func startThread() {
        hasThread.withLock { hasThread in
            guard !hasThread else { return }
            let table = table
            hasThread = (try? Thread { Self.run(table) }) != nil
        }
    }

    private static func run(_ table: Monitor<Table>) {
        while true {
            let (next, lastID) = table.change { ($0.entries.values.lazy.map(\.deadline).min(), $0.lastID) }
            // Until the next is due, or another is added, which may be due before it.
            _ = table.wait(milliseconds: next.map { max(0, $0 - monotonic) }) { $0.lastID != lastID ? true : nil }
            fire(table, at: monotonic)
        }
    }
}
