import CSystem
import Glibc
import HTTP

/// One thread's event loop: it accepts connections from the shared listening sockets and serves them until it is asked to stop.
final class EventLoop {
    struct Configuration: Sendable {
        let listeners: [Int32]
        /// An eventfd; readable when the server has to stop.
        let stopSignal: Int32
        let limits: HTTPLimits
        let budget: MemoryBudget
        let clock: HTTPClock
        let mailbox: Mailbox
        /// Those of all loops, this one's among them.
        let mailboxes: [Mailbox]
        let rejected: @Sendable (HTTPRejection) -> HTTPResponse
        let handler: @Sendable (HTTPRequest) -> Reply

        /// Connections of one loop.
        var connectionLimit: Int { max(1, limits.connections / mailboxes.count) }
    }

    /// Milliseconds that requests under way get to finish after the server was asked to stop.
    private static let grace: Int64 = 800
    /// Milliseconds between two checks of what no event reports.
    private static let sweepInterval: Int64 = 1000

    private let configuration: Configuration
    private let context: ConnectionContext
    private let poller = Poller()
    private var connections: [Int32: HTTPConnection] = [:]
    private var timers = TimerQueue<HTTPConnection.ID>()
    /// Connections with requests that were left for a later turn, so that all others had theirs.
    private var queue: [HTTPConnection.ID] = []
    private var serial: UInt64 = 0
    private var listens = true
    private var nextSweep: Int64
    /// By the system's clock, because stopping is not part of what tests move.
    private var stopTime: Int64?

    init(_ configuration: Configuration) {
        self.configuration = configuration
        let mailbox = configuration.mailbox
        context = ConnectionContext(
            limits: configuration.limits, budget: configuration.budget, clock: configuration.clock,
            post: { mailbox.post($0) }, rejected: configuration.rejected, handler: configuration.handler)
        nextSweep = context.now + Self.sweepInterval
    }

    func run() {
        for listener in configuration.listeners { poller.add(listener, .listener) }
        poller.add(configuration.stopSignal, .read)
        poller.add(configuration.mailbox.signal, .read)
        while true {
            let count = poller.wait(milliseconds: timeout)
            context.refresh()
            for index in 0..<count { handle(poller.event(index)) }
            resume()
            fireTimers()
            sweep()
            if let stopTime, finish(by: stopTime) { break }
        }
        configuration.mailbox.shut()
        for connection in connections.values { connection.close() }
    }

    private var timeout: Int64 {
        if !queue.isEmpty { return 0 }
        if stopTime != nil { return 10 }
        var wait: Int64 = 60_000
        if let next = timers.next { wait = min(wait, next - context.now) }
        if !listens || configuration.budget.isExceeded { wait = min(wait, nextSweep - context.now) }
        return max(0, wait)
    }

    // MARK: Events

    private func handle(_ event: Poller.Event) {
        if let connection = connections[event.descriptor] {
            if event.isGone {
                // After a last response both sides are shut: what was sent meanwhile is still read.
                connection.isDraining ? connection.readable() : connection.clientEnded(isGone: true)
            } else {
                if event.isWritable { connection.writable() }
                if event.isReadable {
                    connection.readable()
                } else if event.isClientEnd {
                    connection.clientEnded(isGone: false)
                }
            }
            updateInterest(of: connection)
        } else if event.descriptor == configuration.mailbox.signal {
            configuration.mailbox.take().forEach(handle)
        } else if configuration.listeners.contains(event.descriptor) {
            accept(from: event.descriptor)
        } else if event.descriptor == configuration.stopSignal, stopTime == nil {
            stopTime = HTTPClock.system.milliseconds() + Self.grace
            poller.remove(configuration.stopSignal)
            if listens { configuration.listeners.forEach(poller.remove) }
            listens = true
        }
    }

    private func handle(_ message: Mailbox.Message) {
        switch message {
        case .accepted(let accepted): serve(accepted)
        case .completed(let id, let response): withConnection(id) { $0.complete(response) }
        case .streamReady(let id): withConnection(id) { $0.streamIsReady() }
        case .wake: break
        }
    }

