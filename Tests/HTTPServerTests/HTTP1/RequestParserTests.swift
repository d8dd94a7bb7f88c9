import HTTP
@testable import HTTPServer
import Testing

/// How requests are read from bytes, and which ones are refused.
@Suite struct RequestParserTests {
    @Test("requests are parsed the same however their bytes are split", arguments: [1, 2, 3, 7, 50, 100_000])
    func pieces(size: Int) {
        let requests = [SampleRequest.post, SampleRequest.chunked, "\r\n", SampleRequest.get, SampleRequest.post]
        let bytes = Array(requests.joined().utf8)
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        #expect(
            parserEvents(pieces) == [
                "POST /a/b|q=1|hello|keep", "POST /c||abc0123456789|keep", "GET /|||keep", "POST /a/b|q=1|hello|keep",
            ])
    }

    @Test("a request split in two at any position is parsed the same")
    func halves() {
        for text in [SampleRequest.post, SampleRequest.chunked] {
            let bytes = Array(text.utf8)
            let whole = parserEvents([bytes])
            #expect(whole.count == 1)
            for cut in 0...bytes.count { #expect(parserEvents([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole) }
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
            let bytes: [UInt8] = preamble + Array(SampleRequest.get.utf8)
            let pieces = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            let rejection = Self.rejection(pieces)
            #expect(rejection?.code.rawValue == "proxy_protocol_preamble" && rejection?.status == 400)
            #expect(rejection?.message.contains("send-proxy") == true)
        }
    }

    @Test("a host that is longer than a DNS name with a port is refused") func hostLength() {
        for (length, isRead) in [(HTTPRequest.hostLimit, true), (HTTPRequest.hostLimit + 1, false)] {
            let host = String(repeating: "h", count: length)
            let rejection = Self.rejection([Array("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n".utf8)])
            #expect((rejection == nil) == isRead)
            let absolute = Self.rejection([Array("GET http://\(host)/ HTTP/1.1\r\nHost: h\r\n\r\n".utf8)])
            #expect((absolute == nil) == isRead)
        }
    }

    @Test("input that only resembles the PROXY protocol is parsed as HTTP")
    func noProxyProtocol() {
        #expect(parserEvents("PROXY /a HTTP/1.1\r\nHost: h\r\n\r\n") == ["PROXY /a|||keep"])
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
        "a folded field is one value without white space around it",
        arguments: ["Content-Length:\r\n 3", "Content-Length: 3\r\n ", "Transfer-Encoding:\r\n\tchunked"])
    func folded(field: String) {
        let body = field.hasPrefix("C") ? "abc" : "3\r\nabc\r\n0\r\n\r\n"
        #expect(parserEvents("POST / HTTP/1.1\r\nHost: h\r\n\(field)\r\n\r\n" + body) == ["POST /||abc|keep"])
    }

    @Test(
        "a target in absolute form is reduced to its path and query",
        arguments: [
            ("http://h/a?b", "/a|b"), ("https://h:8080/a", "/a|"), ("http://h", "/|"), ("http://h?x=1", "/|x=1"),
            ("http://h:1?a=/b", "/|a=/b"),
            ("http://h?", "/|"), ("*", "*|"), ("/a?b?c", "/a|b?c"), ("/?", "/|"), ("//x", "//x|"),
        ])
    func targets(target: String, read: String) {
        #expect(parserEvents("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n") == ["GET \(read)||keep"])
    }

    @Test(
        "a connection is kept open by the rules of its HTTP version",
        arguments: [
            ("HTTP/1.1\r\nHost: h", "keep"), ("HTTP/1.1\r\nHost: h\r\nConnection: close", "close"),
            ("HTTP/1.1\r\nHost: h\r\nConnection: foo, Close", "close"),
            ("HTTP/1.0", "close"), ("HTTP/1.0\r\nConnection: Keep-Alive", "keep"), ("HTTP/1.0\r\nHost: h", "close"),
        ])
    func keepAlive(rest: String, kept: String) {
        #expect(parserEvents("GET / \(rest)\r\n\r\n") == ["GET /|||\(kept)"])
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
        #expect(parserEvents(text) == [status])
    }

    @Test("an overlong run of combining characters is refused in the target and in header fields") func combining() {
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
        #expect(parserEvents("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body) == ["400"])
    }

    @Test(
        "options of a connection are compared ignoring the case of ASCII letters only",
        arguments: [
            ("Close", "close"), ("x, CLOSE", "close"), ("x,close,y", "close"), ("keep-alive", "keep"),
            ("clo\u{17F}e", "keep"), ("closed", "keep"), ("", "keep"),
        ])
    func connection(value: String, expected: String) {
        #expect(
            parserEvents("GET / HTTP/1.1\r\nHost: h\r\nConnection: \(value)\r\n\r\n") == ["GET /|||\(expected)"])
        #expect(
            parserEvents("GET / HTTP/1.0\r\nConnection: \u{212A}eep-alive\r\n\r\n") == ["GET /|||close"])
    }

    @Test("two equal Content-Length fields count as one")
    func equalLengths() {
        #expect(
            parserEvents("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab") == [
                "POST /||ab|keep"
            ])
    }

    @Test("a client that expects 100 Continue gets it once, and only before the body has come")
    func expectContinue() {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"
        #expect(parserEvents([Array(head.utf8), Array("ab".utf8)]) == ["continue", "POST /||ab|keep"])
        #expect(parserEvents(head + "ab") == ["POST /||ab|keep"])
        let chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
        #expect(
            parserEvents([Array(chunked.utf8), Array("2\r\nab\r\n0\r\n\r\n".utf8)]) == ["continue", "POST /||ab|keep"])
    }

    @Test(
        "lines may end with a line feed alone, and values may continue on the next line",
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
        #expect(
            parserEvents("GET /zoë?login_hint=zoë HTTP/1.1\r\nHost: h\r\n\r\n") == ["GET /zoë|login_hint=zoë||keep"])
    }

    @Test("Transfer-Encoding takes precedence over Content-Length, and the connection is closed")
    func bothFramings() {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(parserEvents(head + "2\r\nab\r\n0\r\n\r\n" + SampleRequest.get) == ["POST /||ab|close"])
    }
}
