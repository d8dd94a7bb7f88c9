/// A complete HTTP request (RFC 9110, RFC 9112).
public struct HTTPRequest: Sendable {
    public var method: String
    /// The path as it was sent, without the query.
    public var path: String
    /// The bytes behind the question mark.
    public var query: [UInt8]
    /// Names in lower case, in the order they came.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// The body was longer than the server reads; `body` is empty then.
    public var bodyIsTooLong: Bool
    /// The caller's address.
    public var peer: String

    public init(
        method: String, path: String, query: [UInt8] = [], headers: [(name: String, value: String)] = [],
        body: [UInt8] = [], bodyIsTooLong: Bool = false,
        peer: String = ""
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.bodyIsTooLong = bodyIsTooLong
        self.peer = peer
    }

    /// The first value of a header; nil when it was not sent.
    /// - Parameter name: in lower case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// An HTTP response. `Date`, `Content-Length` and `Connection` are added when it is sent.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The reason phrases of the statuses that this server sends.
    static func phrase(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 204: "No Content"
        case 302: "Found"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}
