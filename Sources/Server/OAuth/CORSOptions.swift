import Encodings
import HTTP

/// Which methods and headers a handler of ZITADEL lets web pages use, applied as the library rs/cors does.
struct CORSOptions: Sendable {
    /// Methods that pages may use.
    let methods: [String]
    /// Names of headers that pages may send, in lower case.
    let headers: Set<String>
    /// Headers of answers that pages may read.
    let exposedHeaders: String
    /// What the answer to a preflight varies with.
    let preflightVary: String

    private static let preflightHeaders =
        "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

    /// The endpoints of OAuth and OpenID Connect.
    static let oidc = CORSOptions(
        methods: ["GET", "HEAD", "POST", "OPTIONS"],
        headers: ["accept", "accept-language", "authorization", "content-type", "origin", "x-requested-with"],
        exposedHeaders: "Location, Content-Length", preflightVary: preflightHeaders)

    /// The gateway to all other interfaces.
    static let gateway = CORSOptions(
        methods: ["OPTIONS", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        headers: [
            "accept", "accept-language", "authorization", "connect-protocol-version", "connect-timeout-ms",
            "content-type", "grpc-timeout", "origin", "x-grpc-web", "x-requested-with", "x-user-agent",
            "x-zitadel-orgid",
        ],
        exposedHeaders: "Location, Content-Length, Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin",
        preflightVary: preflightHeaders + ", Cookie")

    /// Whether a page may send the headers that a preflight asks for. Browsers send the names in lower case, sorted, each once; a list that is not was
    /// not written by a browser.
    /// - Parameters:
    ///   - lists: the values of all lines of `Access-Control-Request-Headers`, which some gateways split; they count as one list.
    ///   - mayCarryMockHeaders: asked at most once, when a header of the test double is in the list.
    func allows(_ lists: [String], mayCarryMockHeaders: @autoclosure () -> Bool) -> Bool {
        var last = ""
        var emptyElements = 0
        var mockHeaders = 0
        for list in lists {
            for element in list.utf8.pieces(separatedBy: UInt8(ascii: ",")) {
                guard let name = Self.name(element) else { return false }
                if name.isEmpty {
                    emptyElements += 1
                    guard emptyElements <= Self.emptyElementLimit else { return false }
                } else if name.hasPrefix("mock-") {
                    mockHeaders += 1
                    guard mockHeaders <= Self.mockHeaderLimit else { return false }
                } else {
                    guard last < name, headers.contains(name) else { return false }
                    last = name
                }
            }
        }
        return mockHeaders == 0 || mayCarryMockHeaders()
    }

    private static let emptyElementLimit = 16
    private static let mockHeaderLimit = 16

    /// The element of a list without the blank that may be on each side of it; nil when there are more.
    private static func name(_ element: Substring.UTF8View) -> String? {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let start = element.prefix(while: isBlank).count
        // Of blanks alone, one counts for each side.
        guard start < element.count else { return start <= 2 ? "" : nil }
        let end = element.reversed().prefix(while: isBlank).count
        guard start <= 1, end <= 1 else { return nil }
        return String(decoding: element.dropFirst(start).dropLast(end), as: UTF8.self)
    }
}
