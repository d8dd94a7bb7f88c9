import Encodings
import HTTP

/// The first line of an HTTP/1 request (RFC 9112 section 3).
struct RequestLine {
    private static let methodLimit = 32

    let method: String
    /// As it was sent, without the query. Bytes over 127 are read as UTF-8.
    let path: String
    /// The bytes after the question mark.
    let query: [UInt8]
    /// There is a question mark, and nothing after it.
    let hasEmptyQuery: Bool
    /// Host and port of a target in absolute form.
    let authority: String?
    let isHTTP10: Bool

    /// - Parameter line: without its line end.
    init(_ line: Bytes.Lines) throws(HTTPRejection) {
        let (method, target, version) = try Self.words(line)
        self.method = method
        guard !version.elementsEqual("HTTP/2.0".utf8) || method != "PRI" else {
            throw HTTPRejection(
                .http2, "Client sent an HTTP/2 preface to a server that speaks HTTP/1.1; switch HTTP/2 (h2c) off")
        }
        isHTTP10 = version.elementsEqual("HTTP/1.0".utf8)
        guard isHTTP10 || version.elementsEqual("HTTP/1.1".utf8) else {
            throw version.starts(with: "HTTP/".utf8)
                ? HTTPRejection(.version, "unsupported protocol version; HTTP/1.1 and HTTP/1.0 are supported")
                : Self.malformed
        }
        let (authority, rest) = Self.authority(target)
        self.authority = authority
        let mark = rest.firstIndex(of: UInt8(ascii: "?"))
        let path = rest[..<(mark ?? rest.endIndex)]
        // An empty path after an authority is "/" (RFC 9110 section 4.2.3).
        let isEmpty = path.isEmpty && rest.count < target.count
        guard isEmpty || path.first == UInt8(ascii: "/") || rest.elementsEqual("*".utf8),
            rest.allSatisfy({ $0 > 32 && $0 != 127 })
        else {
            var error = HTTPRejection(.malformed, "malformed request target; expected a path that begins with \"/\"")
            error.method = method
            throw error
        }
        guard StreamSafeText.isSafe(UnsafeBufferPointer(rebasing: rest)) else {
            throw HTTPRejection(.malformed, "\(StreamSafeText.problem) in the request target")
        }
        self.path = isEmpty ? "/" : Bytes.text(path)
        query = mark.map { Array(rest[($0 + 1)...]) } ?? []
        hasEmptyQuery = mark != nil && query.isEmpty
        try Self.checkEscapes(self.path, method)
    }

    private static let malformed = HTTPRejection(
        .malformed, "malformed request line; expected \"METHOD /path HTTP/1.1\"")

    /// Method, target and version: three words with one space between them.
    private static func words(
        _ line: Bytes.Lines
    ) throws(HTTPRejection) -> (method: String, target: Bytes.Lines, version: Bytes.Lines) {
        guard let first = line.firstIndex(of: 32), let second = line[(first + 1)...].firstIndex(of: 32) else {
            throw malformed
        }
        let (method, version) = (line[..<first], line[(second + 1)...])
        guard !method.isEmpty, method.count <= methodLimit, method.allSatisfy(FieldSyntax.isTokenByte),
            !version.contains(32)
        else {
            throw version.contains(32)
                ? HTTPRejection(
                    .malformed, "malformed request line; write a space in the address as %20, or in a query as +")
                : malformed
        }
        return (Bytes.text(method), line[(first + 1)..<second], version)
    }

    /// Go's server answers a path that it cannot decode before it looks at anything else, in these words.
    private static func checkEscapes(_ path: String, _ method: String) throws(HTTPRejection) {
        guard path.utf8.contains(UInt8(ascii: "%")), GoPath.decoded(path) == nil else { return }
        var error = HTTPRejection(
            .malformed, "malformed path; two hexadecimal digits follow a '%', and the character itself is %25")
        (error.method, error.path, error.body) = (method, path, "400 Bad Request")
        throw error
    }

    /// The authority of a target in absolute form (RFC 9112 section 3.2), and the path and query that follow it; nil and the whole target for any other.
    private static func authority(_ target: Bytes.Lines) -> (String?, Bytes.Lines) {
        guard target.first != UInt8(ascii: "/") else { return (nil, target) }
        let scheme = ["http://", "https://"].first { scheme in
            target.count >= scheme.utf8.count
                && zip(target, scheme.utf8).allSatisfy { $0 == $1 || Bytes.lowercased($0) == $1 }
        }
        guard let scheme else { return (nil, target) }
        let rest = target.dropFirst(scheme.utf8.count)
        // The authority ends where the path or the query begins.
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        return (authority.isEmpty ? nil : Bytes.text(authority), rest[authority.endIndex...])
    }
}
