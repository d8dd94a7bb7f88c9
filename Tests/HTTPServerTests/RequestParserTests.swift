import HTTP
@testable import HTTPServer
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
                case .request(let request, let keepsAlive, _):
                    let query = String(decoding: request.query, as: UTF8.self)
                    let body = request.bodyIsTooLong ? "(too long)" : String(decoding: request.body, as: UTF8.self)
                    events.append("\(request.method) \(request.path)|\(query)|\(body)|\(keepsAlive ? "keep" : "close")")
                    if !keepsAlive { return events }
                case .failure(let rejection):
                    return events + ["\(rejection.status)"]
                }
            }
        }
        return events
    }

    private static func events(_ text: String, bodyLimit: Int = 1000) -> [String] {
        events([Array(text.utf8)], bodyLimit: bodyLimit)
    }

    @Test("requests are parsed the same however their bytes are split", arguments: [1, 2, 3, 7, 50, 100_000])
    func pieces(size: Int) {
        let bytes = Array((Self.post + Self.chunked + "\r\n" + Self.get + Self.post).utf8)
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        #expect(
            Self.events(pieces) == [
                "POST /a/b|q=1|hello|keep", "POST /c||abc0123456789|keep", "GET /|||keep", "POST /a/b|q=1|hello|keep",
            ])
    }

    @Test("a request split in two at any position is parsed the same")
    func halves() {
        for text in [Self.post, Self.chunked] {
            let bytes = Array(text.utf8)
            let whole = Self.events([bytes])
            #expect(whole.count == 1)
            for cut in 0...bytes.count { #expect(Self.events([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole) }
        }
    }

    /// What is said of bytes that are no request; nil while more is needed.
    private static func rejection(_ pieces: [[UInt8]]) -> HTTPRejection? {
        var parser = RequestParser(bodyLimit: 10)
        for piece in pieces {
            piece.withUnsafeBufferPointer { parser.append($0) }
            if case .failure(let rejection) = parser.next() { return rejection }
        }
        return nil
    }

    private static let proxySignature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]

    @Test("the preamble of the PROXY protocol is recognized however it is split", arguments: [1, 3, 5, 6, 7, 100])
    func proxyProtocol(size: Int) {
        let texts = ["PROXY TCP4 192.0.2.1 192.0.2.2 56324 80\r\n", "PROXY TCP6 ::1 ::1 1 2\r\n", "PROXY UNKNOWN\r\n"]
        let second = Self.proxySignature + [0x21, 0x11, 0, 12] + [UInt8](repeating: 1, count: 12)
        var preambles: [[UInt8]] = texts.map { Array($0.utf8) }
        preambles.append(second)
        for preamble in preambles {
            let bytes: [UInt8] = preamble + Array(Self.get.utf8)
            let pieces = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            let rejection = Self.rejection(pieces)
            #expect(rejection?.code.rawValue == "proxy_protocol_preamble" && rejection?.status == 400)
            #expect(rejection?.message.contains("send-proxy") == true)
        }
    }

    @Test("input that only resembles the PROXY protocol is parsed as HTTP")
    func noProxyProtocol() {
        #expect(Self.events("PROXY /a HTTP/1.1\r\nHost: h\r\n\r\n") == ["PROXY /a|||keep"])
        #expect(Self.rejection([Array("\r\n\r\n\0GET / HTTP/1.1\r\n".utf8)])?.code == .malformed)
        #expect(Self.rejection([Array("PROXY TCP5 a b\r\n".utf8)])?.code == .malformed)
    }

    @Test("header fields keep their order, with names in lower case and values trimmed")
    func fields() throws {
        var parser = RequestParser(bodyLimit: 10)
        Array("GET / HTTP/1.1\r\nHOST: h\r\nX-A: \t b c \t\r\nx-a:\r\nX-A:é\r\n\r\n".utf8).withUnsafeBufferPointer {
            parser.append($0)
        }
        guard case .request(let request, _, _) = parser.next() else {
            Issue.record("no request")
            return
        }
        #expect(request.headers.map(\.name) == ["host", "x-a", "x-a", "x-a"])
        #expect(request.headers.map(\.value) == ["h", "b c", "", "é"])
        #expect(request.header("x-a") == "b c")
        #expect(parser.progress == .idle)
    }

    @Test(
        "a target in absolute form is reduced to its path and query",
        arguments: [
            ("http://h/a?b", "/a|b"), ("https://h:8080/a", "/a|"), ("http://h", "/|"), ("http://h?x=1", "/|x=1"),
            ("http://h:1?a=/b", "/|a=/b"),
            ("http://h?", "/|"), ("*", "*|"), ("/a?b?c", "/a|b?c"), ("/?", "/|"), ("//x", "//x|"),
        ])
    func targets(target: String, read: String) {
        #expect(Self.events("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n") == ["GET \(read)||keep"])
    }

    @Test(
        "a connection is kept open by the rules of its HTTP version",
        arguments: [
            ("HTTP/1.1\r\nHost: h", "keep"), ("HTTP/1.1\r\nHost: h\r\nConnection: close", "close"),
            ("HTTP/1.1\r\nHost: h\r\nConnection: foo, Close", "close"),
            ("HTTP/1.0", "close"), ("HTTP/1.0\r\nConnection: Keep-Alive", "keep"), ("HTTP/1.0\r\nHost: h", "close"),
        ])
    func keepAlive(rest: String, kept: String) {
        #expect(Self.events("GET / \(rest)\r\n\r\n") == ["GET /|||\(kept)"])
    }

    @Test(
        "a malformed request is refused with its status",
        arguments: [
            ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505"), ("GET / HTTP/1.2\r\nHost: h\r\n\r\n", "505"),
            ("GET / HTTP/1.x\r\nHost: h\r\n\r\n", "505"),
            ("GET / http/1.1\r\nHost: h\r\n\r\n", "400"), ("GET /\r\n\r\n", "400"),
            ("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("GET / x HTTP/1.1\r\nHost: h\r\n\r\n", "400"), ("G@T / HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("GET a HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\n\r\n", "400"), ("GET http://h/ HTTP/1.1\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400"),
            ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\n folded\r\nHost: h\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost : h\r\n\r\n", "400"), ("GET / HTTP/1.1\r\nHost: h\r\nnocolon\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\nX: a\u{00}b\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\nX: a\r\r\n\r\n", "400"), ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: x/../y\r\n\r\n", "400"), ("GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "501"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: magic\r\n\r\n", "417"),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"), ("\u{16}\u{03}\u{01}", "400"), ("hello\r\n", "400"),
            (String(repeating: "\r\n", count: 17), "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", "501"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501"),
            // U+212A KELVIN SIGN, whose lower case is k: a proxy that compares bytes sees another coding.
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chun\u{212A}ed\r\n\r\n", "501"),
        ])
    func rejections(text: String, status: String) {
        #expect(Self.events(text) == [status])
    }

    @Test("a run of combining characters is refused in the target and in header fields") func combining() {
        let run = String(repeating: "\u{315}\u{301}", count: 33)
        for head in [
            "GET /\(run) HTTP/1.1\r\nHost: a", "GET /?\(run) HTTP/1.1\r\nHost: a",
            "GET / HTTP/1.1\r\nHost: a\r\nX: \(run)",
        ] {
            let rejection = Self.rejection([Array("\(head)\r\n\r\n".utf8)])
            #expect(rejection?.code == .malformed && rejection?.message.contains("combining") == true)
        }
    }

    @Test(
        "a path with a malformed escape is refused with Go's message, whatever else is in the request",
        arguments: ["/oauth/v2/token%zz", "/a%", "/%", "/a%2", "/a%zz?b", "http://h/%zz"])
    func badEscape(target: String) {
        for fields in ["Host: h\r\n\r\n", "\r\n", ""] {
            let rejection = Self.rejection([Array("GET \(target) HTTP/1.1\r\n\(fields)".utf8)])
            #expect(rejection?.code == .malformed)
            #expect(rejection?.path.contains("%") == true)
            #expect(rejection.map { String(decoding: $0.response.body, as: UTF8.self) } == "400 Bad Request")
        }
    }

    @Test("a query may have malformed escapes, and an empty query is distinguished from none")
    func queries() {
        for (target, hasEmptyQuery) in [("/a?%zz", false), ("/a?", true), ("/a", false), ("/%41", false)] {
            var parser = RequestParser(bodyLimit: 10)
            Array("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n".utf8).withUnsafeBufferPointer { parser.append($0) }
            guard case .request(let request, _, _) = parser.next() else {
                Issue.record("no request: \(target)")
                continue
            }
            #expect(request.hasEmptyQuery == hasEmptyQuery)
        }
    }

    @Test(
        "a malformed chunk is refused",
        arguments: [
            "x\r\n", "\r\n", "-1\r\n", "+5\r\nhello\r\n", "0x5\r\nhello\r\n", " 5\r\nhello\r\n",
            "3\r\nabcd\r\n0\r\n\r\n", "3\r\nabc0\r\n\r\n",
            "-0\r\n\r\n", "5\rXYZ\nhello\r\n", "5\nhello\r\n", "5\r\nhello\n", "5\r\r\nhello\r\n", "5 x\r\nhello\r\n",
            "0\r\nnocolon\r\n\r\n", "0\r\n\n", "0\r\nX: y\n\r\n", "0\r\nX: a\rb\r\n\r\n", "12345678901234567\r\n",
        ])
    func chunks(body: String) {
        #expect(Self.events("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body) == ["400"])
    }

    @Test(
        "options of a connection are compared ignoring the case of ASCII letters only",
        arguments: [
            ("Close", "close"), ("x, CLOSE", "close"), ("x,close,y", "close"), ("keep-alive", "keep"),
            ("clo\u{17F}e", "keep"), ("closed", "keep"), ("", "keep"),
        ])
    func connection(value: String, expected: String) {
        #expect(
            Self.events("GET / HTTP/1.1\r\nHost: h\r\nConnection: \(value)\r\n\r\n") == ["GET /|||\(expected)"])
        #expect(
            Self.events("GET / HTTP/1.0\r\nConnection: \u{212A}eep-alive\r\n\r\n") == ["GET /|||close"])
    }

    @Test("two equal Content-Length fields count as one")
    func equalLengths() {
        #expect(
            Self.events("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab") == [
                "POST /||ab|keep"
            ])
    }

    @Test("a client that expects 100 Continue gets it once, and only while the body has not come")
    func expectContinue() {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"
        #expect(Self.events([Array(head.utf8), Array("ab".utf8)]) == ["continue", "POST /||ab|keep"])
        #expect(Self.events(head + "ab") == ["POST /||ab|keep"])
        let chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
        #expect(
            Self.events([Array(chunked.utf8), Array("2\r\nab\r\n0\r\n\r\n".utf8)]) == ["continue", "POST /||ab|keep"])
    }

    @Test(
        "lines may end with a line feed alone, and values may go on in the next line",
        arguments: [
            ("GET /a HTTP/1.1\nHost: h\n\n", ["h"]), ("GET /a HTTP/1.1\nHost: h\r\n\n", ["h"]),
            ("GET /a HTTP/1.1\r\nHost: h\nX: a\n\r\n", ["h", "a"]),
            ("GET /a HTTP/1.1\r\nHost: h\r\nX: a\r\n \t b \r\n\tc\r\n\r\n", ["h", "a b c"]),
            ("\n\r\nGET /a HTTP/1.0\n\n", []),
        ])
    func lenientLines(text: String, values: [String]) {
        for size in [1, 2, 1000] {
            var parser = RequestParser(bodyLimit: 10)
            var found: HTTPRequest?
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                bytes[start..<min(start + size, bytes.count)].withUnsafeBufferPointer { parser.append($0) }
                if case .request(let request, _, _) = parser.next() { found = request }
            }
            #expect(found?.path == "/a" && found?.headers.map(\.value) == values)
            #expect(parser.progress == .idle)
        }
    }

    @Test("the authority of an absolute target is the host, whatever the Host field says")
    func absoluteTarget() {
        for (text, host) in [
            ("GET http://a:81/x HTTP/1.1\r\nHost: b\r\n\r\n", "a:81"), ("GET HTTPS://a HTTP/1.0\r\n\r\n", "a"),
            ("GET http:///x HTTP/1.1\r\nHost: b\r\n\r\n", "b"),
        ] {
            var parser = RequestParser(bodyLimit: 10)
            Array(text.utf8).withUnsafeBufferPointer { parser.append($0) }
            guard case .request(let request, _, _) = parser.next() else {
                Issue.record("not a request: \(text)")
                continue
            }
            #expect(request.headers.filter { $0.name == "host" }.map(\.value) == [host])
        }
    }

    @Test("a target may contain raw UTF-8")
    func rawUTF8() {
        #expect(Self.events("GET /zoë?login_hint=zoë HTTP/1.1\r\nHost: h\r\n\r\n") == ["GET /zoë|login_hint=zoë||keep"])
    }

    @Test("Transfer-Encoding takes precedence over Content-Length, and the connection is closed")
    func bothFramings() {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(Self.events(head + "2\r\nab\r\n0\r\n\r\n" + Self.get) == ["POST /||ab|close"])
    }

    @Test("trailer fields are limited in number and size, and discarded")
    func trailers() {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        #expect(Self.events(head + String(repeating: "X: y\r\n", count: 100) + "\r\n") == ["POST /|||keep"])
        #expect(Self.events(head + String(repeating: "X: y\r\n", count: 101)) == ["431"])
        let long = "X: " + String(repeating: "y", count: 4000) + "\r\n"
        #expect(Self.events(head + String(repeating: long, count: 16) + "\r\n") == ["POST /|||keep"])
        #expect(Self.events(head + String(repeating: long, count: 17)) == ["431"])
        #expect(Self.events(head + "X: " + String(repeating: "y", count: 4096)) == ["400"])
    }

    @Test("chunk extensions are discarded, and limited in proportion to the body")
    func extensions() {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunk = "1 ;" + String(repeating: "e", count: 1000) + "\r\nx\r\n"
        #expect(Self.events(head + String(repeating: chunk, count: 16) + "0\r\n\r\n").first?.hasSuffix("|keep") == true)
        #expect(Self.events(head + String(repeating: chunk, count: 17) + "0\r\n\r\n") == ["400"])
        let small = String(repeating: "1\r\nx\r\n", count: 900)
        #expect(Self.events(head + small + "0\r\n\r\n").first?.hasSuffix("|keep") == true)
    }

    @Test("the memory of consumed bytes is released, however requests and reads are aligned")
    func compaction() {
        var parser = RequestParser(bodyLimit: 1000)
        let stream = Array((Self.post + Self.get + Self.chunked).utf8)
        var requests = 0
        var position = 0
        for _ in 0..<3000 {
            let piece = (0..<611).map { stream[(position + $0) % stream.count] }
            position += piece.count
            piece.withUnsafeBufferPointer { parser.append($0) }
            while case .request = parser.next() { requests += 1 }
            #expect(parser.held < 4096)
        }
        #expect(requests > 3000)
    }

    @Test("a body takes at most twice the memory of the received bytes, and no more than its length")
    func bodyMemory() {
        var parser = RequestParser(bodyLimit: 1 << 20)
        let head = Array("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n".utf8)
        head.withUnsafeBufferPointer { parser.append($0) }
        let piece = [UInt8](repeating: 120, count: 10_000)
        for number in 1..<100 {
            _ = parser.next()
            piece.withUnsafeBufferPointer { parser.append($0) }
            // The system's allocator rounds up a little.
            #expect(parser.held <= min(2 * number * 10_000, 1_000_000) + 8192)
        }
    }

    @Test("an idle connection keeps no memory of a large body")
    func idleMemory() {
        var parser = RequestParser(bodyLimit: 1 << 20)
        let body = String(repeating: "x", count: 1 << 20)
        for head in [
            "Content-Length: 1048576\r\n\r\n\(body)",
            "Transfer-Encoding: chunked\r\n\r\n100000\r\n\(body)\r\n0\r\n\r\n",
        ] {
            Array("POST / HTTP/1.1\r\nHost: h\r\n\(head)".utf8).withUnsafeBufferPointer { parser.append($0) }
            guard case .request = parser.next(), case .needsMore = parser.next() else {
                Issue.record("not one request")
                return
            }
            #expect(parser.held == 0)
        }
    }

    @Test("a head of 1 MiB is read, a longer one is refused, complete or not")
    func headLimit() {
        func head(_ size: Int) -> String {
            let start = "GET / HTTP/1.1\r\nHost: h\r\nX: "
            return start + String(repeating: "a", count: size - start.utf8.count)
        }
        #expect(Self.events(head((1 << 20) - 2) + "\r\n\r\n") == ["GET /|||keep"])
        #expect(Self.events(head(1 << 20) + "\r\n\r\n") == ["431"])
        #expect(Self.events(head((1 << 20) + 1)) == ["431"])
        #expect(Self.events("GET /" + String(repeating: "a", count: 1 << 20)) == ["431"])
    }

    @Test("500 header fields are accepted, and 501 are refused")
    func fieldLimit() {
        func head(_ count: Int) -> String {
            "GET / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "X: y\r\n", count: count - 1) + "\r\n"
        }
        #expect(Self.events(head(500)) == ["GET /|||keep"])
        #expect(Self.events(head(501)) == ["431"])
    }

    @Test("a request with a body over the limit says so, and the connection is closed")
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
