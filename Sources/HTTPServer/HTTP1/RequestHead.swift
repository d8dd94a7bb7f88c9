import Encodings
import HTTP

/// The request line and header fields of an HTTP/1 request (RFC 9112 sections 2 to 6), read as Go's net/http reads them.
struct RequestHead {
    /// How the body's end is found (RFC 9112 section 6.3).
    enum Framing: Equatable {
        case none
        /// Bytes of the body; at least 1.
        case length(Int)
        case chunked
    }

    static let fieldCountLimit = 500

    var request: HTTPRequest
    var isHTTP10: Bool
    var keepsAlive = false
    var expectsContinue = false
    var framing = Framing.none

    /// Reads the header fields that follow a request line.
    /// - Parameter lines: whole lines, each with its line feed, without the empty line at the end.
    init(_ line: RequestLine, fields lines: UnsafeBufferPointer<UInt8>) throws(HTTPRejection) {
        request = HTTPRequest(
            method: line.method, path: line.path, query: line.query, hasEmptyQuery: line.hasEmptyQuery)
        isHTTP10 = line.isHTTP10
        do {
            try readFields(lines)
            try interpretFields()
            try setHost(authority: line.authority)
        } catch {
            var error = error
            error.method = line.method
            error.path = line.path
            throw error
        }
    }

    private mutating func readFields(_ lines: UnsafeBufferPointer<UInt8>) throws(HTTPRejection) {
        request.headers.reserveCapacity(12)
        var rest = lines[...]
        while let line = Bytes.takeLine(&rest) {
            if let first = line.first, Bytes.isBlank(first) {
                try fold(line)
                continue
            }
            var colon = line.startIndex
            while colon < line.endIndex, FieldSyntax.isTokenByte(line[colon]) { colon += 1 }
            guard colon < line.endIndex, line[colon] == UInt8(ascii: ":"), colon > line.startIndex else {
                throw HTTPRejection(.malformed, "malformed header field; expected \"Name: value\"")
            }
            guard request.headers.count < Self.fieldCountLimit else {
                throw HTTPRejection(.headTooLarge, "more than \(Self.fieldCountLimit) header fields")
            }
            request.headers.append((Bytes.lowercased(line[..<colon]), try Self.value(line[(colon + 1)...])))
        }
    }

    /// A line that begins with a space continues the value above it (obs-fold, RFC 9112 section 5.2).
    private mutating func fold(_ line: Bytes.Lines) throws(HTTPRejection) {
        guard !request.headers.isEmpty else {
            throw HTTPRejection(.malformed, "the first header field begins with a space")
        }
        let more = try Self.value(line)
        let last = request.headers.count - 1
        // Go trims what it has put together. The value grows in place: there may be hundreds of thousands of lines.
        guard !more.isEmpty else { return }
        if !request.headers[last].value.isEmpty { request.headers[last].value += " " }
        request.headers[last].value += more
    }

    private static func value(_ bytes: Bytes.Lines) throws(HTTPRejection) -> String {
        let value = UnsafeBufferPointer(rebasing: Bytes.trimmed(bytes))
        for byte in value where byte < 32 && byte != 9 || byte == 127 {
            throw HTTPRejection(.malformed, "control character in a header field")
        }
        guard StreamSafeText.isSafe(value) else {
            throw HTTPRejection(.malformed, "\(StreamSafeText.problem) in a header field")
        }
        return String(repairing: value)
    }

    private mutating func interpretFields() throws(HTTPRejection) {
        var length: Int?
        var isChunked = false
        var (closes, asksToKeepAlive) = (false, false)
        for (name, value) in request.headers {
            switch name {
            case "content-length":
                guard let number = Bytes.decimal(value), length == nil || length == number else {
                    throw HTTPRejection(.malformed, "malformed Content-Length; expected one decimal number")
                }
                length = number
            case "transfer-encoding":
                guard !isHTTP10 else {
                    throw HTTPRejection(.malformed, "Transfer-Encoding needs HTTP/1.1")
                }
                guard !isChunked, Bytes.equalsIgnoringCase(value.utf8, "chunked") else {
                    throw HTTPRejection(
                        .transferCoding, "unsupported transfer coding; \"Transfer-Encoding: chunked\" is supported")
                }
                isChunked = true
            case "connection":
                let options = Bytes.list(value)
                closes = closes || options.contains { Bytes.equalsIgnoringCase($0, "close") }
                asksToKeepAlive = asksToKeepAlive || options.contains { Bytes.equalsIgnoringCase($0, "keep-alive") }
            case "expect" where !value.isEmpty:
                guard Bytes.equalsIgnoringCase(value.utf8, "100-continue") else {
                    throw HTTPRejection(.expectation, "unsupported expectation; \"Expect: 100-continue\" is supported")
                }
                expectsContinue = !isHTTP10
            default: break
            }
        }
        keepsAlive = isHTTP10 ? asksToKeepAlive : !closes
        if isChunked {
            framing = .chunked
            // The transfer coding decides (RFC 9112 section 6.3), and nothing after it on this connection is trusted.
            if length != nil { keepsAlive = false }
        } else if let length, length > 0 {
            framing = .length(length)
        }
    }

    /// The authority of an absolute target takes the place of the Host field (RFC 9112 section 3.2.2).
    private mutating func setHost(authority: String?) throws(HTTPRejection) {
        let hosts = request.headers.indices.filter { request.headers[$0].name == "host" }
        guard hosts.count == 1 || (hosts.isEmpty && isHTTP10) else {
            throw HTTPRejection(
                .malformed, hosts.isEmpty ? "the header Host is missing" : "more than one header Host")
        }
        if let authority {
            if let index = hosts.first {
                request.headers[index].value = authority
            } else {
                request.headers.append(("host", authority))
            }
        }
        let host = (request.header("host") ?? "").utf8
        guard host.count <= HTTPRequest.hostLimit, host.allSatisfy(Bytes.isHost) else {
            throw HTTPRejection(
                .malformed,
                "malformed Host; expected a name or address of at most 255 bytes and perhaps a port")
        }
    }
}
