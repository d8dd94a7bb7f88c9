import HTTP

/// When a connection has taken too long.
extension HTTPConnection {
    /// Remembers since when things are as they are.
    func note() {
        let progress = parser.progress
        let now = (requests: requests, isIdle: progress == .idle, isHead: progress == .head)
        if now != phase { (phase, phaseSince) = (now, context.now) }
        if output.isEmpty {
            outputSince = nil
        } else if outputSince == nil {
            (outputSince, outputProgress, outputSent) = (context.now, context.now, 0)
        }
    }

    /// When to call `expire()`, in milliseconds; nil for never.
    var deadline: Int64? {
        let limits = context.limits
        switch state {
        case .closed: return nil
        case .draining(let since): return since + limits.drainTime
        default: break
        }
        if let outputSince {
            return limits.stallTime
                + min(outputProgress, outputSince + outputSent * 1000 / limits.minimumBytesPerSecond)
        }
        switch state {
        case .answering(let exchange): return exchange.deadline(limits)
        case .reading:
            switch parser.progress {
            case .idle: return phaseSince + limits.idleTime
            case .head: return phaseSince + limits.headTime
            case .body(let received):
                return phaseSince + limits.bodyTime + Int64(received) * 1000 / limits.minimumBytesPerSecond
            }
        default: return phaseSince + limits.stallTime
        }
    }
}
