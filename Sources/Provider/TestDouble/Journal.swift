import Synchronization

/// The latest requests of an instance, bounded by count and by bytes; the oldest go first.
public final class Journal: Sendable {
    public static let defaultCapacity = 1000
    private static let byteLimit = 16 << 20
    /// What each instance may keep even when all of them together keep too much.
    private static let byteShare = 128 << 10
    /// Requests that may wait for others, and event streams, at a time.
    private static let observerLimit = 100

    private struct State {
        /// Those that were dropped are nil until the list is next moved.
        var entries: [JournalEntry?] = []
        /// Where the entries begin that are still kept.
        var first = 0
        var count: Int { entries.count - first }
        var bytes = 0
        var observers: [Int: @Sendable (JournalNotice) -> Void] = [:]
        var nextObserver = 0

        /// Drops the oldest entry.
        /// - Returns: its bytes.
        mutating func dropFirst() -> Int {
            let size = entries[first]?.size ?? 0
            entries[first] = nil
            first += 1
            bytes -= size
            return size
        }

        /// Not at each request, so that a full journal does not move all its entries each time.
        mutating func compact() {
            guard first > max(256, count) else { return }
            entries.removeFirst(first)
            first = 0
        }
    }

    private let capacity: Int
    private let budget: ByteBudget
    private let state = Mutex(State())

    /// - Parameters:
    ///   - capacity: entries that are kept; 0 keeps none.
    ///   - budget: bytes that this journal and others may take together.
    init(capacity: Int, budget: ByteBudget) {
        self.capacity = max(0, capacity)
        self.budget = budget
    }

    deinit { budget.give(state.withLock { $0.bytes }) }

    /// Bytes that the entries take, roughly.
    var byteCount: Int { state.withLock { $0.bytes } }

    /// Adds an entry, drops the oldest ones beyond the bounds, and notifies the observers.
    public func append(_ entry: JournalEntry) {
        let observers: [@Sendable (JournalNotice) -> Void] = state.withLock { state in
            if capacity > 0 { add(entry, &state) }
            return state.observers.isEmpty ? [] : Array(state.observers.values)
        }
        guard !observers.isEmpty else { return }
        let notice = JournalNotice(entry)
        for observer in observers { observer(notice) }
    }

    private func add(_ entry: JournalEntry, _ state: inout State) {
        state.entries.append(entry)
        state.bytes += entry.size
        budget.take(entry.size)
        while state.count > capacity || (state.count > 1 && isTooMuch(state.bytes)) { budget.give(state.dropFirst()) }
        state.compact()
    }

    private func isTooMuch(_ bytes: Int) -> Bool {
        bytes > Self.byteLimit || (bytes > Self.byteShare && budget.isExceeded)
    }

    /// The entries that match, newest first.
    public func entries(_ filter: JournalFilter = JournalFilter()) -> [JournalEntry] {
        all.reversed().filter(filter.matches)
    }

    /// The entry of a request; nil when it is no longer kept.
    public func entry(id: String) -> JournalEntry? { all.first { $0.id == id } }

    private var all: [JournalEntry] { state.withLock { $0.entries[$0.first...].compactMap { $0 } } }

    /// Forgets all entries. Observers stay.
    public func clear() {
        state.withLock { state in
            budget.give(state.bytes)
            state.entries = []
            state.first = 0
            state.bytes = 0
        }
    }

    /// Calls a function at each new entry, on the thread of its request, until `stopObserving`.
    /// - Returns: nil when there are too many observers.
    public func observe(_ body: @escaping @Sendable (JournalNotice) -> Void) -> Int? {
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
