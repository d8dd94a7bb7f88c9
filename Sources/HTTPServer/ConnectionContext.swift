import Encodings
import HTTP

/// What the connections of one event loop share. It belongs to the loop's thread.
final class ConnectionContext {
    let limits: HTTPLimits
    let budget: MemoryBudget
    let handler: @Sendable (HTTPRequest) -> Reply
    let rejected: @Sendable (HTTPRejection) -> HTTPResponse
    /// Brings a message to the loop, from any thread.
    let post: @Sendable (Mailbox.Message) -> Void
    /// For reading.
    let scratch: UnsafeMutableBufferPointer<UInt8>
    private let clock: HTTPClock
    /// Milliseconds; the same for everything that one turn of the loop does.
    private(set) var now: Int64
    private var second: Int64 = .min
    private var text = ""

    init(
        limits: HTTPLimits, budget: MemoryBudget, clock: HTTPClock, post: @escaping @Sendable (Mailbox.Message) -> Void,
        rejected: @escaping @Sendable (HTTPRejection) -> HTTPResponse,
        handler: @escaping @Sendable (HTTPRequest) -> Reply
    ) {
        self.limits = limits
        self.budget = budget
        self.clock = clock
        self.post = post
        self.rejected = rejected
        self.handler = handler
        now = clock.milliseconds()
        scratch = .allocate(capacity: HTTPLimits.bodyReadSize)
    }

    deinit { scratch.deallocate() }

    /// Milliseconds at this very moment.
    var present: Int64 { clock.milliseconds() }

    func refresh() { now = clock.milliseconds() }

    /// The time as HTTP writes it, made once a second.
    func date() -> String {
        let time = clock.unixSeconds()
        if time != second { (second, text) = (time, UTCDateTime(unix: time).http) }
        return text
    }
}
