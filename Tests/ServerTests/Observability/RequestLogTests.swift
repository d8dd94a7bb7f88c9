import Encodings
import Glibc
import HTTP
import Provider
@testable import Server
import System
import TestSupport
import Testing

/// The access log under bad circumstances. The reader is a pipe of the test.
@Suite struct RequestLogTests {
    private struct Pipe {
        let reader: Int32
        let writer: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            (reader, writer) = (ends[0], ends[1])
            _ = fcntl(reader, F_SETFL, O_NONBLOCK)
        }

        /// All that has come so far.
        func read() -> String {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while case let count = Glibc.read(reader, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private static func event(_ path: String, detail: String = "some words") -> RequestEvent {
        var rejection = HTTPRejection(.malformed, detail)
        (rejection.method, rejection.path) = ("GET", path)
        return RequestEvent(rejection, id: "r-1", time: Timestamp(seconds: 1_800_000_000))
    }

    @Test("a log that nobody reads delays no request, and reports afterwards how much was lost")
    func unread() throws {
        let pipe = try Pipe()
        let writer = BackgroundWriter(descriptor: pipe.writer, limit: 20_000)
        let log = RequestLog(.text, writer: writer)
        // More than the pipe and the queue take together; a writer that waits would never come back.
        for number in 0..<3000 { log.record(Self.event("/\(number)")) }
        var text = ""
        while !writer.flush(milliseconds: 10) { text += pipe.read() }
        log.record(Self.event("/last"))
        #expect(writer.flush(milliseconds: 60_000))
        text += pipe.read()
        let lines = text.split(separator: "\n")
        let notes = lines.filter { $0.contains("log lines were dropped") }
        let lost = notes.compactMap { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } }.reduce(0, +)
        #expect(lost > 0 && lines.count - notes.count + lost == 3001)
        #expect(lines.last?.contains(" /last ") == true)
    }

    @Test(
        "long fields are truncated, also if they are few characters of many scalars",
        arguments: [RequestLog.Format.text, .json])
    func longFields(format: RequestLog.Format) throws {
        let pipe = try Pipe()
        let writer = BackgroundWriter(descriptor: pipe.writer, limit: 1 << 20)
        let log = RequestLog(format, writer: writer)
        log.record(
            Self.event(
                "/" + String(repeating: "e\u{301}", count: 100_000), detail: String(repeating: "c", count: 100_000)))
        #expect(writer.flush(milliseconds: 60_000))
        let line = pipe.read()
        #expect(line.utf8.count < 2000 && line.contains("(100000 bytes)") && line.contains("(300001 bytes)"))
    }

    @Test("a token that was sent in the wrong place is not logged", arguments: [RequestLog.Format.text, .json])
    func misplacedTokens(format: RequestLog.Format) throws {
        let pipe = try Pipe()
        let writer = BackgroundWriter(descriptor: pipe.writer, limit: 1 << 20)
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLXRoaXM"
        RequestLog(format, writer: writer).record(Self.event("/x/\(token)/y", detail: "no client \"\(token)\" here"))
        #expect(writer.flush(milliseconds: 60_000))
        let line = pipe.read()
        #expect(!line.contains("c2lnbmF0dXJl") && !line.contains("eyJzdWIi"))
        #expect(line.contains("/x/eyJh…oaXM/y"))
        #expect(line.contains("no client"))
    }

    @Test("a code that was sent as a path is not logged", arguments: [RequestLog.Format.text, .json])
    func misplacedCodes(format: RequestLog.Format) throws {
        let pipe = try Pipe()
        let writer = BackgroundWriter(descriptor: pipe.writer, limit: 1 << 20)
        let log = RequestLog(format, writer: writer)
        let code = "Qx3_kS9dLw-0PzaB7vNmT5yUiOeRtGhJ2fKcXsW8qAlZ1bVnMy"
        for path in ["/\(code)", "/x/\(code)?", "/XRPR-SHVK", "/a/xrpr-shvk/b", "/XRPRSHVK"] {
            log.record(Self.event(path))
        }
        #expect(writer.flush(milliseconds: 60_000))
        let text = pipe.read()
        #expect(!text.contains("7vNmT5yUiOeR") && !text.lowercased().contains("shvk"), "\(text)")
        #expect(text.contains("/x/Qx3_…VnMy?") && text.contains("/a/…/b"))
    }

    @Test("ordinary words in a path are logged") func ordinaryPaths() throws {
        let pipe = try Pipe()
        let writer = BackgroundWriter(descriptor: pipe.writer, limit: 1 << 20)
        let log = RequestLog(.text, writer: writer)
        let paths = [
            "/oauth/v2/token", "/shop-cart/callback", "/.well-known/openid-configuration",
            "/" + String(repeating: "x", count: 50),
            "/4bf92f3577b34da6a3ce929d0e0e47364bf92f3577b34da6", "/device_authorization/é/b",
        ]
        for path in paths { log.record(Self.event(path)) }
        #expect(writer.flush(milliseconds: 60_000))
        let text = pipe.read()
        for path in paths { #expect(text.contains(" \(path) "), "\(path)") }
    }

    @Test("on a terminal the status is colored, and clients cannot add colors") func colors() throws {
        let pipe = try Pipe()
        let writer = BackgroundWriter(descriptor: pipe.writer, limit: 1 << 20)
        RequestLog(.text, isColored: true, writer: writer).record(Self.event("/\u{1B}[31m"))
        #expect(writer.flush(milliseconds: 60_000))
        let line = pipe.read()
        #expect(line.hasPrefix("\u{1B}[33m400 http_malformed\u{1B}[0m GET /\u{FFFD}[31m "))
        #expect(line.split(separator: "\u{1B}").count == 2)
    }

    @Test("a request that the HTTP layer refuses is logged with its reason, and the response has it, too")
    func httpRejection() throws {
        let server = try TestServer()
        for code in HTTPRejection.Code.allCases {
            let response = server.service.answer(HTTPRejection(code, "some words"))
            #expect(response.status == code.status)
            #expect(response.header("mock-reason") == "\(code.rawValue); some words")
            #expect(Reason(rawValue: code.rawValue) == nil, "one list must not repeat the other")
        }
        let pipe = try Pipe()
        let writer = BackgroundWriter(descriptor: pipe.writer, limit: 1 << 20)
        RequestLog(.text, writer: writer).record(
            RequestEvent(HTTPRejection(.tlsHandshake, "some words"), id: "r-1", time: Timestamp(seconds: 1_800_000_000))
        )
        #expect(writer.flush(milliseconds: 60_000))
        #expect(pipe.read().hasPrefix("400 tls_on_plain_port - - 0.0ms: some words ("))
    }
}
