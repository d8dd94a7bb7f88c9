import HTTP
@testable import HTTPServer
import Synchronization
import Testing

/// The time and memory that a client may take. No test waits: the clock is moved.
@Suite struct ConnectionLimitTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test("a request head that is incomplete after 10 s is answered with 408, however steadily its bytes come")
    func slowHead() {
        let client = TestConnection()
        client.send("GET /slow HTTP/1.1\r\nHo")
        for _ in 0..<9 {
            client.advance(milliseconds: 1000)
            client.send("x")
        }
        client.advance(milliseconds: 999)
        #expect(client.transport.text == "")
        client.advance(milliseconds: 1)
        #expect(client.transport.text.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        #expect(client.rejections == [.timeout])
        #expect(client.shared.rejections.withLock { $0.first?.path } == "/slow")
        #expect(client.transport.isFinished)
    }

    @Test("a body that comes slower than 500 bytes a second is answered with 408 after 20 s, and a faster one is not")
    func slowBody() {
        let head = "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n"
        // At 400 bytes a second the time is over after 96 s: 20 s, and 1 s for each 500 bytes that came.
        for (rate, seconds) in [(400, 95), (501, 190)] {
            let client = TestConnection()
            client.send(head)
            for _ in 0..<seconds {
                client.advance(milliseconds: 1000)
                client.send([UInt8](repeating: 120, count: rate))
            }
            #expect(client.rejections.isEmpty)
            client.advance(milliseconds: 1000)
            #expect(client.rejections == (rate == 400 ? [.timeout] : []))
        }
        let client = TestConnection()
        client.send(head)
        client.advance(milliseconds: 19_999)
        #expect(client.rejections.isEmpty)
        client.advance(milliseconds: 1)
        #expect(client.rejections == [.timeout])
    }

    @Test("a connection is closed without a response after 75 s without requests")
    func idle() {
        let client = TestConnection()
        client.send(Self.get)
        client.advance(milliseconds: 74_999)
        client.send(Self.get)
        client.advance(milliseconds: 74_999)
        #expect(!client.connection.isClosed)
        client.advance(milliseconds: 1)
        #expect(client.connection.isClosed && client.rejections.isEmpty && client.count(of: "200 OK") == 2)
    }

    @Test("a client that reads nothing for 30 s, or only a trickle, is disconnected")
    func unreadOutput() {
        for trickle in [0, 20] {
            let client = TestConnection { _ in
                .response(HTTPResponse(status: 200, body: [UInt8](repeating: 0, count: 50_000)))
            }
            client.transport.appetite = 0
            client.send(Self.get)
            for _ in 0..<29 {
                client.advance(milliseconds: 1000)
                client.take(trickle)
            }
            #expect(!client.connection.isClosed)
            for _ in 0..<10 {
                client.advance(milliseconds: 1000)
                client.take(trickle)
            }
            #expect(client.connection.isClosed)
        }
    }

    @Test("after the last response, the client has 2 s to close the connection")
    func draining() {
        let client = TestConnection()
        client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        #expect(client.transport.isFinished)
        client.advance(milliseconds: 1999)
        #expect(!client.transport.isClosed)
        client.advance(milliseconds: 1)
        #expect(client.transport.isClosed)
    }

    @Test("of what a client still sends after the last response, 64 MiB are thrown away, and then it is cut off")
    func drainSize() {
        let client = TestConnection()
        client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        let megabyte = [UInt8](repeating: 0x78, count: 1 << 20)
        for _ in 0..<64 { client.send(megabyte) }
        #expect(!client.transport.isClosed)
        #expect(client.context.budget.used == 0)
        client.send([0x78])
        #expect(client.transport.isClosed)
    }

    @Test("while a client does not read, its pipelined requests wait, and little output is kept for it")
    func pipelinedOutput() {
        let client = TestConnection { _ in
            .response(HTTPResponse(status: 200, body: [UInt8](repeating: 0, count: 10_000)))
        }
        client.transport.appetite = 0
        client.send(String(repeating: Self.get, count: 2000))
        #expect(client.requests.count <= 2)
        #expect(client.context.budget.used < 64 << 10)
        for _ in 0..<3000 where client.requests.count < 2000 {
            client.take(20_000)
            client.send("")
        }
        client.take()
        #expect(client.requests.count == 2000 && client.count(of: "200 OK") == 2000)
        #expect(client.context.budget.used == 0)
    }

    @Test("when connections use too much memory, one that uses more than its share is answered with 503")
    func sharedMemory() {
        let budget = MemoryBudget(limit: 100_000)
        let head = "POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"
        let large = TestConnection(budget: budget)
        let small = TestConnection(budget: budget)
        small.send(head + String(repeating: "x", count: 6000))
        large.send(head + String(repeating: "x", count: 60_000))
        #expect(large.rejections.isEmpty)
        large.send(String(repeating: "x", count: 100_000))
        #expect(large.rejections == [.overloaded])
        #expect(large.transport.text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(small.rejections.isEmpty)
        small.send(Self.get)
        small.connection.close()
        large.connection.close()
        #expect(budget.used == 0)
    }

    @Test("a connection that stopped sending is closed, too, when memory is short")
    func stalledConnection() {
        let budget = MemoryBudget(limit: 100_000)
        let head = "POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"
        let stalled = TestConnection(budget: budget)
        stalled.send(head + String(repeating: "x", count: 60_000))
        let others = (0..<5).map { _ in TestConnection(budget: budget) }
        for other in others { other.send(head + String(repeating: "x", count: 10_000)) }
        stalled.connection.shedIfOverShare()
        for other in others { other.connection.shedIfOverShare() }
        #expect(stalled.rejections == [.overloaded])
        #expect(others.allSatisfy { $0.rejections.isEmpty })
    }

    @Test("the earliest deadline comes first, and deadlines can be canceled")
    func timerQueue() {
        var queue = TimerQueue<Int>()
        for value in 0..<500 { queue.insert(value, at: Int64(value * 7919 % 500)) }
        queue.removeAll { $0.owner % 2 == 1 }
        #expect(queue.takeDue(at: -1) == nil)
        var times: [Int64] = []
        while let entry = queue.takeDue(at: 1000) { times.append(entry.time) }
        #expect(times.count == 250 && times == times.sorted())
    }
}
