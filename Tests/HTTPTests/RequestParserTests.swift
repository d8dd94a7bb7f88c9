@testable import HTTP
import Testing

@Suite struct RequestParserTests {
    private static let post = "POST /a/b?q=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello"
    private static let chunked =
        "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;name=value\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    /// Feeds pieces one after the other and writes down what comes out.
    private static func events(_ pieces: [[UInt8]], bodyLimit: Int = 1000) -> [String] {
        var parser = RequestParser(bodyLimit: bodyLimit)
        var events: [String] = []
        for piece in pieces {
            piece.withUnsafeBufferPointer { parser.append($0) }
            reading: while true {
                switch parser.next() {
                case .needsMore: break reading
                case .expectsContinue: events.append("continue")
                case .request(let request, let keepsAlive):
                    let query = String(decoding: request.query, as: UTF8.self)
                    let body = request.bodyIsTooLong ? "(too long)" : String(decoding: request.body, as: UTF8.self)
                    events.append("\(request.method) \(request.path)|\(query)|\(body)|\(keepsAlive ? "keep" : "close")")
                    if !keepsAlive { return events }
                case .failure(let status, _):
                    return events + ["\(status)"]
                }
            }
        }
        return events
    }

    private static func events(_ text: String, bodyLimit: Int = 1000) -> [String] {
        events([Array(text.utf8)], bodyLimit: bodyLimit)
    }

