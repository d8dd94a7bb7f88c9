import CSystem
import Glibc
public import HTTP
import System

/// An HTTP/1.1 server: a few threads, each with its own event loop, and one function that answers requests on them.
///
/// Its bounds are in `HTTPLimits` and `RequestParser`: a request head of 1 MiB with 500 header fields, and what a client may take of time and memory.
public final class HTTPServer: Sendable {
    private let listeners: [Int32]
    private let stopSignal: Int32
    private let mailboxes: [Mailbox]
    private let threads: [Thread]
    /// The port that it listens on.
    public let port: Int
    /// Addresses and ports that it listens on, such as `127.0.0.1:8080` and `[::1]:8080`.
    public let addresses: [String]

    /// Descriptors that are not for connections: of the database, the listeners, the event loops, and files that are read.
    private static let otherDescriptors = 48
    private static let fewestConnections = 16

    /// Listens and serves.
    ///
    /// - Parameters:
    ///   - host: a name or address, or `*`; the server listens on every address of a name, and with `*` on all of the machine.
    ///   - port: 0 for a free one.
    ///   - workers: threads; at least 1.
    ///   - rejected: called for a request that the server refuses itself; makes the response, and may write a log.
    ///   - handler: called on several threads at a time. It may block for a few milliseconds.
    public init(
        host: String, port: Int, workers: Int, limits: HTTPLimits, clock: HTTPClock = .system,
        rejected: @escaping @Sendable (HTTPRejection) -> HTTPResponse = { $0.response },
        handler: @escaping @Sendable (HTTPRequest) -> Reply
    ) throws(ListenError) {
        let descriptors: Int
        do { descriptors = try DescriptorLimit.raise() } catch { throw ListenError(description: error.description) }
        var limits = limits
        limits.connections = min(limits.connections, max(Self.fewestConnections, descriptors - Self.otherDescriptors))
        let listeners = try Socket.listen(host: host, port: port)
        let bound = listeners.map(Socket.name)
        let stopSignal = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        let mailboxes = (0..<max(1, workers)).map { _ in Mailbox() }
        let budget = MemoryBudget(limit: limits.memory)
        var threads: [Thread] = []
        do {
            for mailbox in mailboxes {
                let configuration = EventLoop.Configuration(
                    listeners: listeners, stopSignal: stopSignal, limits: limits, budget: budget, clock: clock,
                    mailbox: mailbox, mailboxes: mailboxes, rejected: rejected, handler: handler)
                threads.append(try Thread { EventLoop(configuration).run() })
            }
        } catch {
            Self.end(threads, signal: stopSignal, listeners: listeners)
            throw ListenError(description: "cannot serve: \(error)")
        }
        self.listeners = listeners
        self.port = bound.first?.port ?? port
        addresses = bound.map { ($0.host.contains(":") ? "[\($0.host)]" : $0.host) + ":\($0.port)" }
        self.stopSignal = stopSignal
        self.mailboxes = mailboxes
        self.threads = threads
    }

    /// Accepts nothing new, lets requests under way finish, and returns within a second.
    public func stop() {
        Self.end(threads, signal: stopSignal, listeners: listeners)
    }

    private static func end(_ threads: [Thread], signal stopSignal: Int32, listeners: [Int32]) {
        // Level-triggered: every loop sees it, because it is never read.
        eventfd_write(stopSignal, 1)
        threads.forEach { $0.join() }
        listeners.forEach { close($0) }
        close(stopSignal)
    }

    /// Looks at all deadlines at once: for tests that move the clock.
    package func wake() {
        for mailbox in mailboxes { mailbox.post(.wake) }
    }
}
