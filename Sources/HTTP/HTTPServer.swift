import CSystem
import Glibc

/// An HTTP/1.1 server: a few threads, each with its own event loop, and one function that answers requests on them.
///
/// Bounds: 64 KiB of request head, 100 header fields, a body of `bodyLimit`, 1 MiB of unread answers a connection, 8,192 connections; 75 s of silence
/// between requests and 30 s inside one. Pipelining and keep-alive work.
public final class HTTPServer: Sendable {
    private static let connectionLimit = 8192

    private let listener: Int32
    private let stopSignal: Int32
    private let inboxes: [Inbox]
    private let threads: [Thread]
    /// The port that it listens on.
    public let port: Int
    /// Address and port that it listens on, such as `127.0.0.1:8080` or `[::]:8080`.
    public let address: String

    /// Listens and serves.
    ///
    /// - Parameters:
    ///   - port: 0 for a free one.
    ///   - workers: threads; at least 1.
    ///   - bodyLimit: bytes; the handler is told of a longer body, but does not get it.
    ///   - handler: called on several threads at a time. It may block for a few milliseconds.
    public init(
        host: String, port: Int, workers: Int, bodyLimit: Int,
        handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) throws(ListenError) {
        Self.raiseDescriptorLimit()
        listener = try Socket.listen(host: host, port: port)
        let bound = Socket.name(of: listener)
        self.port = bound.port
        address = (bound.host.contains(":") ? "[\(bound.host)]" : bound.host) + ":\(bound.port)"
        stopSignal = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        let inboxes = (0..<max(1, workers)).map { _ in Inbox() }
        self.inboxes = inboxes
        let (listener, stopSignal) = (listener, stopSignal)
        threads = inboxes.map { inbox in
            let worker = Worker(
                listener: listener, stopSignal: stopSignal, bodyLimit: bodyLimit,
                connectionLimit: Self.connectionLimit / inboxes.count, inbox: inbox, inboxes: inboxes, handler: handler)
            return Thread { worker.run() }
        }
    }

    /// Accepts nothing new, lets requests under way finish, and returns within a second.
    public func stop() {
        // Level-triggered: every worker sees it, because nobody reads it.
        eventfd_write(stopSignal, 1)
        threads.forEach { $0.join() }
        for inbox in inboxes {
            // Given to a worker that had already ended.
            inbox.take().forEach { close($0.descriptor) }
            close(inbox.signal)
        }
        close(listener)
        close(stopSignal)
    }

    /// A thousand connections need a thousand descriptors, and the usual soft limit is just that.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
