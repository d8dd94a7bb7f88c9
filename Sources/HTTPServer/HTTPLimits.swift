/// The bounds of an HTTP server. Times are milliseconds, sizes bytes.
public struct HTTPLimits: Sendable {
    /// A longer body is not read; the request that the handler gets says so.
    public var body: Int
    /// Connections at a time. When there are more, idle ones make way.
    public var connections = 8192
    /// From the first byte of a request to the end of its head.
    public var headTime: Int64 = 10_000
    /// What a body may take, besides its size at the slowest pace.
    public var bodyTime: Int64 = 20_000
    /// The slowest pace of a body, and of a client that reads its response, in bytes a second.
    public var minimumBytesPerSecond: Int64 = 500
    /// Between two requests.
    public var idleTime: Int64 = 75_000
    /// While a client does not read its response at all.
    public var stallTime: Int64 = 30_000
    /// Until the application has to answer, and until a connection that hangs on purpose is ended.
    public var answerTime: Int64 = 600_000
    /// For a client to close after a last response.
    public var drainTime: Int64 = 2000
    /// Input and unread output that all connections together may keep.
    public var memory = 24 << 20

    /// How much is read at once of what is not a body.
    static let readSize = 16 << 10
    /// How much is read at once of a body.
    static let bodyReadSize = 64 << 10
    /// Output that is put together before it is sent. While a client leaves some of it unread, its next requests wait.
    static let outputSize = 16 << 10
    /// What is read and thrown away after a last response.
    static let drainSize = 64 << 20

    public init(body: Int) {
        self.body = body
    }
}
