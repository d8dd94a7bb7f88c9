import HTTP
import Testing

@testable import HTTPServer

/// How much the parser accepts, and how much memory it keeps.
@Suite struct RequestParserLimitTests {
    @Test("trailer fields are limited in number and size, and discarded")
    func trailers() {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        #expect(parserEvents(head + String(repeating: "X: y\r\n", count: 100) + "\r\n") == ["POST /|||keep"])
        #expect(parserEvents(head + String(repeating: "X: y\r\n", count: 101)) == ["431"])
        let long = "X: " + String(repeating: "y", count: 4000) + "\r\n"
        #expect(parserEvents(head + String(repeating: long, count: 16) + "\r\n") == ["POST /|||keep"])
        #expect(parserEvents(head + String(repeating: long, count: 17)) == ["431"])
        #expect(parserEvents(head + "X: " + String(repeating: "y", count: 65_000) + "\r\n\r\n") == ["POST /|||keep"])
        #expect(parserEvents(head + "X: " + String(repeating: "y", count: 66_000)) == ["431"])
    }

    @Test("chunk extensions are discarded, and limited in proportion to the body")
    func extensions() {
        let head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunk = "1 ;" + String(repeating: "e", count: 1000) + "\r\nx\r\n"
        #expect(
            parserEvents(head + String(repeating: chunk, count: 16) + "0\r\n\r\n").first?.hasSuffix("|keep") == true)
        #expect(parserEvents(head + String(repeating: chunk, count: 17) + "0\r\n\r\n") == ["400"])
        let small = String(repeating: "1\r\nx\r\n", count: 900)
        #expect(parserEvents(head + small + "0\r\n\r\n").first?.hasSuffix("|keep") == true)
    }

    @Test("the memory of consumed bytes is released, however requests and reads are aligned")
    func compaction() {
        var parser = RequestParser(bodyLimit: 1000)
        let stream = Array((SampleRequest.post + SampleRequest.get + SampleRequest.chunked).utf8)
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

    @Test("a head of 1 MiB is accepted, and a longer one is refused, complete or not")
    func headLimit() {
        func head(_ size: Int) -> String {
            let start = "GET / HTTP/1.1\r\nHost: h\r\nX: "
            return start + String(repeating: "a", count: size - start.utf8.count)
        }
        #expect(parserEvents(head((1 << 20) - 2) + "\r\n\r\n") == ["GET /|||keep"])
        #expect(parserEvents(head(1 << 20) + "\r\n\r\n") == ["431"])
        #expect(parserEvents(head((1 << 20) + 1)) == ["431"])
        #expect(parserEvents("GET /" + String(repeating: "a", count: 1 << 20)) == ["431"])
    }

    @Test("500 header fields are accepted, and 501 are refused")
    func fieldLimit() {
        func head(_ count: Int) -> String {
            "GET / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "X: y\r\n", count: count - 1) + "\r\n"
        }
        #expect(parserEvents(head(500)) == ["GET /|||keep"])
        #expect(parserEvents(head(501)) == ["431"])
    }

    @Test("a request with a body over the limit says so, and the connection is closed")
    func bodyLimit() {
        let head = "POST / HTTP/1.1\r\nHost: h\r\n"
        #expect(parserEvents(head + "Content-Length: 4\r\n\r\nabcd", bodyLimit: 4) == ["POST /||abcd|keep"])
        #expect(parserEvents(head + "Content-Length: 5\r\n\r\n", bodyLimit: 4) == ["POST /||(too long)|close"])
        #expect(
            parserEvents(head + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", bodyLimit: 4) == [
                "POST /||abcd|keep"
            ])
        #expect(
            parserEvents(head + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n1\r\n", bodyLimit: 4) == [
                "POST /||(too long)|close"
            ])
    }
}
