import HTTP
@testable import HTTPServer
import Synchronization
import Testing

/// Responses that come later, slowly, cut, or never. No test waits: the clock is moved.
@Suite struct DeliveryTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
    private static let body = Array("0123456789".utf8)

    private static func client(_ delivery: Delivery, _ body: [UInt8] = body) -> TestConnection {
        TestConnection { request in
            request.path == "/plain"
                ? .response(HTTPResponse(status: 200, body: Array("plain".utf8)))
                : .response(HTTPResponse(status: 200, body: body, delivery: delivery))
        }
    }

    @Test("a delayed response is sent after its delay, and the next request waits for it")
    func delayed() {
        let client = Self.client(Delivery(delay: 250))
        client.send(Self.get + "GET /plain HTTP/1.1\r\nHost: h\r\n\r\n")
        client.advance(milliseconds: 249)
        #expect(client.transport.text == "" && client.requests.count == 1)
        client.advance(milliseconds: 1)
        #expect(client.count(of: "0123456789") == 1 && client.transport.text.hasSuffix("plain"))
    }

    @Test("a paced body is sent at its pace")
    func paced() {
        let client = Self.client(Delivery(bytesPerSecond: 2))
        client.send(Self.get)
        #expect(client.transport.text.hasSuffix("\r\n\r\n"))
        client.advance(milliseconds: 2000)
        #expect(client.transport.text.hasSuffix("\r\n\r\n0123"))
        client.advance(milliseconds: 3000)
        #expect(client.transport.text.hasSuffix("\r\n\r\n0123456789"))
        client.send("GET /plain HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.transport.text.hasSuffix("plain"))
    }

    @Test("a truncated body is announced with its full length, and the connection ends before it is complete")
    func truncated() {
        let client = Self.client(Delivery(ending: .truncated(bodyBytes: 4)))
        client.send(Self.get)
        #expect(
            client.transport.text.contains("Content-Length: 10\r\n") && client.transport.text.hasSuffix("\r\n\r\n0123"))
        #expect(client.transport.isFinished)
    }

    @Test("a connection can be closed or reset before the response")
    func noAnswer() {
        let closed = Self.client(Delivery(ending: .closeBeforeAnswer))
        closed.send(Self.get)
        #expect(closed.transport.text == "" && closed.transport.isFinished && !closed.transport.isReset)
        let reset = Self.client(Delivery(ending: .reset))
        reset.send(Self.get)
        #expect(reset.transport.text == "" && reset.transport.isReset && reset.transport.isClosed)
    }

    @Test("a response that hangs keeps the connection open until the client leaves, or for ten minutes")
    func hang() {
        let patient = Self.client(Delivery(ending: .hang))
        patient.send(Self.get)
        patient.advance(milliseconds: 599_999)
        #expect(patient.transport.text == "" && !patient.transport.isClosed)
        patient.advance(milliseconds: 1)
        #expect(patient.transport.isClosed)
        let leaving = Self.client(Delivery(ending: .hang))
        leaving.send(Self.get)
        leaving.connection.clientEnded(isGone: false)
        #expect(leaving.transport.isClosed)
    }

    @Test("a delay, a pace and an early end can be combined")
    func combined() {
        let client = Self.client(Delivery(delay: 1000, bytesPerSecond: 1, ending: .truncated(bodyBytes: 2)))
        client.send(Self.get)
        client.advance(milliseconds: 999)
        #expect(client.transport.text == "")
        client.advance(milliseconds: 1001)
        #expect(client.transport.text.hasSuffix("\r\n\r\n0"))
        client.advance(milliseconds: 1000)
        #expect(client.transport.text.hasSuffix("\r\n\r\n01") && client.transport.isFinished)
    }

    @Test("a response can be given later, but only once, and the next request waits for it")
    func later() throws {
        let kept = Mutex<Responder?>(nil)
        let client = TestConnection { request in
            guard request.path == "/a" else { return .response(HTTPResponse(status: 204)) }
            return .later { responder in kept.withLock { $0 = responder } }
        }
        client.send(Self.get + "GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.requests.count == 1 && client.transport.text == "")
        let responder = try #require(kept.withLock { $0 })
        #expect(responder.complete(HTTPResponse(status: 201)))
        #expect(!responder.complete(HTTPResponse(status: 202)))
        client.deliverMessages()
        #expect(client.transport.text.hasPrefix("HTTP/1.1 201 Created\r\n") && client.count(of: "204 No Content") == 1)
    }

    @Test("a request whose responder is dropped without a response is answered with 500")
    func givenUp() {
        let client = TestConnection { _ in .later { _ in } }
        client.send(Self.get)
        client.deliverMessages()
        #expect(client.transport.text.hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
    }

    @Test("a request that is not answered within ten minutes is answered with 503")
    func tooLate() {
        let kept = Mutex<Responder?>(nil)
        let client = TestConnection { _ in .later { responder in kept.withLock { $0 = responder } } }
        client.send(Self.get)
        client.advance(milliseconds: 600_000)
        #expect(client.transport.text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(kept.withLock { $0?.complete(HTTPResponse(status: 200)) } == false)
    }

    @Test(
        "an application that answers later learns that the client is gone, or sends nothing more",
        arguments: [true, false])
    func clientGone(isReset: Bool) throws {
        let kept = Mutex<Responder?>(nil)
        let client = TestConnection { _ in .later { responder in kept.withLock { $0 = responder } } }
        client.send(Self.get)
        let isGone = Flag()
        let responder = try #require(kept.withLock { $0 })
        responder.whenClientGone { isGone.set() }
        #expect(!isGone.isSet)
        client.connection.clientEnded(isGone: isReset)
        #expect(isGone.isSet)
        #expect(!responder.complete(HTTPResponse(status: 200)))
    }

    @Test("a response that is being made is sent to a client that sends nothing more, and not to one that is gone")
    func clientFinished() throws {
        for isReset in [true, false] {
            let kept = Mutex<Responder?>(nil)
            let client = TestConnection { _ in .soon { responder in kept.withLock { $0 = responder } } }
            client.send(Self.get)
            let isGone = Flag()
            let responder = try #require(kept.withLock { $0 })
            responder.whenClientGone { isGone.set() }
            client.connection.clientEnded(isGone: isReset)
            #expect(isGone.isSet == isReset)
            #expect(responder.complete(HTTPResponse(status: 201)) == !isReset)
            client.deliverMessages()
            #expect(client.count(of: "201 Created") == (isReset ? 0 : 1))
        }
    }

    @Test("a stream is sent in chunks as it is produced, and ends")
    func stream() {
        let stream = BodyStream()
        let client = TestConnection { request in
            request.path == "/a"
                ? .response(HTTPResponse(status: 200, body: Array("start;".utf8), stream: stream))
                : .response(HTTPResponse(status: 204))
        }
        client.send(Self.get)
        #expect(client.transport.text.contains("Transfer-Encoding: chunked\r\n"))
        #expect(stream.send(Array("one".utf8)))
        client.deliverMessages()
        #expect(client.transport.text.hasSuffix("6\r\nstart;\r\n3\r\none\r\n"))
        stream.finish()
        client.deliverMessages()
        #expect(client.transport.text.hasSuffix("0\r\n\r\n"))
        #expect(!stream.send(Array("late".utf8)))
        client.send("GET /b HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.count(of: "204 No Content") == 1)
    }

    @Test("a stream to an HTTP/1.0 client ends with the connection")
    func oldStream() {
        let stream = BodyStream()
        let client = TestConnection { _ in .response(HTTPResponse(status: 200, stream: stream)) }
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        stream.send(Array("one".utf8))
        stream.finish()
        client.deliverMessages()
        #expect(
            client.transport.text.hasPrefix("HTTP/1.0 200 OK\r\n") && client.transport.text.hasSuffix("\r\n\r\none"))
        #expect(!client.transport.text.contains("chunked") && client.transport.isFinished)
    }

    @Test("the unsent part of a stream is bounded, and its producer learns when the client leaves")
    func streamBounds() {
        let stream = BodyStream(limit: 50_000)
        let client = TestConnection { _ in .response(HTTPResponse(status: 200, stream: stream)) }
        client.transport.appetite = 0
        client.send(Self.get)
        var accepted = 0
        while stream.send([UInt8](repeating: 120, count: 1000)) {
            accepted += 1
            client.deliverMessages()
        }
        #expect(accepted >= 50 && accepted < 100)
        let isGone = Flag()
        stream.whenClientGone { isGone.set() }
        client.connection.clientEnded(isGone: true)
        #expect(isGone.isSet && !stream.send([1]))
    }

    @Test("a response to HTTP/1.0 says whether the connection is kept")
    func http10() {
        for (header, text) in [
            ("", "Connection: close\r\n"), ("Connection: Keep-Alive\r\n", "Connection: keep-alive\r\n"),
        ] {
            let client = TestConnection()
            client.send("GET / HTTP/1.0\r\n\(header)\r\n")
            #expect(client.transport.text.hasPrefix("HTTP/1.0 200 OK\r\n") && client.transport.text.contains(text))
        }
        let old = TestConnection()
        old.send("POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")
        #expect(old.transport.text == "", "HTTP/1.0 knows no 100 Continue")
    }

    @Test("status codes have their reason phrases, and 304 has no body")
    func phrases() {
        #expect(HTTPResponse.phrase(429) == "Too Many Requests" && HTTPResponse.phrase(299) == "")
        let client = TestConnection { _ in .response(HTTPResponse(status: 304, body: Self.body)) }
        client.send(Self.get)
        #expect(
            client.transport.text.hasPrefix("HTTP/1.1 304 Not Modified\r\n")
                && client.transport.text.hasSuffix("\r\n\r\n"))
        #expect(!client.transport.text.contains("Content-Length"))
    }
}
