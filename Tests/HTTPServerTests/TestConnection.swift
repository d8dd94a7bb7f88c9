import HTTP
@testable import HTTPServer
import Synchronization

/// A connection with a client without a socket and a clock that the test moves.
final class TestConnection {
    final class Shared: Sendable {
        let time = Atomic<Int64>(1_000_000)
        let messages = Mutex<[Mailbox.Message]>([])
        let rejections = Mutex<[HTTPRejection]>([])
        let requests = Mutex<[HTTPRequest]>([])
    }

    let transport = ScriptedTransport()
    let connection: HTTPConnection
    let context: ConnectionContext
    let shared: Shared

    init(
        bodyLimit: Int = 1 << 20, budget: MemoryBudget = MemoryBudget(limit: 1 << 30),
        _ handler: @escaping @Sendable (HTTPRequest) -> Reply = { request in
            .response(HTTPResponse(status: 200, body: Array("<\(request.path) \(request.body.count)>".utf8)))
        }
    ) {
        let shared = Shared()
        self.shared = shared
        context = ConnectionContext(
            limits: HTTPLimits(body: bodyLimit), budget: budget,
            clock: HTTPClock(
                milliseconds: { shared.time.load(ordering: .relaxed) }, unixSeconds: { 1_800_000_000 }),
            post: { message in shared.messages.withLock { $0.append(message) } },
            rejected: { rejection in
                shared.rejections.withLock { $0.append(rejection) }
                return rejection.response
            },
            handler: { request in
                shared.requests.withLock { $0.append(request) }
                return handler(request)
            })
        connection = HTTPConnection(
            id: HTTPConnection.ID(descriptor: 9, serial: 1), peer: "192.0.2.7", transport: transport, context: context)
    }

    var rejections: [HTTPRejection.Code] { shared.rejections.withLock { $0.map(\.code) } }
    var requests: [HTTPRequest] { shared.requests.withLock { $0 } }

    /// The client sends something, and the connection looks at it.
    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        transport.put(bytes)
        for _ in 0...bytes.count / HTTPLimits.readSize where connection.interest.contains(.read) {
            connection.readable()
            resume()
        }
    }

    /// The client takes more of its output.
    func take(_ count: Int = .max) {
        transport.appetite = count
        connection.writable()
        resume()
    }

    /// Moves the clock, a deadline at a time, as an event loop does.
    func advance(milliseconds: Int64) {
        let end = shared.time.load(ordering: .relaxed) + milliseconds
        while let deadline = connection.deadline, deadline <= end {
            set(max(deadline, shared.time.load(ordering: .relaxed)))
            connection.expire()
        }
        set(end)
    }

    /// Gives the connection all the turns that it wants.
    private func resume() {
        while connection.hasDeferredRequests { connection.resume() }
    }

    private func set(_ time: Int64) {
        shared.time.store(time, ordering: .relaxed)
        context.refresh()
    }

    /// Brings what other threads had for the connection.
    func deliverMessages() {
        let messages = shared.messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
        for message in messages {
            switch message {
            case .completed(_, let response): connection.complete(response)
            case .streamReady: connection.streamIsReady()
            case .accepted, .wake: break
            }
            resume()
        }
    }

    /// How often a text is in what the client got.
    func count(of text: String) -> Int {
        transport.text.split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
