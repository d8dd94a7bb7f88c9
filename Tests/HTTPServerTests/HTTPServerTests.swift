import Glibc
import HTTP
import Synchronization
import System
import Testing

@testable import HTTPServer

/// Over real sockets on loopback. One after the other, because some of them open many.
@Suite(.serialized) struct HTTPServerTests {
    /// No time limit is ever reached, however busy the machine is.
    private static let standingClock = HTTPClock(milliseconds: { 1_000_000 }, unixSeconds: { 1_800_000_000 })

    private static func serve(
        bodyLimit: Int = 11 << 20,
        _ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse = { request in
            HTTPResponse(
                status: 200, headers: [("X-Method", request.method)],
                body: Array("\(request.path) \(request.body.count)".utf8))
        }
    ) throws -> HTTPServer {
        try HTTPServer(
            host: "127.0.0.1", port: 0, workers: 2, limits: HTTPLimits(body: bodyLimit), clock: standingClock,
            handler: { .response(answer($0)) })
    }

    private static func exchange(_ text: String, _ server: HTTPServer) throws -> String {
        String(decoding: try HTTPClient.exchange(Array(text.utf8), with: "127.0.0.1", port: server.port), as: UTF8.self)
    }

    @Test("pipelined requests on one connection are answered in order, and the last one closes it")
    func pipelining() throws {
        let server = try Self.serve()
        defer { server.stop() }
        let get = { (path: String, more: String) in "GET \(path) HTTP/1.1\r\nHost: h\r\n\(more)\r\n" }
        let answer = try Self.exchange(
            get("/a", "") + get("/b", "") + get("/c", "Connection: close\r\n") + get("/d", ""), server)
        let bodies = answer.split(separator: "\r\n\r\n").compactMap { $0.split(separator: "HTTP/1.1").first }.filter {
            $0.hasPrefix("/")
        }.map(String.init)
        #expect(bodies == ["/a 0", "/b 0", "/c 0"])
        #expect(answer.split(separator: "Connection: close").count == 2)
    }

