import Synchronization

/// The right to answer one request, once, from any thread. A request whose responder is given up unanswered gets a 500.
public final class Responder: Sendable {
    private let exchange: PendingExchange

    package init(_ exchange: PendingExchange) {
        self.exchange = exchange
    }

    deinit {
        exchange.complete(
            HTTPResponse(
                status: 500, headers: [("Content-Type", "text/plain; charset=utf-8")],
                body: Array("the application gave no answer\n".utf8)))
    }

    /// Answers the request.
    /// - Returns: false when it was answered before, or the client is gone.
    @discardableResult
    public func complete(_ response: HTTPResponse) -> Bool { exchange.complete(response) }

    /// A responder for the same request that changes the response first.
    public func changing(_ change: @escaping @Sendable (HTTPResponse) -> HTTPResponse) -> Responder {
        let inner = PendingExchange { self.complete(change($0)) }
        whenClientGone { inner.clientIsGone() }
        return Responder(inner)
    }

    /// Calls the function when the client disconnects unanswered, or at once when it has. A second call replaces the first.
    public func whenClientGone(_ body: @escaping @Sendable () -> Void) { exchange.whenClientGone(body) }
}
