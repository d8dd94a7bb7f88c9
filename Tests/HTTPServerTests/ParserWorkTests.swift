import HTTP
@testable import HTTPServer
import System
import Testing

/// Work in proportion to the input: measured against the same work on half of it, so that a slow machine does not matter.
@Suite(.serialized) struct ParserWorkTests {
    private static func microseconds(_ input: [UInt8], piece: Int) -> Int64 {
        var parser = RequestParser(bodyLimit: 64 << 20)
        let start = MonotonicClock.microseconds()
        for position in stride(from: 0, to: input.count, by: piece) {
            input[position..<min(position + piece, input.count)].withUnsafeBufferPointer { parser.append($0) }
            reading: while true {
                switch parser.next() {
                case .request, .expectsContinue: continue
                case .needsMore, .failure: break reading
                }
            }
        }
        return MonotonicClock.microseconds() - start
    }

    static let chunkedHead = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"

    /// Whether four times the input takes less than twelve times as long, in the best of some runs.
    private static func isLinear(_ make: (Int) -> [UInt8], size: Int, piece: Int) -> Bool {
        let (small, large) = (make(size), make(4 * size))
        return (0..<5).contains { _ in
            microseconds(large, piece: piece) < 12 * max(200, microseconds(small, piece: piece))
        }
    }

    @Test("a chunked body costs time in proportion to its size")
    func chunks() {
        let make = { (size: Int) in
            Array((Self.chunkedHead + String(size, radix: 16) + "\r\n").utf8) + [UInt8](repeating: 120, count: size)
        }
        #expect(Self.isLinear(make, size: 1 << 20, piece: 1448))
    }

    @Test("a head that comes byte by byte costs time in proportion to its size")
    func head() {
        let make = { (size: Int) in
            Array(("GET / HTTP/1.1\r\nHost: h\r\nX: " + String(repeating: "\ra", count: size / 2)).utf8)
        }
        #expect(Self.isLinear(make, size: 20_000, piece: 1))
    }

    @Test("trailer fields cost time in proportion to their size")
    func trailers() {
        let make = { (size: Int) in
            Array((Self.chunkedHead + "0\r\n" + String(repeating: "X: yyyyyy\r\n", count: size / 11)).utf8)
        }
        #expect(Self.isLinear(make, size: 20_000, piece: 7))
    }
}
