import CSystem
import Glibc
import HTTP
import Synchronization

/// What other threads have for an event loop: connections that another loop accepted for it, and responses that came later.
final class Mailbox: Sendable {
    struct Accepted: Sendable {
        let descriptor: Int32
        let peer: String
    }

    enum Message: Sendable {
        /// A new connection, from whichever loop was woken by it, for the loop that has the fewest.
        case accepted(Accepted)
        case completed(HTTPConnection.ID, HTTPResponse)
        case streamReady(HTTPConnection.ID)
        /// The clock was moved.
        case wake
    }

    /// An eventfd; readable when something was put in.
    let signal = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    /// nil once the loop has ended.
    private let waiting = Mutex<[Message]?>([])
    private let load = Atomic<Int>(0)

    deinit { close(signal) }

    /// Connections that the loop has or was given.
    var count: Int { load.load(ordering: .relaxed) }

    /// Counts a connection that the loop accepted for itself.
    func begin() { load.wrappingAdd(1, ordering: .relaxed) }
    func end() { load.wrappingSubtract(1, ordering: .relaxed) }

    func give(_ accepted: Accepted) {
        begin()
        post(.accepted(accepted))
    }

    func post(_ message: Message) {
        let isOpen = waiting.withLock { waiting in
            waiting?.append(message)
            return waiting != nil
        }
        if isOpen {
            eventfd_write(signal, 1)
        } else if case .accepted(let accepted) = message {
            close(accepted.descriptor)
        }
    }

    /// Everything that was put in since the last time.
    func take() -> [Message] {
        var value: eventfd_t = 0
        eventfd_read(signal, &value)
        return waiting.withLock { waiting in
            defer { if waiting != nil { waiting = [] } }
            return waiting ?? []
        }
    }

    /// Takes nothing more in, and closes the connections that nobody has taken.
    func shut() {
        let rest = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? []
        }
        for case .accepted(let accepted) in rest { close(accepted.descriptor) }
    }
}