    private func withConnection(_ id: HTTPConnection.ID, _ body: (HTTPConnection) -> Void) {
        guard let connection = connections[id.descriptor], connection.id == id else { return }
        body(connection)
        updateInterest(of: connection)
    }

    /// Registers what a connection waits for now.
    private func updateInterest(of connection: HTTPConnection) {
        guard !connection.isClosed else {
            connections[connection.id.descriptor] = nil
            return configuration.mailbox.end()
        }
        if connection.interest != connection.registered {
            connection.registered = connection.interest
            poller.change(connection.id.descriptor, connection.interest)
        }
        if connection.hasDeferredRequests, !connection.isQueued {
            connection.isQueued = true
            queue.append(connection.id)
        }
        guard let deadline = connection.deadline, deadline < connection.scheduled ?? .max else { return }
        connection.scheduled = deadline
        timers.insert(connection.id, at: deadline)
        if timers.count > 1024 + 2 * connections.count {
            timers.removeAll { [connections] entry in
                let connection = connections[entry.owner.descriptor]
                return connection?.id != entry.owner || connection?.scheduled != entry.time
            }
        }
    }

    /// Gives one turn to each connection that wants one.
    private func resume() {
        let waiting = queue
        queue = []
        for id in waiting {
            withConnection(id) { connection in
                connection.isQueued = false
                if connection.hasDeferredRequests { connection.resume() }
            }
        }
    }

    private func fireTimers() {
        while let entry = timers.takeDue(at: context.now) {
            guard let connection = connections[entry.owner.descriptor], connection.id == entry.owner,
                connection.scheduled == entry.time
            else { continue }
            connection.scheduled = nil
            connection.expire()
            updateInterest(of: connection)
        }
    }

    private func sweep() {
        guard context.now >= nextSweep else { return }
        nextSweep = context.now + Self.sweepInterval
        if !listens {
            listens = true
            for listener in configuration.listeners { poller.add(listener, .listener) }
        }
        guard configuration.budget.isExceeded else { return }
        for connection in Array(connections.values) {
            connection.shedIfOverShare()
            updateInterest(of: connection)
        }
    }

    /// Ends what may be ended.
    /// - Returns: whether nothing is left.
    private func finish(by deadline: Int64) -> Bool {
        let isOver = HTTPClock.system.milliseconds() >= deadline
        for connection in Array(connections.values) where isOver || connection.isIdle || connection.isDraining {
            connection.close()
            updateInterest(of: connection)
        }
        return connections.isEmpty
    }

    // MARK: New connections

    private func accept(from listener: Int32) {
        var error: Int32 = 0
        guard let (descriptor, peer) = Socket.accept(listener, error: &error) else {
            // Out of descriptors: the listener would wake us forever. It is polled again after the next sweep.
            if error == EMFILE || error == ENFILE, listens {
                listens = false
                configuration.listeners.forEach(poller.remove)
            }
            return
        }
        let (mailbox, mailboxes) = (configuration.mailbox, configuration.mailboxes)
        let least = mailboxes.min { $0.count < $1.count } ?? mailbox
        let accepted = Mailbox.Accepted(descriptor: descriptor, peer: peer)
        guard mailbox.count > least.count else {
            mailbox.begin()
            return serve(accepted)
        }
        least.give(accepted)
    }

    private func serve(_ accepted: Mailbox.Accepted) {
        if connections.count >= configuration.connectionLimit { endIdleConnection() }
        serial += 1
        let connection = HTTPConnection(
            id: HTTPConnection.ID(descriptor: accepted.descriptor, serial: serial), peer: accepted.peer,
            transport: PlainTransport(descriptor: accepted.descriptor), context: context)
        guard connections.count < configuration.connectionLimit else {
            connection.refuseOverLimit()
            return configuration.mailbox.end()
        }
        connections[accepted.descriptor] = connection
        connection.registered = connection.interest
        poller.add(accepted.descriptor, connection.interest)
        updateInterest(of: connection)
    }

    /// Of some connections that wait for a next request, ends the one that has waited longest.
    private func endIdleConnection() {
        let idle = connections.values.lazy.filter(\.isIdle).prefix(64).min { $0.idleSince < $1.idleSince }
        guard let idle else { return }
        idle.close()
        updateInterest(of: idle)
    }
}
