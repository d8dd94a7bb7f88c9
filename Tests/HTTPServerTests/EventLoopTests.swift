import Glibc
import HTTP
@testable import HTTPServer
import Synchronization
import System
import Testing

/// What only an event loop with real sockets shows. Time limits are reached by moving the clock.
@Suite(.serialized) struct EventLoopTests {
    /// A clock that the test moves.
    private final class TestClock: Sendable {
        let time = Atomic<Int64>(1_000_000)
        var clock: HTTPClock {
            HTTPClock(milliseconds: { self.time.load(ordering: .relaxed) }, unixSeconds: { 1_800_000_000 })
        }
    }

    private static func server(
        host: String = "127.0.0.1", limits: HTTPLimits = HTTPLimits(body: 1 << 20), clock: HTTPClock = .system,
        workers: Int = 1, _ handler: @escaping @Sendable (HTTPRequest) -> Reply
    ) throws -> HTTPServer {
        try HTTPServer(host: host, port: 0, workers: workers, limits: limits, clock: clock, handler: handler)
    }

    private static func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n" }

    @Test("delayed responses occupy no thread: a hundred wait while others are answered") func delays() throws {
        let clock = TestClock()
        let server = try Self.server(clock: clock.clock) { request in
            .response(
                HTTPResponse(
                    status: 200, body: Array("<\(request.path)>".utf8),
                    delivery: request.path == "/slow" ? Delivery(delay: 60_000) : .normal))
        }
        defer { server.stop() }
        let slow = try (0..<100).map { _ in try #require(RawClient(port: server.port)) }
        for client in slow { client.send(Self.get("/slow")) }
        let fast = try #require(RawClient(port: server.port))
        for _ in 0..<3 {
            fast.send(Self.get("/fast"))
            #expect(fast.read(until: "</fast>").hasSuffix("</fast>"))
        }
        clock.time.add(60_000, ordering: .relaxed)
        server.wake()
        for client in slow { #expect(client.read(until: "</slow>").hasPrefix("HTTP/1.1 200 OK\r\n")) }
    }

    @Test("a response may be given by another thread") func later() throws {
        let waiting = Monitor<[Responder]>([])
        let server = try Self.server(workers: 2) { request in
            request.path == "/later"
                ? .later { responder in waiting.change { $0.append(responder) } }
                : .response(HTTPResponse(status: 204))
        }
        defer { server.stop() }
        let clients = try (0..<20).map { _ in try #require(RawClient(port: server.port)) }
        for client in clients { client.send(Self.get("/later")) }
        let responders = waiting.wait { $0.count == 20 ? $0 : nil } ?? []
        let thread = try Thread {
            for responder in responders { responder.complete(HTTPResponse(status: 200, body: Array("late".utf8))) }
        }
        for client in clients { #expect(client.read(until: "late").hasPrefix("HTTP/1.1 200 OK\r\n")) }
        thread.join()
    }

    @Test("a client can tell a reset from a close before the response") func endings() throws {
        let server = try Self.server { request in
            .response(
                HTTPResponse(
                    status: 200, delivery: Delivery(ending: request.path == "/reset" ? .reset : .closeBeforeAnswer)))
        }
        defer { server.stop() }
        let reset = try #require(RawClient(port: server.port))
        reset.send(Self.get("/reset"))
        #expect(reset.read(until: "never") == "" && reset.lastError == ECONNRESET)
        let closed = try #require(RawClient(port: server.port))
        closed.send(Self.get("/close"))
        #expect(closed.read(until: "never") == "" && closed.lastError == 0)
    }

    @Test("the producer of a stream learns that the client has left") func streamLeft() throws {
        let stream = BodyStream()
        let isGone = Monitor(false)
        stream.whenClientGone { isGone.change { $0 = true } }
        let server = try Self.server { _ in .response(HTTPResponse(status: 200, stream: stream)) }
        defer { server.stop() }
        do {
            let client = try #require(RawClient(port: server.port))
            client.send(Self.get("/events"))
            stream.send(Array("first".utf8))
            #expect(client.read(until: "first\r\n").hasSuffix("5\r\nfirst\r\n"))
        }
        #expect(isGone.wait(milliseconds: 60_000) { $0 ? true : nil } == true)
    }

    @Test(
        "a new connection replaces the one that is idle longest, and is answered with 503 when none is idle")
    func connectionLimit() throws {
        var limits = HTTPLimits(body: 1 << 20)
        limits.connections = 3
        let clock = TestClock()
        let server = try Self.server(limits: limits, clock: clock.clock) { request in
            .response(
                HTTPResponse(
                    status: 200, body: Array("<\(request.path)>".utf8),
                    delivery: request.path == "/busy" ? Delivery(delay: 1_000_000) : .normal))
        }
        defer { server.stop() }
        let idle = try (0..<3).map { number in
            let client = try #require(RawClient(port: server.port))
            client.send(Self.get("/\(number)"))
            #expect(client.read(until: "</\(number)>").hasPrefix("HTTP/1.1 200"))
            clock.time.add(1000, ordering: .relaxed)
            return client
        }
        let busy = try (0..<3).map { _ in
            let client = try #require(RawClient(port: server.port))
            client.send(Self.get("/1"))
            #expect(client.read(until: "</1>").hasPrefix("HTTP/1.1 200"))
            client.send(Self.get("/busy"))
            return client
        }
        for client in idle { #expect(client.read(until: "never") == "", "it made way") }
        let refused = try #require(RawClient(port: server.port))
        #expect(refused.read(until: "never").hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(busy.count == 3)
    }

    @Test(
        "localhost is served at each of its addresses, and * at all IPv4 and IPv6 addresses, on one port",
        arguments: [("localhost", "127.0.0.1", "[::1]"), ("*", "0.0.0.0", "[::]")])
    func families(name: String, four: String, six: String) throws {
        let server = try Self.server(host: name) { _ in .response(HTTPResponse(status: 200)) }
        defer { server.stop() }
        var hosts = ["127.0.0.1"]
        if let other = try? HTTPServer(
            host: "::1", port: 0, workers: 1, limits: HTTPLimits(body: 1),
            handler: { _ in .response(HTTPResponse(status: 200)) })
        {
            other.stop()
            hosts.append("[::1]")
        }
        #expect(server.addresses == [four, six].prefix(hosts.count).map { "\($0):\(server.port)" })
        for host in hosts {
            let answer = try HTTPClient.send(
                HTTPRequest(method: "GET", path: "/"), host: host, port: server.port)
            #expect(answer.status == 200)
        }
    }

    @Test("idle connections are closed after their time-out") func idle() throws {
        let clock = TestClock()
        let server = try Self.server(clock: clock.clock) { _ in .response(HTTPResponse(status: 200)) }
        defer { server.stop() }
        let client = try #require(RawClient(port: server.port))
        client.send(Self.get("/"))
        #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
        clock.time.add(75_000, ordering: .relaxed)
        server.wake()
        #expect(client.read(until: "never") == "" && client.lastError == 0)
    }

    @Test("pipelined requests are all answered, and other clients are served between them")
    func turns() throws {
        let seen = Mutex<[String]>([])
        let isBlocked = Monitor(true)
        let server = try Self.server { request in
            if request.path == "/first" { _ = isBlocked.wait(milliseconds: 60_000) { $0 ? nil : true } }
            seen.withLock { $0.append(request.path) }
            return .response(HTTPResponse(status: 200, body: Array("<\(request.path)>".utf8)))
        }
        defer { server.stop() }
        let many = try #require(RawClient(port: server.port))
        let other = try #require(RawClient(port: server.port))
        other.send(Self.get("/hello"))
        #expect(other.read(until: "</hello>").hasSuffix("</hello>"))
        // All are in the socket's buffer before the first one is answered.
        many.send(Self.get("/first") + String(repeating: Self.get("/many"), count: 100) + Self.get("/last"))
        other.send(Self.get("/other"))
        isBlocked.change { $0 = false }
        #expect(other.read(until: "</other>").hasSuffix("</other>"))
        #expect(many.read(until: "</last>").hasSuffix("</last>"))
        let order = seen.withLock { $0 }
        #expect(order.count == 104)
        let place = try #require(order.firstIndex(of: "/other"))
        #expect(place < 40, "\(place)")
    }
}
