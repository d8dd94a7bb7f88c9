/// Takes requests out of the bytes of a connection. Pure: it decides, and whoever owns the socket acts.
struct RequestParser {
    /// What the bytes so far make.
    enum Event {
        case needsMore
        /// The client waits for `100 Continue` before it sends the body.
        case expectsContinue
        case request(HTTPRequest, keepsAlive: Bool)
        /// No request can be read any more: answer with this status and close.
        case failure(status: Int, String)
    }

    /// Request line and header fields together.
    static let headLimit = 64 * 1024
    static let headerCountLimit = 100

    private enum State {
        case head
        case body(Head, remaining: Int)
        case chunked(Head, [UInt8])
    }

    private struct Head {
        var request: HTTPRequest
        var keepsAlive: Bool
        var expectsContinue: Bool
    }

    private let bodyLimit: Int
    private var state = State.head
    private var buffer: [UInt8] = []
    private var start = 0

    /// - Parameter bodyLimit: a longer body is not read; the request says so.
    init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
    }

    /// Whether a request has begun that is not complete.
    var isInsideRequest: Bool {
        if case .head = state { return start < buffer.count }
        return true
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 16)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    mutating func next() -> Event {
        switch state {
        case .head: return nextHead()
        case .body(let head, let remaining): return nextBody(head, remaining)
        case .chunked(let head, let body): return nextChunk(head, body)
        }
    }

    // MARK: Head

    private mutating func nextHead() -> Event {
        // An empty line before a request is forgiven (RFC 9112 section 2.2).
        while start + 1 < buffer.count, buffer[start] == 13, buffer[start + 1] == 10 { start += 2 }
        guard let end = endOfHead() else {
            return buffer.count - start > Self.headLimit
                ? .failure(status: 431, "request head over \(Self.headLimit) bytes") : .needsMore
        }
        guard end - start <= Self.headLimit else {
            return .failure(status: 431, "request head over \(Self.headLimit) bytes")
        }
        let lines = buffer[start..<end]
        start = end + 4
        do {
            return try begin(Self.head(lines))
        } catch {
            return .failure(status: error.status, error.message)
        }
    }

    private func endOfHead() -> Int? {
        var index = start
        let last = buffer.count - 3
        while index < last {
            // Looks at every fourth byte: one of four neighbours is part of CR LF CR LF.
            let byte = buffer[index + 3]
            if byte == 10 {
                if buffer[index] == 13, buffer[index + 1] == 10, buffer[index + 2] == 13 { return index }
                index += 1
            } else if byte == 13 {
                index += 1
            } else {
                index += 4
            }
        }
        return nil
    }

    private struct Malformed: Error {
        let status: Int
        let message: String
    }

    private static func head(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> (request: HTTPRequest, isVersion11: Bool)
    {
        func bad(_ message: String, status: Int = 400) -> Malformed { Malformed(status: status, message: message) }
        var rest = bytes
        // Takes the next line, without its CR LF or LF.
        func nextLine() -> ArraySlice<UInt8>? {
            guard rest.startIndex < rest.endIndex else { return nil }
            var end = rest.startIndex
            while end < rest.endIndex, rest[end] != 10 { end += 1 }
            let line = rest[rest.startIndex..<end]
            rest = rest[min(end + 1, rest.endIndex)...]
            return line.last == 13 ? line.dropLast() : line
        }
        guard let first = nextLine() else { throw bad("empty request") }
        let words = first.split(separator: 32, omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, words[0].count <= 32, words[0].allSatisfy(isTokenByte) else {
            throw bad("malformed request line")
        }
        guard words[2].elementsEqual("HTTP/1.1".utf8) || words[2].elementsEqual("HTTP/1.0".utf8) else {
            throw bad("only HTTP/1.0 and HTTP/1.1", status: 505)
        }
        let (path, query) = try target(words[1])
        var request = HTTPRequest(method: text(words[0]), path: path, query: Array(query))
        request.headers.reserveCapacity(12)
        while let line = nextLine() {
            var colon = line.startIndex
            while colon < line.endIndex, isTokenByte(line[colon]) { colon += 1 }
            guard colon < line.endIndex, line[colon] == 58, colon > line.startIndex else {
                throw bad("malformed header field")
            }
            guard request.headers.count < headerCountLimit else {
                throw bad("more than \(headerCountLimit) header fields", status: 431)
            }
            var start = colon + 1
            var end = line.endIndex
            while start < end, line[start] == 32 || line[start] == 9 { start += 1 }
            while end > start, line[end - 1] == 32 || line[end - 1] == 9 { end -= 1 }
            for byte in line[start..<end] where byte < 32 && byte != 9 || byte == 127 {
                throw bad("control character in a header field")
            }
            request.headers.append((lowercased(line[..<colon]), text(line[start..<end])))
        }
        return (request, words[2].last == UInt8(ascii: "1"))
    }

    /// Origin form, absolute form, or `*` (RFC 9112 section 3.2).
    private static func target(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> (path: String, query: ArraySlice<UInt8>)
    {
        var bytes = bytes
        if bytes.starts(with: "http://".utf8) || bytes.starts(with: "https://".utf8) {
            let authority = bytes.dropFirst(bytes[bytes.startIndex + 4] == 58 ? 7 : 8)
            // The authority ends where the path or the query begins; an empty path is "/" (RFC 9110 section 4.2.3).
            let rest = authority.drop { $0 != 47 && $0 != 63 }
            bytes = rest.first == 47 ? rest : [47] + rest
        }
        guard bytes.first == 47 || bytes.elementsEqual("*".utf8), bytes.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            throw Malformed(status: 400, message: "malformed request target")
        }
        guard let mark = bytes.firstIndex(of: 63) else { return (text(bytes), []) }
        return (text(bytes[..<mark]), bytes[(mark + 1)...])
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> String {
        String(unsafeUninitializedCapacity: bytes.count) { target in
            for (index, byte) in bytes.enumerated() { target[index] = byte >= 65 && byte <= 90 ? byte + 32 : byte }
            return bytes.count
        }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        case 33, 35, 36, 37, 38, 39, 42, 43, 45, 46, 94, 95, 96, 124, 126: true
        default: false
        }
    }

    // MARK: Body

    private mutating func begin(_ parsed: (request: HTTPRequest, isVersion11: Bool)) throws(Malformed) -> Event {
        let request = parsed.request
        var length: Int?
        var isChunked = false
        var hosts = 0
        var connection: [Substring] = []
        var expectsContinue = false
        for (name, value) in request.headers {
            switch name {
            case "content-length":
                guard let number = Int(value), number >= 0, value.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
                    length == nil || length == number
                else {
                    throw Malformed(status: 400, message: "malformed Content-Length")
                }
                length = number
            case "transfer-encoding":
                guard value.lowercased() == "chunked", !isChunked else {
                    throw Malformed(status: 501, message: "only the transfer coding chunked")
                }
                isChunked = true
            case "host": hosts += 1
            case "connection":
                connection += value.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" }
            case "expect": expectsContinue = value.lowercased() == "100-continue"
            default: break
            }
        }
        guard !isChunked || length == nil else {
            throw Malformed(status: 400, message: "both Content-Length and Transfer-Encoding")
        }
        guard hosts == 1 || (hosts == 0 && !parsed.isVersion11) else {
            throw Malformed(status: 400, message: "exactly one Host header is needed")
        }
        let keepsAlive = parsed.isVersion11 ? !connection.contains("close") : connection.contains("keep-alive")
        let head = Head(request: request, keepsAlive: keepsAlive, expectsContinue: expectsContinue)
        if isChunked {
            state = .chunked(head, [])
        } else {
            guard let length, length > 0 else { return complete(head, []) }
            guard length <= bodyLimit else { return tooLong(head) }
            state = .body(head, remaining: length)
            if expectsContinue, buffer.count - start < length { return .expectsContinue }
        }
        return isChunked && expectsContinue ? .expectsContinue : next()
    }

    private mutating func complete(_ head: Head, _ body: [UInt8]) -> Event {
        state = .head
        var request = head.request
        request.body = body
        return .request(request, keepsAlive: head.keepsAlive)
    }

    private mutating func tooLong(_ head: Head) -> Event {
        state = .head
        var request = head.request
        request.bodyIsTooLong = true
        return .request(request, keepsAlive: false)
    }

    private mutating func nextBody(_ head: Head, _ remaining: Int) -> Event {
        guard buffer.count - start >= remaining else { return .needsMore }
        let body = Array(buffer[start..<start + remaining])
        start += remaining
        return complete(head, body)
    }

    /// RFC 9112 section 7.1
    private mutating func nextChunk(_ head: Head, _ collected: [UInt8]) -> Event {
        var body = collected
        while true {
            guard let lineEnd = buffer[start...].firstIndex(of: 10) else {
                state = .chunked(head, body)
                return buffer.count - start > 1024 ? .failure(status: 400, "malformed chunk") : .needsMore
            }
            let line = buffer[start..<lineEnd].prefix { $0 != 59 && $0 != 13 }
            guard line.count <= 8, line.first != UInt8(ascii: "+"), let size = Int(Self.text(line), radix: 16),
                size >= 0
            else {
                return .failure(status: 400, "malformed chunk size")
            }
            guard body.count + size <= bodyLimit else { return tooLong(head) }
            if size == 0 { return nextTrailer(head, body, lineEnd) }
            guard buffer.count >= lineEnd + 1 + size + 2 else {
                state = .chunked(head, body)
                return .needsMore
            }
            body += buffer[lineEnd + 1..<lineEnd + 1 + size]
            guard buffer[lineEnd + 1 + size] == 13, buffer[lineEnd + 2 + size] == 10 else {
                return .failure(status: 400, "malformed chunk")
            }
            start = lineEnd + 1 + size + 2
        }
    }

    /// Trailer fields are read and forgotten.
    private mutating func nextTrailer(_ head: Head, _ body: [UInt8], _ lineEnd: Int) -> Event {
        var line = lineEnd + 1
        while let end = buffer[line...].firstIndex(of: 10) {
            if end == line || (end == line + 1 && buffer[line] == 13) {
                start = end + 1
                return complete(head, body)
            }
            line = end + 1
        }
        state = .chunked(head, body)
        return buffer.count - line > Self.headLimit ? .failure(status: 431, "trailer fields too long") : .needsMore
    }
}
