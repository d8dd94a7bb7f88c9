import HTTP
import HTTPServer
import Testing

/// The client of the command line.
@Suite struct HTTPClientTests {
    private static func server(
        host: String = "127.0.0.1", _ handler: @escaping @Sendable (HTTPRequest) -> Reply
    ) throws
        -> HTTPServer
    { try HTTPServer(host: host, port: 0, workers: 1, limits: HTTPLimits(body: 1 << 20), handler: handler) }

    @Test("a chunked response is put together") func chunks() throws {
        let server = try Self.server { _ in
            let stream = BodyStream()
            stream.send(Array("one ".utf8))
            stream.send(Array("two".utf8))
            stream.finish()
            return .response(HTTPResponse(status: 200, stream: stream))
        }
        defer { server.stop() }
        let answer = try HTTPClient.send(
            HTTPRequest(method: "GET", path: "/"), host: "127.0.0.1", port: server.port)
        #expect(answer.header("transfer-encoding") == "chunked")
        #expect(String(decoding: answer.body, as: UTF8.self) == "one two")
    }

    @Test("the pieces of an endless response are handed on as they come, until the caller has enough")
    func stream() throws {
        let server = try Self.server { _ in
            let stream = BodyStream()
            stream.send(Array("first".utf8))
            return .response(HTTPResponse(status: 200, stream: stream))
        }
        defer { server.stop() }
        var pieces: [String] = []
        try HTTPClient.stream(HTTPRequest(method: "GET", path: "/"), host: "127.0.0.1", port: server.port) { _, piece in
            pieces.append(String(decoding: piece, as: UTF8.self))
            return piece.isEmpty
        }
        #expect(pieces == ["", "first"])
    }

    @Test("IPv6 addresses are accepted with and without brackets", arguments: ["::1", "[::1]"]) func ipv6(
        host: String
    ) throws {
        guard
            let server = try? Self.server(
                host: "::1",
                { request in
                    .response(HTTPResponse(status: 200, body: Array((request.header("host") ?? "").utf8)))
                })
        else { return }
        defer { server.stop() }
        let answer = try HTTPClient.send(HTTPRequest(method: "GET", path: "/"), host: host, port: server.port)
        #expect(String(decoding: answer.body, as: UTF8.self) == "[::1]:\(server.port)")
    }

    @Test("a failed request reports the kind of its failure") func failures() throws {
        let server = try Self.server { _ in .later { _ in } }
        defer { server.stop() }
        func kind(_ host: String, _ port: Int, timeout: Int = 5) -> HTTPClient.Failure.Kind? {
            do throws(HTTPClient.Failure) {
                _ = try HTTPClient.send(
                    HTTPRequest(method: "GET", path: "/"), host: host, port: port, timeout: timeout)
                return nil
            } catch { return error.kind }
        }
        #expect(kind("127.0.0.1", server.port, timeout: 0) == .noAnswer)
        #expect(kind("no-such-host.invalid", 80) == .unknownHost)
        #expect(kind("127.0.0.1", 1) == .notConnected)
    }

    static let notHTTP = [
        "", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n",
    ]

    @Test("bytes that are not a response are rejected", arguments: notHTTP) func refused(text: String) {
        #expect(throws: HTTPClient.Failure.self) { try HTTPClient.parse(Array(text.utf8)) }
    }

    @Test("an interim response is skipped, and bytes beyond the length are not part of the body")
    func interim() throws {
        let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP"
        let answer = try HTTPClient.parse(Array(text.utf8))
        #expect(answer.status == 200 && answer.body == Array("ok".utf8))
    }
}
