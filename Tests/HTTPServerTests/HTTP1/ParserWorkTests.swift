import HTTP
import TestSupport
import Testing

@testable import HTTPServer

/// Work in proportion to the input: compared with the same work on an eighth of it. What counts is the processor's time of this thread, which other tests
/// and other processes take no part in.
@Suite(.serialized) struct ParserWorkTests {
    /// How many times larger the large input is.
    private static let factor = 8
    /// Linear work makes 8 of it, quadratic work 64.
    private static let mostTimes = 24

    private static func work(_ input: [UInt8], piece: Int) -> Int64 {
        var parser = RequestParser(bodyLimit: 64 << 20)
        let start = processorTime()
        for position in stride(from: 0, to: input.count, by: piece) {
            input[position..<min(position + piece, input.count)].withUnsafeBufferPointer { parser.append($0) }
            reading: while true {
                switch parser.next() {
                case .request, .expectsContinue: continue
                case .needsMore: break reading
                case .failure(let rejection):
                    Issue.record("the parser gave up at byte \(position): \(rejection.message)")
                    return 0
                }
            }
        }
        return processorTime() - start
    }

    static let chunkedHead = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"

    /// Compares the best of some runs each.
    private static func isLinear(_ make: (Int) -> [UInt8], size: Int, piece: Int) -> Bool {
        let (small, large) = (make(size), make(factor * size))
        let least = (0..<5).map { _ in work(small, piece: piece) }.min() ?? 0
        // A run that was lucky is enough, so there are more of them only when there was none.
        return (0..<20).contains { _ in
            work(large, piece: piece) < Int64(mostTimes) * max(200_000, least)
        }
    }

    @Test("parsing a chunked body takes time in proportion to its size")
    func chunks() {
        let make = { (size: Int) in
            Array((Self.chunkedHead + String(size, radix: 16) + "\r\n").utf8) + [UInt8](repeating: 120, count: size)
        }
        #expect(Self.isLinear(make, size: 1 << 20, piece: 1448))
    }

    @Test("parsing a head that comes byte by byte takes time in proportion to its size")
    func head() {
        let make = { (size: Int) in
            Array(("GET / HTTP/1.1\r\nHost: h\r\nX: " + String(repeating: "\ra", count: size / 2)).utf8)
        }
        #expect(Self.isLinear(make, size: 20_000, piece: 1))
    }

    @Test("parsing a field that is folded into many lines takes time in proportion to their number")
    func folded() {
        let make = { (size: Int) in
            Array(
                ("GET / HTTP/1.1\r\nHost: h\r\nX: v\r\n" + String(repeating: " v\r\n", count: size / 4) + "\r\n").utf8)
        }
        #expect(Self.isLinear(make, size: 100_000, piece: 1 << 20))
    }

    @Test("parsing trailer fields takes time in proportion to their size")
    func trailers() {
        let make = { (size: Int) in
            let field = "X: " + String(repeating: "y", count: size / 100 - 5) + "\r\n"
            return Array((Self.chunkedHead + "0\r\n" + String(repeating: field, count: 100)).utf8)
        }
        #expect(Self.isLinear(make, size: 8000, piece: 7))
    }
}
