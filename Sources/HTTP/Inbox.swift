import CSystem
import Glibc
import Synchronization

/// Connections that one worker accepted for another: whoever is woken by a new connection gives it to the worker that has the fewest, so that the
/// processors share the load however the system wakes the workers.
final class Inbox: Sendable {
    struct Connection: Sendable {
        let descriptor: Int32
        let peer: String
    }

    /// An eventfd; readable when something was put in.
    let signal = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    private let waiting = Mutex<[Connection]>([])
    private let load = Atomic<Int>(0)

    /// Connections that the worker has or was given.
    var count: Int { load.load(ordering: .relaxed) }

    /// Counts a connection that the worker accepted for itself.
    func begin() { load.wrappingAdd(1, ordering: .relaxed) }
    func end() { load.wrappingSubtract(1, ordering: .relaxed) }

    func put(_ connection: Connection) {
        begin()
        waiting.withLock { $0.append(connection) }
        eventfd_write(signal, 1)
    }

    /// Everything that was put in since the last time.
    func take() -> [Connection] {
        var value: eventfd_t = 0
        eventfd_read(signal, &value)
        return waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
