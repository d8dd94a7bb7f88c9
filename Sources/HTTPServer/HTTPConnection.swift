import HTTP

/// One client's HTTP/1 connection above its transport: takes requests, sends responses, keeps to the limits. It asks for no time and no socket.
///
/// One response is outstanding at a time; while it is, nothing more is read. After each call its owner looks at `interest`, `deadline` and `isClosed`.
final class HTTPConnection {
    struct ID: Hashable, Sendable {
        let descriptor: Int32
        let serial: UInt64
    }

    /// What the owner waits for.
    struct Interest: OptionSet {
        let rawValue: Int
        static let read = Interest(rawValue: 1)
        static let write = Interest(rawValue: 2)
        /// That the client sends nothing more.
        static let clientEnd = Interest(rawValue: 4)
    }

    enum State {
        case reading
        case answering(Exchange)
        /// The rest of the output is sent, and nothing more is read.
        case closing
        /// All is sent. What still comes is thrown away, because closing at once would make the system take the response away from the client.
        case draining(since: Int64)
        case closed
    }

    let id: ID
    let transport: any Transport
    let context: ConnectionContext
    let peer: String
    var parser: RequestParser
    var state = State.reading
    var output = OutputQueue()
    var drained = 0
    private var hasClientFinished = false
    var held = 0
    var turn: Turn
    /// Whether requests are left for a later turn, which the owner gives without waiting for input.
    var hasDeferredRequests = false
    /// Whether the owner has noted that.
    var isQueued = false
    // What the deadlines count from.
    var requests = 0
    var phase: (requests: Int, isIdle: Bool, isHead: Bool) = (0, true, false)
    var phaseSince: Int64
    var outputSince: Int64?
    var outputProgress: Int64 = 0
    var outputSent: Int64 = 0
    /// The earliest time at which the owner will look at the deadline.
    var scheduled: Int64?
    /// The interest that the owner has registered.
    var registered: Interest = []

    init(id: ID, peer: String, transport: any Transport, context: ConnectionContext) {
        self.id = id
        self.peer = peer
        self.transport = transport
        self.context = context
        parser = RequestParser(bodyLimit: context.limits.body)
        phaseSince = context.now
        turn = Turn(at: context.now)
    }

    var isClosed: Bool { if case .closed = state { true } else { false } }
    var isDraining: Bool { if case .draining = state { true } else { false } }

    /// Whether the client may be left without breaking a promise: between two requests, or while something endless is sent.
    var isIdle: Bool {
        switch state {
        case .reading: output.isEmpty && parser.progress == .idle
        case .answering(let exchange): exchange.isEndless
        default: false
        }
    }

    var idleSince: Int64 { phaseSince }

    var interest: Interest {
        switch state {
        case .draining: return .read
        case .closed: return []
        default: break
        }
        guard output.isEmpty else { return .write }
        switch state {
        // What was sent already comes first.
        case .reading: return hasDeferredRequests ? [] : .read
        case .answering: return hasClientFinished ? [] : .clientEnd
        default: return []
        }
    }

    /// Reads what is there, answers what is complete, and sends.
    func readable() {
        if isDraining { return drain() }
        let isLate = hasDeferredRequests
        beginTurn()
        if isLate, output.isEmpty { process() }
        // A few times at most: others wait, too.
        for _ in 0..<8 {
            guard case .reading = state, output.isEmpty, !hasDeferredRequests else { break }
            let isBody = if case .body = parser.progress { true } else { false }
            let size = isBody ? HTTPLimits.bodyReadSize : HTTPLimits.readSize
            let buffer = UnsafeMutableBufferPointer(rebasing: context.scratch[..<size])
            let result = transport.read(into: buffer)
            guard case .moved(let count) = result else {
                // The end of input: no response is outstanding, because every request has been answered by now.
                if result == .end, parser.progress != .idle {
                    reject(incomplete)
                } else if result != .wouldBlock {
                    close()
                }
                break
            }
            parser.append(UnsafeBufferPointer(rebasing: buffer[..<count]))
            process()
            if count < size { break }
            account()
        }
        advance()
    }

    func writable() {
        beginTurn()
        advance()
    }

    /// Continues with requests that were left for a later turn.
    func resume() {
        beginTurn()
        advance()
    }

    private func beginTurn() {
        turn = Turn(at: context.present)
        hasDeferredRequests = false
    }

    /// The client will send nothing more, or is gone.
    func clientEnded(isGone: Bool) {
        guard case .answering(let exchange) = state else {
            return isGone ? close() : readable()
        }
        hasClientFinished = true
        if isGone || exchange.endsWithInput { close() }
    }

    /// The application has answered the request that waits.
    func complete(_ response: HTTPResponse) {
        guard case .answering(let exchange) = state, case .waiting = exchange.step else { return }
        beginTurn()
        send(response, exchange)
        advance()
    }

    /// There is something to take from the stream.
    func streamIsReady() {
        beginTurn()
        advance()
    }

    /// Acts on a deadline that has passed.
    func expire() {
        guard let deadline, deadline <= context.now, !hasDeferredRequests else { return }
        beginTurn()
        switch state {
        case .reading where output.isEmpty && parser.progress != .idle:
            reject(timeout)
        case .answering(let exchange) where output.isEmpty:
            continueExchange(exchange)
        default: close()
        }
        advance()
    }

    /// Makes way for others: all connections together keep too much.
    func shedIfOverShare() {
        guard context.budget.isOverShare(held) else { return }
        if case .reading = state, output.isEmpty {
            reject(partial(HTTPRejection(.overloaded, "too many bytes of unfinished requests; try again later")))
            advance()
        } else if !isDraining {
            transport.reset()
            close()
        }
    }

    func close() {
        guard !isClosed else { return }
        if case .answering(let exchange) = state { exchange.clientIsGone() }
        state = .closed
        parser.discard()
        output.removeAll()
        account()
        transport.close()
    }
}
