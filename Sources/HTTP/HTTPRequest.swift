/// A complete HTTP request (RFC 9110, RFC 9112).
public struct HTTPRequest: Sendable {
    /// Bytes of a host: a name of DNS has at most 255 (RFC 1035 section 2.3.4), a port with its colon 6.
    public static let hostLimit = 261

    public var method: String
    /// The path as it was sent, without the query.
    public var path: String
    /// The bytes after the question mark.
    public var query: [UInt8]
    /// There is a question mark, and nothing after it.
    public var hasEmptyQuery: Bool
    /// Names in lower case, in the order they came.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// The body was longer than the server reads; `body` is empty then.
    public var bodyIsTooLong: Bool
    /// The client's address.
    public var peer: String

    public init(
        method: String, path: String, query: [UInt8] = [], hasEmptyQuery: Bool = false,
        headers: [(name: String, value: String)] = [], body: [UInt8] = [], bodyIsTooLong: Bool = false,
        peer: String = ""
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.hasEmptyQuery = hasEmptyQuery
        self.headers = headers
        self.body = body
        self.bodyIsTooLong = bodyIsTooLong
        self.peer = peer
    }

    /// Bytes of all that the client sent, nearly.
    public var byteCount: Int {
        path.utf8.count + query.count + body.count
            + headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }

    /// The first value of a header; nil when it was not sent.
    /// - Parameter name: in lower case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The values of all lines of a header, in the order they came.
    /// - Parameter name: in lower case.
    public func allValues(of name: String) -> [String] {
        headers.filter { $0.name == name }.map(\.value)
    }
}
