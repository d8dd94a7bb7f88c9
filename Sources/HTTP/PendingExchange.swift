import Synchronization

/// What a responder and its connection share.
package final class PendingExchange: Sendable {
    private struct State: Sendable {
        var deliver: (@Sendable (HTTPResponse) -> Void)?
        var isClientGone = false
        var whenClientGone: (@Sendable () -> Void)?
    }

    private let state: Mutex<State>

    /// - Parameter deliver: called at most once, on the thread that completes.
    package init(deliver: @escaping @Sendable (HTTPResponse) -> Void) {
        state = Mutex(State(deliver: deliver))
    }

    @discardableResult
    func complete(_ response: HTTPResponse) -> Bool {
        let deliver = state.withLock { state in
            defer { (state.deliver, state.whenClientGone) = (nil, nil) }
            return state.deliver
        }
        deliver?(response)
        return deliver != nil
    }

    func whenClientGone(_ body: @escaping @Sendable () -> Void) {
        let isGone = state.withLock { state in
            if state.deliver != nil { state.whenClientGone = body }
            return state.isClientGone
        }
        if isGone { body() }
    }

    /// The connection has ended: nothing can be delivered.
    package func clientIsGone() {
        let body = state.withLock { state in
            defer { (state.deliver, state.whenClientGone) = (nil, nil) }
            state.isClientGone = state.isClientGone || state.deliver != nil
            return state.whenClientGone
        }
        body?()
    }
}
