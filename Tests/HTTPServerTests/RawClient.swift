import Glibc
import Synchronization

/// A TCP connection to loopback that sends and reads bytes as it is told to; it closes with the last reference.
final class RawClient: Sendable {
    private let failure = Atomic<Int32>(0)
    /// What the system said when reading failed; 0 after an end.
    var lastError: Int32 { failure.load(ordering: .relaxed) }
    private let descriptor: Int32

    /// Connects; nil when nobody listens.
    init?(port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        // Only a server that never answers is given up; how long it takes does not matter here.
        var timeout = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Says that nothing more will be sent.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Ends the connection at once, in both directions.
    func reset() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Reads until what came ends with the text, the server closes, or nothing came for a minute.
    func read(until end: String) -> String {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !text.hasSuffix(end) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else {
                failure.store(count < 0 ? errno : 0, ordering: .relaxed)
                return text
            }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return text
    }
}
