import Synchronization

/// A body that is made while it is sent, such as server-sent events. Any thread may put bytes in; what the client has not taken yet is bounded.
public final class BodyStream: Sendable {
    private struct State: Sendable {
        var waiting: [UInt8] = []
        var isFinished = false
        var isGone = false
        var wake: (@Sendable () -> Void)?
        var whenGone: (@Sendable () -> Void)?
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: bytes that wait for the client.
    public init(limit: Int = 256 << 10) {
        self.limit = limit
    }

    /// Sends bytes, all or none.
    /// - Returns: false when the client is gone, the stream is finished, or too much waits already.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        let wake: (@Sendable () -> Void)?? = state.withLock { state in
            guard !state.isGone, !state.isFinished, bytes.count <= limit - state.waiting.count else { return .none }
            state.waiting += bytes
            return .some(state.wake)
        }
        guard let wake else { return false }
        wake?()
        return true
    }

    /// Ends the body after what was sent.
    public func finish() {
        let wake = state.withLock { state in
            state.isFinished = true
            return state.wake
        }
        wake?()
    }

    /// Calls the function when the client disconnects before the end, or at once when it has. A second call replaces the first.
    public func whenClientGone(_ body: @escaping @Sendable () -> Void) {
        let isGone = state.withLock { state in
            if !state.isGone { state.whenGone = body }
            return state.isGone
        }
        if isGone { body() }
    }

    /// Sets what is called, on any thread, when there is something to take.
    package func attach(_ wake: @escaping @Sendable () -> Void) {
        state.withLock { $0.wake = wake }
        wake()
    }

    /// What waits, at most as many bytes, and whether that was the end.
    package func take(atMost count: Int) -> (bytes: [UInt8], isEnd: Bool) {
        state.withLock { state in
            let bytes = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(bytes.count)
            if state.waiting.isEmpty { state.waiting = [] }
            return (bytes, state.isFinished && state.waiting.isEmpty)
        }
    }

    /// The connection has ended.
    package func clientIsGone() {
        let body = state.withLock { state in
            defer { (state.isGone, state.waiting, state.whenGone, state.wake) = (true, [], nil, nil) }
            return state.isFinished && state.waiting.isEmpty ? nil : state.whenGone
        }
        body?()
    }
}
