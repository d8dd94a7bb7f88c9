import Glibc

/// Writes to a descriptor by a thread of its own, so that no one waits for a reader who does not read. What waits is bounded.
public final class BackgroundWriter: Sendable {
    private struct State: Sendable {
        var waiting: [UInt8] = []
        /// Bytes that wait or are being written.
        var bytes = 0
        var isWriting = false
        var hasThread = false
    }

    /// The descriptors 1 and 2 of this process. A start announcement may be long; a log is better cut than late.
    public static let standardOutput = BackgroundWriter(descriptor: 1, limit: 64 << 20)
    public static let standardError = BackgroundWriter(descriptor: 2, limit: 1 << 20)

    private let descriptor: Int32
    private let limit: Int
    private let state = Monitor(State())

    /// - Parameters:
    ///   - descriptor: stays open as long as the process lives.
    ///   - limit: bytes that wait.
    public init(descriptor: Int32, limit: Int) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// Hands over bytes, all or none, and never waits.
    /// - Returns: false when too much waits already, or the system has no thread to give.
    @discardableResult
    public func write(_ bytes: [UInt8]) -> Bool {
        state.change { state in
            guard bytes.count <= limit - state.bytes else { return false }
            if !state.hasThread {
                guard (try? Thread.detach { self.work() }) != nil else { return false }
                state.hasThread = true
            }
            state.waiting += bytes
            state.bytes += bytes.count
            return true
        }
    }

    /// Waits until all is written.
    /// - Returns: whether it was, within the time.
    @discardableResult
    public func flush(milliseconds: Int64) -> Bool {
        state.wait(milliseconds: milliseconds) { $0.waiting.isEmpty && !$0.isWriting ? true : nil } ?? false
    }

    private func work() {
        while true {
            // All that has come meanwhile is written at once.
            let batch = state.wait { state -> [UInt8]? in
                state.isWriting = !state.waiting.isEmpty
                guard state.isWriting else { return nil }
                defer { state.waiting = [] }
                return state.waiting
            }
            write(out: batch ?? [])
            state.change { state in
                state.bytes -= batch?.count ?? 0
                state.isWriting = false
            }
        }
    }

    private func write(out bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // The other end of a shared descriptor may have made it non-blocking.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}
