/// Sending, and what follows when everything is sent.
extension HTTPConnection {
    /// Sends what can be sent, and continues with what waited for that.
    func advance() {
        while !isClosed {
            flush()
            guard output.isEmpty else { break }
            switch state {
            case .answering(let exchange): pump(exchange)
            case .reading: process()
            default: break
            }
            if output.isEmpty { break }
        }
        guard !isClosed else { return }
        note()
        account()
        shedIfOverShare()
    }

    /// Sends as much as the transport takes.
    func flush() {
        while !output.isEmpty {
            switch output.withNext({ transport.write($0) }) {
            case .moved(let count):
                output.remove(count)
                outputProgress = context.now
                outputSent += Int64(count)
            case .wouldBlock: return
            case .end, .failed: return close()
            }
        }
        guard case .closing = state else { return }
        state = .draining(since: context.now)
        parser.discard()
        transport.finishWriting()
    }

    /// Throws away what still comes.
    func drain() {
        let buffer = UnsafeMutableBufferPointer(rebasing: context.scratch[..<HTTPLimits.bodyReadSize])
        for _ in 0..<8 {
            switch transport.read(into: buffer) {
            case .moved(let count):
                drained += count
                if drained > HTTPLimits.drainSize { return close() }
            case .wouldBlock: return
            case .end, .failed: return close()
            }
        }
    }

    /// Tells the budget of all connections how much this one holds.
    func account() {
        let now = isClosed ? 0 : parser.held + output.held
        context.budget.change(from: held, to: now)
        held = now
    }
}
