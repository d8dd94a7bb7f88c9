import HTTP
@testable import HTTPServer

/// A client without a socket: what it sends is given, what it takes is bounded, what it got is kept.
final class ScriptedTransport: Transport {
    private var input: [UInt8] = []
    private var hasFinished = false
    private(set) var received: [UInt8] = []
    private(set) var isFinished = false
    private(set) var isReset = false
    private(set) var isClosed = false
    /// Bytes that the client takes before it has to be told to take more.
    var appetite = Int.max

    var text: String { String(decoding: received, as: UTF8.self) }

    func put(_ text: String) { input += Array(text.utf8) }
    func put(_ bytes: [UInt8]) { input += bytes }
    func finish() { hasFinished = true }

    func read(into buffer: UnsafeMutableBufferPointer<UInt8>) -> TransportResult {
        guard !input.isEmpty else { return hasFinished ? .end : .wouldBlock }
        let count = min(buffer.count, input.count)
        _ = buffer.update(fromContentsOf: input[..<count])
        input.removeFirst(count)
        return .moved(count)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> TransportResult {
        let count = min(appetite, bytes.count)
        guard count > 0 else { return .wouldBlock }
        appetite -= count
        received += bytes[..<count]
        return .moved(count)
    }

    func finishWriting() { isFinished = true }
    func reset() { isReset = true }
    func close() { isClosed = true }
}