    @Test("however the bytes are cut, the requests are the same", arguments: [1, 2, 3, 7, 50, 100_000])
    func pieces(size: Int) {
        let bytes = Array((Self.post + Self.chunked + "\r\n" + Self.get + Self.post).utf8)
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        #expect(
            Self.events(pieces) == [
                "POST /a/b|q=1|hello|keep", "POST /c||abc0123456789|keep", "GET /|||keep", "POST /a/b|q=1|hello|keep",
            ])
    }

    @Test("every cut into two halves gives the same request")
    func halves() {
        for text in [Self.post, Self.chunked] {
            let bytes = Array(text.utf8)
            let whole = Self.events([bytes])
            #expect(whole.count == 1)
            for cut in 0...bytes.count { #expect(Self.events([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole) }
        }
    }

    @Test("names of header fields come in lower case, values without the blanks around them, in order")
    func fields() throws {
        var parser = RequestParser(bodyLimit: 10)
        Array("GET / HTTP/1.1\r\nHOST: h\r\nX-A: \t b c \t\r\nx-a:\r\nX-A:é\r\n\r\n".utf8).withUnsafeBufferPointer {
            parser.append($0)
        }
        guard case .request(let request, _) = parser.next() else {
            Issue.record("no request")
            return
        }
        #expect(request.headers.map(\.name) == ["host", "x-a", "x-a", "x-a"])
        #expect(request.headers.map(\.value) == ["h", "b c", "", "é"])
        #expect(request.header("x-a") == "b c")
        #expect(!parser.isInsideRequest)
    }

    @Test(
        "a target in absolute form is read as its path and query",
        arguments: [
            ("http://h/a?b", "/a|b"), ("https://h:8080/a", "/a|"), ("http://h", "/|"), ("http://h?x=1", "/|x=1"),
            ("http://h:1?a=/b", "/|a=/b"),
            ("http://h?", "/|"), ("*", "*|"), ("/a?b?c", "/a|b?c"), ("/?", "/|"), ("//x", "//x|"),
        ])
    func targets(target: String, read: String) {
        #expect(Self.events("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n") == ["GET \(read)||keep"])
    }

    @Test(
        "a connection is kept as the versions have it",
        arguments: [
            ("HTTP/1.1\r\nHost: h", "keep"), ("HTTP/1.1\r\nHost: h\r\nConnection: close", "close"),
            ("HTTP/1.1\r\nHost: h\r\nConnection: foo, Close", "close"),
            ("HTTP/1.0", "close"), ("HTTP/1.0\r\nConnection: Keep-Alive", "keep"), ("HTTP/1.0\r\nHost: h", "close"),
        ])
    func keepAlive(rest: String, kept: String) {
        #expect(Self.events("GET / \(rest)\r\n\r\n") == ["GET /|||\(kept)"])
    }

    @Test(
        "what cannot be read is refused with a status",
        arguments: [
            ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505"), ("GET / HTTP/1.2\r\nHost: h\r\n\r\n", "505"),
            ("GET / HTTP/1.x\r\nHost: h\r\n\r\n", "505"),
            ("GET / http/1.1\r\nHost: h\r\n\r\n", "505"), ("GET /\r\n\r\n", "400"),
            ("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("GET / x HTTP/1.1\r\nHost: h\r\n\r\n", "400"), ("G@T / HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("GET a HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("GET /é HTTP/1.1\r\nHost: h\r\n\r\n", "400"), ("GET / HTTP/1.1\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400"),
            ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost : h\r\n\r\n", "400"), ("GET / HTTP/1.1\r\nHost: h\r\nnocolon\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\nX: a\u{00}b\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", "501"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501"),
        ])
    func rejections(text: String, status: String) {
        #expect(Self.events(text) == [status])
    }

    @Test(
        "a malformed chunk is refused",
        arguments: [
            "x\r\n", "\r\n", "-1\r\n", "+5\r\nhello\r\n", "0x5\r\nhello\r\n", " 5\r\nhello\r\n", "123456789\r\n",
            "3\r\nabcd\r\n0\r\n\r\n", "3\r\nabc0\r\n\r\n",
        ])
    func chunks(body: String) {
        #expect(Self.events("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body) == ["400"])
    }

    @Test("two equal Content-Lengths are one")
    func equalLengths() {
        #expect(
            Self.events("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab") == [
                "POST /||ab|keep"
            ])
    }

    @Test("a client that expects 100 Continue is told to go on, once, and only while the body is not there")
    func expectContinue() {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"
        #expect(Self.events([Array(head.utf8), Array("ab".utf8)]) == ["continue", "POST /||ab|keep"])
        #expect(Self.events(head + "ab") == ["POST /||ab|keep"])
        let chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
        #expect(
            Self.events([Array(chunked.utf8), Array("2\r\nab\r\n0\r\n\r\n".utf8)]) == ["continue", "POST /||ab|keep"])
    }

    @Test("a head of 64 KiB is read, a longer one is refused, complete or not")
    func headLimit() {
        func head(_ size: Int) -> String {
            let start = "GET / HTTP/1.1\r\nHost: h\r\nX: "
            return start + String(repeating: "a", count: size - start.utf8.count)
        }
        #expect(Self.events(head(65_536) + "\r\n\r\n") == ["GET /|||keep"])
        #expect(Self.events(head(65_537) + "\r\n\r\n") == ["431"])
        #expect(Self.events(head(65_537 + 4)) == ["431"])
    }

    @Test("100 header fields are read, 101 are refused")
    func fieldLimit() {
        func head(_ count: Int) -> String {
            "GET / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "X: y\r\n", count: count - 1) + "\r\n"
        }
        #expect(Self.events(head(100)) == ["GET /|||keep"])
        #expect(Self.events(head(101)) == ["431"])
    }

    @Test("of a body over the limit the request says so, and the connection ends")
    func bodyLimit() {
        let head = "POST / HTTP/1.1\r\nHost: h\r\n"
        #expect(Self.events(head + "Content-Length: 4\r\n\r\nabcd", bodyLimit: 4) == ["POST /||abcd|keep"])
        #expect(Self.events(head + "Content-Length: 5\r\n\r\n", bodyLimit: 4) == ["POST /||(too long)|close"])
        #expect(
            Self.events(head + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", bodyLimit: 4) == [
                "POST /||abcd|keep"
            ])
        #expect(
            Self.events(head + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n1\r\n", bodyLimit: 4) == [
                "POST /||(too long)|close"
            ])
    }
}
