import Synchronization

/// The latest requests of an instance, bounded by count and by bytes; the oldest go first.
public final class Journal: Sendable {
    public static let defaultCapacity = 1000
    private static let byteLimit = 16 << 20
    /// Requests that may wait for others, and event streams, at a time.
    private static let observerLimit = 100

    private struct State {
        var entries: [JournalEntry] = []
        /// Where the entries begin that are still kept.
        var first = 0
        var count: Int { entries.count - first }
        var bytes = 0
        var observers: [Int: @Sendable (JournalEntry) -> Void] = [:]
        var nextObserver = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: entries that are kept; 0 keeps none.
    public init(capacity: Int = Journal.defaultCapacity) {
        self.capacity = max(0, capacity)
    }

    /// Adds an entry, drops the oldest ones beyond the bounds, and tells the observers.
    public func append(_ entry: JournalEntry) {
        let observers: [@Sendable (JournalEntry) -> Void] = state.withLock { state in
            if capacity > 0 {
                state.entries.append(entry)
                state.bytes += entry.size
                while state.count > capacity || (state.bytes > Self.byteLimit && state.count > 1) {
                    state.bytes -= state.entries[state.first].size
                    state.first += 1
                }
                // Not at each request, so that a full journal does not move all its entries each time.
                if state.first > max(256, state.count) {
                    state.entries.removeFirst(state.first)
                    state.first = 0
                }
            }
            return state.observers.isEmpty ? [] : Array(state.observers.values)
        }
        for observer in observers { observer(entry) }
    }

    /// The entries that match, newest first.
    public func entries(_ filter: JournalFilter = JournalFilter()) -> [JournalEntry] {
        all.reversed().filter(filter.matches)
    }

    /// The entry of a request; nil when it is not kept any more.
    public func entry(id: String) -> JournalEntry? { all.first { $0.id == id } }

    private var all: ArraySlice<JournalEntry> { state.withLock { $0.entries[$0.first...] } }

    /// Forgets all entries. Observers stay.
    public func clear() {
        state.withLock { state in
            state.entries = []
            state.first = 0
            state.bytes = 0
        }
    }

    /// Calls a function at each new entry, on the thread of its request, until `stopObserving`.
    /// - Returns: nil when there are too many observers.
    public func observe(_ body: @escaping @Sendable (JournalEntry) -> Void) -> Int? {
        state.withLock { state in
            guard state.observers.count < Self.observerLimit else { return nil }
            state.nextObserver += 1
            state.observers[state.nextObserver] = body
            return state.nextObserver
        }
    }

    /// Ends what `observe` began.
    public func stopObserving(_ observer: Int) { _ = state.withLock { $0.observers.removeValue(forKey: observer) } }
}
