import CSystem
import Encodings
import Glibc

/// One thread's event loop: it accepts connections from the shared listening socket and serves them until it is told to stop.
struct Worker {
    let listener: Int32
    /// An eventfd; readable when the server shall stop.
    let stopSignal: Int32
    let bodyLimit: Int
    /// Connections of one worker.
    let connectionLimit: Int
    let inbox: Inbox
    /// Those of all workers, this one's among them.
    let inboxes: [Inbox]
    let handler: @Sendable (HTTPRequest) -> HTTPResponse

    /// Milliseconds that requests under way get to finish after the server was told to stop.
    private static let grace: Int64 = 800

    func run() {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        defer { close(epoll) }
        let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
        defer { scratch.deallocate() }
        var loop = Loop(epoll: epoll)
        // EPOLLEXCLUSIVE: a new connection wakes one worker, not all.
        loop.watch(listener, EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue)
        loop.watch(stopSignal, EPOLLIN.rawValue)
        loop.watch(inbox.signal, EPOLLIN.rawValue)
        var connections: [Int32: ClientConnection] = [:]
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        var nextSweep = Self.milliseconds() + 1000
        var deadline: Int64?
        while true {
            let wait = deadline.map { Int32(max(0, min(50, $0 - Self.milliseconds()))) } ?? 1000
            let count = epoll_wait(epoll, &events, Int32(events.count), wait)
            let now = Self.milliseconds()
            let date = loop.date()
            for event in events.prefix(max(0, Int(count))) {
                let descriptor = event.data.fd
                if descriptor == stopSignal {
                    guard deadline == nil else { continue }
                    deadline = now + Self.grace
                    loop.forget(listener)
                    loop.forget(stopSignal)
                } else if descriptor == listener {
                    accept(into: &connections, &loop, now)
                } else if descriptor == inbox.signal {
                    for connection in inbox.take() { serve(connection, &connections, &loop, now) }
                } else if let connection = connections[descriptor] {
                    let isWritable = event.events & EPOLLOUT.rawValue != 0
                    var progress = isWritable ? connection.flush() : .open
                    if progress == .open, event.events & ~EPOLLOUT.rawValue != 0 || isWritable {
                        progress = connection.serve(scratch: scratch, now: now, date: date, handler)
                    }
                    if progress == .closed { end(connection, &connections) } else { loop.update(connection) }
                }
            }
            if now >= nextSweep {
                nextSweep = now + 1000
                for connection in connections.values where connection.isOverdue(at: now) {
                    end(connection, &connections)
                }
                if deadline == nil { loop.resume(listener) }
            }
            if let deadline {
                for connection in connections.values where connection.isIdle || connection.isDraining || now >= deadline
                { end(connection, &connections) }
                if connections.isEmpty { return }
            }
        }
    }

    private func accept(into connections: inout [Int32: ClientConnection], _ loop: inout Loop, _ now: Int64) {
        var error: Int32 = 0
        guard let (descriptor, peer) = Socket.accept(listener, error: &error) else {
            // Out of descriptors: the listener would wake us for ever. It is looked at again with the next sweep.
            if error == EMFILE || error == ENFILE { loop.pause(listener) }
            return
        }
        let least = inboxes.min { $0.count < $1.count } ?? inbox
        guard least.count < connectionLimit else {
            close(descriptor)
            return
        }
        let accepted = Inbox.Connection(descriptor: descriptor, peer: peer)
        guard inbox.count > least.count else {
            inbox.begin()
            return serve(accepted, &connections, &loop, now)
        }
        least.put(accepted)
    }

    private func serve(
        _ accepted: Inbox.Connection, _ connections: inout [Int32: ClientConnection], _ loop: inout Loop, _ now: Int64
    ) {
        connections[accepted.descriptor] = ClientConnection(
            descriptor: accepted.descriptor, peer: accepted.peer, bodyLimit: bodyLimit, now: now)
        loop.watch(accepted.descriptor, EPOLLIN.rawValue | EPOLLRDHUP.rawValue)
    }

    private func end(_ connection: ClientConnection, _ connections: inout [Int32: ClientConnection]) {
        connections[connection.descriptor] = nil
        close(connection.descriptor)
        inbox.end()
    }

    private static func milliseconds() -> Int64 { MonotonicClock.microseconds() / 1000 }
}

/// The interest of one worker in descriptors, and the date of its answers.
private struct Loop {
    let epoll: Int32
    private var pausedListener = false
    private var waitingToWrite: Set<Int32> = []
    private var second: Int = 0
    private var text = ""

    init(epoll: Int32) {
        self.epoll = epoll
    }

    private func control(_ operation: Int32, _ descriptor: Int32, _ events: UInt32) {
        var event = epoll_event()
        event.events = events
        event.data.fd = descriptor
        epoll_ctl(epoll, operation, descriptor, &event)
    }

    mutating func watch(_ descriptor: Int32, _ events: UInt32) {
        waitingToWrite.remove(descriptor)
        control(EPOLL_CTL_ADD, descriptor, events)
    }

    func forget(_ descriptor: Int32) { control(EPOLL_CTL_DEL, descriptor, 0) }

    mutating func pause(_ listener: Int32) {
        pausedListener = true
        forget(listener)
    }

    mutating func resume(_ listener: Int32) {
        guard pausedListener else { return }
        pausedListener = false
        control(EPOLL_CTL_ADD, listener, EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue)
    }

    /// Waits for room to write while there is output, for input otherwise.
    mutating func update(_ connection: ClientConnection) {
        if connection.hasOutput {
            guard waitingToWrite.insert(connection.descriptor).inserted else { return }
            control(EPOLL_CTL_MOD, connection.descriptor, EPOLLOUT.rawValue)
        } else if waitingToWrite.remove(connection.descriptor) != nil {
            control(EPOLL_CTL_MOD, connection.descriptor, EPOLLIN.rawValue | EPOLLRDHUP.rawValue)
        }
    }

    /// The time as HTTP writes it, made once a second.
    mutating func date() -> String {
        let now = Glibc.time(nil)
        if now != second {
            second = now
            text = UTCDateTime(unix: Int64(now)).http
        }
        return text
    }
}
