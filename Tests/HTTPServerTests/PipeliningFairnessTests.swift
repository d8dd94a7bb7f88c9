import HTTP
@testable import HTTPServer
import Synchronization
import Testing

/// Of a client that pipelines many requests, a few are answered at a time, so that other clients are served between them.
@Suite struct PipeliningFairnessTests {
    private func requests(_ count: Int, from first: Int = 0) -> String {
        (first..<first + count).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
    }

    @Test("pipelined requests beyond the limit of a turn wait for the next turn, and need no further input")
    func count() {
        let client = TestConnection()
        client.transport.put(requests(20))
        client.connection.readable()
        #expect(client.requests.count == Turn.requestLimit)
        #expect(client.count(of: "HTTP/1.1 200") == Turn.requestLimit, "they are sent before others get their turn")
        #expect(client.connection.hasDeferredRequests && client.connection.interest == [])
        client.connection.resume()
        #expect(client.requests.count == 2 * Turn.requestLimit && client.connection.hasDeferredRequests)
        client.connection.resume()
        #expect(client.requests.map(\.path) == (0..<20).map { "/\($0)" })
        #expect(!client.connection.hasDeferredRequests && client.connection.interest == .read)
    }

    @Test("requests that take long end the turn earlier", arguments: [Int64(1), 2, 50]) func time(milliseconds: Int64) {
        let clock = ClockHolder()
        let client = TestConnection { request in
            clock.shared?.time.add(milliseconds, ordering: .relaxed)
            return .response(HTTPResponse(status: 204))
        }
        clock.shared = client.shared
        client.transport.put(requests(6))
        client.connection.readable()
        let expected = milliseconds == 1 ? 2 : 1
        #expect(client.requests.count == expected && client.connection.hasDeferredRequests)
        client.connection.resume()
        #expect(client.requests.count == 2 * expected)
    }

    @Test("requests that were received are answered before more is read, and before the connection ends") func order() {
        let client = TestConnection()
        client.transport.put(requests(9))
        client.connection.readable()
        client.transport.put(requests(2, from: 9))
        client.transport.finish()
        #expect(client.requests.count == 8)
        for _ in 0..<3 { client.connection.readable() }
        #expect(client.requests.map(\.path) == (0..<11).map { "/\($0)" })
        #expect(client.connection.isClosed && client.count(of: "HTTP/1.1 200") == 11)
    }

    @Test("a turn that comes late does not count as a time-out of the client") func noTimeout() {
        let client = TestConnection()
        client.transport.put(requests(9))
        client.connection.readable()
        client.shared.time.add(1_000_000, ordering: .relaxed)
        client.context.refresh()
        client.connection.expire()
        client.connection.resume()
        #expect(client.rejections.isEmpty && client.requests.count == 9)
    }

    /// Set once, before the requests.
    private final class ClockHolder: @unchecked Sendable {
        var shared: TestConnection.Shared?
    }
}
