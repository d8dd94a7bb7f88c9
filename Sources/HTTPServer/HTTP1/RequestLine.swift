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
    init(_ line: Slice<UnsafeBufferPointer<UInt8>>) throws(HTTPRejection) {
        let words = line.split(separator: 32, maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, words[0].count <= Self.methodLimit,
            words[0].allSatisfy(FieldSyntax.isTokenByte)
        else {
            throw HTTPRejection(.malformed, "malformed request line; expected \"METHOD /path HTTP/1.1\"")
        }
        let (method, version) = (Bytes.text(words[0]), words[2])
        guard !version.elementsEqual("HTTP/2.0".utf8) || method != "PRI" else {
            throw HTTPRejection(
                .http2, "Client sent an HTTP/2 preface to a server that speaks HTTP/1.1; switch HTTP/2 (h2c) off")
        }
        isHTTP10 = version.elementsEqual("HTTP/1.0".utf8)
        guard isHTTP10 || version.elementsEqual("HTTP/1.1".utf8) else {
            throw version.starts(with: "HTTP/".utf8)
                ? HTTPRejection(.version, "unsupported protocol version; HTTP/1.1 and HTTP/1.0 are supported")
                : HTTPRejection(.malformed, "malformed request line; expected \"METHOD /path HTTP/1.1\"")
        }
        self.method = method
        let (target, authority) = Self.originForm(words[1])
        self.authority = authority
        guard target.first == UInt8(ascii: "/") || target.elementsEqual("*".utf8),
            target.allSatisfy({ $0 > 32 && $0 != 127 })
        else {
            var error = HTTPRejection(.malformed, "malformed request target; expected a path that begins with \"/\"")
            error.method = method
            throw error
        }
        guard StreamSafeText.isSafe(target) else {
            throw HTTPRejection(.malformed, "\(StreamSafeText.problem) in the request target")
        }
        let mark = target.firstIndex(of: UInt8(ascii: "?"))
        path = String(repairing: target[..<(mark ?? target.endIndex)])
        query = mark.map { Array(target[($0 + 1)...]) } ?? []
        hasEmptyQuery = mark != nil && query.isEmpty
        try Self.checkEscapes(path, method)
    }

    /// Go's server answers a path that it cannot decode before it looks at anything else, in these words.
    private static func checkEscapes(_ path: String, _ method: String) throws(HTTPRejection) {
        guard path.utf8.contains(UInt8(ascii: "%")), GoPath.decoded(path) == nil else { return }
        var error = HTTPRejection(
            .malformed, "malformed path; two hexadecimal digits follow a '%', and the character itself is %25")
        (error.method, error.path, error.body) = (method, path, "400 Bad Request")
        throw error
    }

    /// The path and query of a target, and the authority when it is an absolute one (RFC 9112 section 3.2).
    private static func originForm(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> (ArraySlice<UInt8>, String?) {
        let scheme = ["http://", "https://"].first { scheme in
            bytes.count >= scheme.utf8.count
                && zip(bytes, scheme.utf8).allSatisfy { $0 == $1 || Bytes.lowercased($0) == $1 }
        }
        guard let scheme else { return (Array(bytes)[...], nil) }
        let rest = bytes.dropFirst(scheme.utf8.count)
        // The authority ends where the path or the query begins; an empty path is "/" (RFC 9110 section 4.2.3).
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        let target = Array(rest[authority.endIndex...])
        let hasPath = target.first == UInt8(ascii: "/")
        return (
            hasPath ? target[...] : ([UInt8(ascii: "/")] + target)[...], authority.isEmpty ? nil : Bytes.text(authority)
        )
    }
}
