/// How a response is sent. The parts combine: first the delay, then the pace, at last the ending.
public struct Delivery: Sendable, Equatable {
    /// What the client meets at the end.
    public enum Ending: Sendable, Equatable {
        case complete
        /// As many bytes of the body, less than `Content-Length` says, and then the end of the connection.
        case truncated(bodyBytes: Int)
        /// The end of the connection instead of a response.
        case closeBeforeAnswer
        /// A TCP reset instead of a response.
        case reset
        /// Nothing: the connection stays open, until the client ends it or for ten minutes.
        case hang
    }

    /// Milliseconds before anything is sent; at most an hour.
    public var delay: Int64
    /// The pace of the body; nil for as fast as the client reads. At least 1.
    public var bytesPerSecond: Int?
    public var ending: Ending

    static let longestDelay: Int64 = 3_600_000

    public init(delay: Int64 = 0, bytesPerSecond: Int? = nil, ending: Ending = .complete) {
        self.delay = min(max(0, delay), Self.longestDelay)
        self.bytesPerSecond = bytesPerSecond.map { max(1, $0) }
        self.ending = ending
    }

    public static let normal = Delivery()
}
