import HTTP

/// One request that is being answered.
struct Exchange {
    enum Step {
        /// The request has just come.
        case begun
        /// The application answers later. Whether it waits no longer than the client may send something.
        case waiting(PendingExchange, since: Int64, endsWithInput: Bool)
        case delayed(HTTPResponse, until: Int64)
        case paced(PacedBody)
        case streaming(BodyStream, isChunked: Bool)
        case hanging(since: Int64)
    }

    /// A body that is sent by the clock.
    struct PacedBody {
        let bytes: [UInt8]
        let bytesPerSecond: Int64
        let start: Int64
        /// Whether the connection is kept afterwards.
        let keepsAlive: Bool
        var sent = 0

        /// Bytes that should be sent by then, in pieces that are due at most every 50 ms.
        func due(at now: Int64) -> Int {
            let elapsed = max(0, now - start)
            let (product, overflows) = elapsed.multipliedReportingOverflow(by: bytesPerSecond)
            return overflows ? bytes.count : Int(min(Int64(bytes.count), product / 1000))
        }

        /// When the next piece is due.
        var nextTime: Int64 {
            let piece = max(1, bytesPerSecond / 20)
            let target = min(Int64(bytes.count), Int64(sent) + piece)
            return start + (target * 1000 + bytesPerSecond - 1) / bytesPerSecond
        }
    }

    let method: String
    let keepsAlive: Bool
    let isHTTP10: Bool
    var step = Step.begun

    init(method: String, keepsAlive: Bool, isHTTP10: Bool) {
        self.method = method
        self.keepsAlive = keepsAlive
        self.isHTTP10 = isHTTP10
    }

    func at(_ step: Step) -> Exchange {
        var copy = self
        copy.step = step
        return copy
    }

    /// Whether it continues until the client leaves.
    var isEndless: Bool {
        switch step {
        case .streaming, .hanging: true
        default: false
        }
    }

    /// Whether nobody waits for the response any more when the client sends nothing more: for a long one, a client that has closed its side only is
    /// taken for one that is gone, as Go's server does.
    var endsWithInput: Bool { if case .waiting(_, _, let endsWithInput) = step { endsWithInput } else { isEndless } }

    func deadline(_ limits: HTTPLimits) -> Int64? {
        switch step {
        case .begun, .streaming: nil
        case .waiting(_, let since, _), .hanging(let since): since + limits.answerTime
        case .delayed(_, let until): until
        case .paced(let body): body.nextTime
        }
    }

    /// Lets those know who make the response.
    func clientIsGone() {
        switch step {
        case .waiting(let pending, _, _): pending.clientIsGone()
        case .streaming(let stream, _): stream.clientIsGone()
        case .delayed(let response, _): response.stream?.clientIsGone()
        default: break
        }
    }
}