    @Test("a connection serves one request after the other")
    func keepAlive() throws {
        let server = try Self.serve()
        defer { server.stop() }
        let client = try #require(RawClient(port: server.port))
        for path in ["/1", "/2", "/3"] {
            client.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(client.read(until: "\(path) 0").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("a tab is kept in a response header, and other control characters become spaces") func headerValues() throws {
        let server = try Self.serve { _ in HTTPResponse(status: 200, headers: [("X-List", "a,\tb\r\nc\u{1}")]) }
        defer { server.stop() }
        let answer = try Self.exchange("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", server)
        #expect(answer.contains("\r\nX-List: a,\tb  c \r\n"))
    }

    @Test("the response to HEAD has the length of the body, but no body")
    func head() throws {
        let server = try Self.serve()
        defer { server.stop() }
        let answer = try Self.exchange("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", server)
        #expect(
            answer.contains("Content-Length: 4\r\n") && answer.contains("X-Method: HEAD\r\n")
                && answer.hasSuffix("\r\n\r\n"))
        #expect(answer.contains("\r\nDate: ") && answer.contains(" GMT\r\n"))
    }

    @Test("a body of 10 MB is received and returned completely")
    func largeBody() throws {
        let server = try Self.serve { HTTPResponse(status: 200, body: $0.body) }
        defer { server.stop() }
        let body = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let answer = try HTTPClient.send(
            HTTPRequest(method: "POST", path: "/", body: body), host: "127.0.0.1", port: server.port)
        #expect(answer.status == 200)
        #expect(answer.body == body)
    }

    @Test("a body over the limit is reported to the handler, and the client can read the answer")
    func bodyLimit() throws {
        let server = try Self.serve(bodyLimit: 1000) { HTTPResponse(status: $0.bodyIsTooLong ? 413 : 200) }
        defer { server.stop() }
        let request = HTTPRequest(method: "POST", path: "/", body: [UInt8](repeating: 0, count: 1 << 20))
        let answer = try HTTPClient.send(request, host: "127.0.0.1", port: server.port)
        #expect(answer.status == 413 && answer.header("connection") == "close")
    }

    @Test("a client that waits for 100 Continue gets it before it sends the body")
    func expectContinue() throws {
        let server = try Self.serve()
        defer { server.stop() }
        let client = try #require(RawClient(port: server.port))
        client.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        #expect(client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        client.send("abc")
        #expect(client.read(until: "/p 3").hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    @Test("a client that sends slowly delays no other client, and is answered")
    func slowSender() throws {
        let server = try Self.serve()
        defer { server.stop() }
        let slow = try (0..<8).map { _ in try #require(RawClient(port: server.port)) }
        for client in slow { client.send("POST /slow HTTP/1.1\r\nHost: h\r\nContent-Le") }
        for _ in 0..<20 {
            #expect(
                try HTTPClient.send(HTTPRequest(method: "GET", path: "/"), host: "127.0.0.1", port: server.port).status
                    == 200)
        }
        for client in slow {
            client.send("ngth: 1\r\n\r\nx")
            #expect(client.read(until: "/slow 1").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test(
        "bytes that are not HTTP are answered with 400, and the connection is closed",
        arguments: ["\u{16}\u{03}\u{01}\u{00}\r\n\r\n", "hello\r\n\r\n", "\r\n\r\nx y\r\n\r\n"])
    func garbage(text: String) throws {
        let server = try Self.serve()
        defer { server.stop() }
        #expect(try Self.exchange(text, server).hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(
            try HTTPClient.send(HTTPRequest(method: "GET", path: "/"), host: "127.0.0.1", port: server.port).status
                == 200)
    }

    @Test(
        "a client that has closed its sending side gets its response, even when its bytes fill the read buffer exactly",
        arguments: [10, 65_536])
    func halfClosed(size: Int) throws {
        let server = try Self.serve()
        defer { server.stop() }
        let client = try #require(RawClient(port: server.port))
        let head = "POST /h HTTP/1.1\r\nHost: h\r\nContent-Length: "
        let length = max(1, size - head.utf8.count - 9)
        let text = head + String(repeating: "0", count: max(0, 5 - String(length).utf8.count)) + "\(length)\r\n\r\n"
        client.send(text + String(repeating: "x", count: length))
        client.finishSending()
        #expect(client.read(until: "/h \(length)").hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    @Test(
        "a client that closes its sending side within a request is told so",
        arguments: [
            ("GET / HT", "head"), ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc", "body"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc", "body"),
        ])
    func incomplete(text: String, part: String) throws {
        let rejections = Mutex<[HTTPRejection]>([])
        let server = try HTTPServer(
            host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: 100),
            rejected: { rejection in
                rejections.withLock { $0.append(rejection) }
                return rejection.response
            }, handler: { _ in .response(HTTPResponse(status: 200)) })
        defer { server.stop() }
        let client = try #require(RawClient(port: server.port))
        client.send(text)
        client.finishSending()
        #expect(client.read(until: "never").hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(rejections.withLock { $0.map(\.message) }.first?.contains("ended within the request \(part)") == true)
    }

    @Test("connections that send nothing or disconnect do not disturb others")
    func silentConnections() throws {
        let server = try Self.serve()
        defer { server.stop() }
        let silent = try (0..<20).map { _ in try #require(RawClient(port: server.port)) }
        for client in silent.prefix(10) { client.reset() }
        #expect(
            try HTTPClient.send(HTTPRequest(method: "GET", path: "/"), host: "127.0.0.1", port: server.port).status
                == 200)
        let last = try #require(silent.last)
        last.send("GET /late HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(last.read(until: "/late 0").hasPrefix("HTTP/1.1 200"))
    }

    @Test("1,000 connections at a time are all answered")
    func manyConnections() throws {
        let server = try Self.serve()
        defer { server.stop() }
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try #require(
            limit.rlim_cur >= 2200,
            "the system's hard limit of descriptors is too low for both ends of 1,000 connections")
        let clients = try (0..<1000).map { _ in try #require(RawClient(port: server.port)) }
        for (index, client) in clients.enumerated() { client.send("GET /\(index) HTTP/1.1\r\nHost: h\r\n\r\n") }
        var answered = 0
        for (index, client) in clients.enumerated() where client.read(until: "/\(index) 0").hasPrefix("HTTP/1.1 200") {
            answered += 1
        }
        #expect(answered == 1000)
    }

    @Test("stop() lets a running request finish, and closes idle connections")
    func stop() throws {
        let begun = Gate()
        let finish = Gate()
        let server = try Self.serve { _ in
            begun.open()
            finish.wait()
            return HTTPResponse(status: 200, body: Array("done".utf8))
        }
        let idle = try #require(RawClient(port: server.port))
        let client = try #require(RawClient(port: server.port))
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        begun.wait()
        let stopping = try Thread { server.stop() }
        finish.open()
        #expect(client.read(until: "done").hasPrefix("HTTP/1.1 200"))
        stopping.join()
        #expect(idle.read(until: "never") == "", "the idle connection was ended")
        #expect(RawClient(port: server.port) == nil, "nobody listens any more")
    }

    @Test("stop() returns although one request never ends and another is never answered")
    func stopUnfinished() throws {
        let begun = Gate()
        let server = try HTTPServer(
            host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: 1000), clock: Self.standingClock
        ) { _ in
            begun.open()
            return .response(HTTPResponse(status: 200, delivery: Delivery(ending: .hang)))
        }
        let half = try #require(RawClient(port: server.port))
        half.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf")
        let unanswered = try #require(RawClient(port: server.port))
        unanswered.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        begun.wait()
        server.stop()
        #expect(half.read(until: "never") == "")
        #expect(unanswered.read(until: "never") == "")
    }

    @Test("the error for a port in use says what to do")
    func portTaken() throws {
        let server = try Self.serve()
        defer { server.stop() }
        let text =
            "port \(server.port) of 127.0.0.1 is already in use; stop what listens there, name another with --port, or let --port 0 pick a free one"
        #expect {
            try HTTPServer(host: "127.0.0.1", port: server.port, workers: 1, limits: HTTPLimits(body: 1)) { _ in
                .response(HTTPResponse(status: 200))
            }
        } throws: {
            "\($0)" == text
        }
    }

    @Test("the error for an address of another machine says what to do")
    func addressOfOtherMachine() {
        #expect {
            try HTTPServer(host: "192.0.2.1", port: 0, workers: 1, limits: HTTPLimits(body: 1)) { _ in
                .response(HTTPResponse(status: 200))
            }
        } throws: {
            "\($0)" == "192.0.2.1 is not an address of this machine; name another with --host"
        }
    }

    @Test("a line break in a header's value cannot make a second header")
    func headerInjection() throws {
        let server = try Self.serve { _ in HTTPResponse(status: 200, headers: [("X-A", "b\r\nX-Evil: c")]) }
        defer { server.stop() }
        let answer = try HTTPClient.send(HTTPRequest(method: "GET", path: "/"), host: "127.0.0.1", port: server.port)
        #expect(answer.header("x-evil") == nil && answer.header("x-a")?.hasPrefix("b") == true)
    }
}
