/// Runs functions on a few threads of its own, in the order in which they came. What those that wait hold is bounded.
public final class BackgroundWork: Sendable {
    private struct Entry: Sendable {
        let id: Int
        let bytes: Int
        let body: @Sendable () -> Void
    }

    private struct State: Sendable {
        var waiting: [Entry] = []
        /// Bytes of those that wait.
        var bytes = 0
        /// The id of the entry that was added last.
        var lastID = 0
        var threads = 0
        var idleThreads = 0
    }

    private let threadLimit: Int
    private let byteLimit: Int
    private let state = Monitor(State())

    /// - Parameters:
    ///   - threads: how many functions run at a time; a thread is started when one is needed first. With 0, for tests, each runs on the thread that adds
    ///     it, at once.
    ///   - byteLimit: what the functions that wait hold in all.
    public init(threads: Int, byteLimit: Int) {
        threadLimit = threads
        self.byteLimit = byteLimit
    }

    /// Hands over a function.
    /// - Parameter bytes: what the function holds.
    /// - Returns: what `cancel` knows it by; nil when too much waits already, or the system has no thread to give.
    public func add(bytes: Int, _ body: @escaping @Sendable () -> Void) -> Int? {
        guard threadLimit > 0 else {
            body()
            return 0
        }
        return state.change { state in
            guard bytes <= byteLimit - state.bytes else { return nil }
            if state.idleThreads <= state.waiting.count, state.threads < threadLimit {
                if (try? Thread.detach { self.work() }) != nil {
                    state.threads += 1
                } else if state.threads == 0 {
                    return nil
                }
            }
            state.lastID += 1
            state.bytes += bytes
            state.waiting.append(Entry(id: state.lastID, bytes: bytes, body: body))
            return state.lastID
        }
    }

    /// Gives up a function that does not run yet, and all that it holds.
    public func cancel(_ id: Int) {
        state.change { state in
            guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return }
            state.bytes -= state.waiting.remove(at: index).bytes
        }
    }

    private func work() {
        while true {
            state.change { $0.idleThreads += 1 }
            let entry = state.wait { state -> Entry? in
                guard !state.waiting.isEmpty else { return nil }
                let entry = state.waiting.removeFirst()
                state.bytes -= entry.bytes
                state.idleThreads -= 1
                return entry
            }
            entry?.body()
        }
    }
}
