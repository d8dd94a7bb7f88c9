/// Why the HTTP layer answers a request itself: the bytes are not a request that it can hand to the application.
public struct HTTPRejection: Error, Sendable, Equatable {
    /// The closed list of codes, for the access log and the header `Mock-Reason`.
    public enum Code: String, Sendable, CaseIterable {
        case malformed = "http_malformed"
        case timeout = "http_timeout"
        case expectation = "http_expectation"
        case headTooLarge = "http_head_too_large"
        case transferCoding = "http_transfer_coding"
        case version = "http_version"
        case tlsHandshake = "tls_on_plain_port"
        case http2 = "http_two_preface"
        case proxyProtocol = "proxy_protocol_preamble"
        case overloaded = "server_overloaded"

        /// The status of the response.
        public var status: Int {
            switch self {
            case .malformed, .tlsHandshake, .proxyProtocol: 400
            case .timeout: 408
            case .expectation: 417
            case .headTooLarge: 431
            case .transferCoding: 501
            case .overloaded: 503
            case .version, .http2: 505
            }
        }
    }

    public let code: Code
    /// What is wrong, in words for the sender.
    public let message: String
    /// The body of the response; nil for the message.
    public var body: String?
    /// As far as they were read; empty before the request line.
    public var method = ""
    public var path = ""
    /// The client's address.
    public var peer = ""

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var status: Int { code.status }

    /// A plain-text response with the message, or with what takes its place.
    public var response: HTTPResponse {
        HTTPResponse(
            status: status, headers: [("Content-Type", "text/plain; charset=utf-8")],
            body: Array((body ?? message + "\n").utf8))
    }
}
