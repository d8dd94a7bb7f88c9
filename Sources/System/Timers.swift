import Synchronization

/// Calls functions later, on one thread that is started when the first is asked for. For few and coarse timers: the work must be short.
public final class Timers: Sendable {
    private struct Entry: Sendable {
        let deadline: Int64
        let body: @Sendable () -> Void
    }

    private let entries = Monitor<[Entry]>([])
    private let hasThread = Mutex(false)

    public init() {}

    /// - Parameter milliseconds: from now, by the monotonic clock.
    public func after(milliseconds: Int64, _ body: @escaping @Sendable () -> Void) {
        let deadline = MonotonicClock.microseconds() / 1000 + max(0, milliseconds)
        entries.change { $0.append(Entry(deadline: deadline, body: body)) }
        hasThread.withLock { hasThread in
            guard !hasThread else { return }
            let entries = entries
            hasThread = (try? Thread { Self.run(entries) }) != nil
        }
    }

    private static func run(_ entries: Monitor<[Entry]>) {
        // Not forever at first: the entry that the thread was made for is there already.
        var wait: Int64 = 0
        while true {
            let due = entries.wait(milliseconds: wait) { entries -> [Entry]? in
                let now = MonotonicClock.microseconds() / 1000
                let due = entries.filter { $0.deadline <= now }
                entries.removeAll { $0.deadline <= now }
                return due.isEmpty ? nil : due
            }
            for entry in due ?? [] { entry.body() }
            let next = entries.change { $0.map(\.deadline).min() }
            // Looked at once more soon, because a nearer timer may be added while this one is waited for.
            wait = next.map { max(1, min(20, $0 - MonotonicClock.microseconds() / 1000)) } ?? 1000
        }
    }
}
