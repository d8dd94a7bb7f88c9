import Encodings
import Glibc

/// One client's connection: its socket, what it sent that is not yet a request, and what it has yet to read.
final class ClientConnection {
    /// A client that does not read its answers is not read from either.
    static let outputLimit = 1 << 20

    let descriptor: Int32
    private let peer: String
    private var parser: RequestParser
    private var output: [UInt8] = []
    private var sent = 0
    /// Nothing more will be read as a request; once the output is gone, the connection is closed.
    private(set) var isClosing = false
    /// The answer is out and the sending side is shut; what still comes is thrown away, so that the client can read the answer.
    private(set) var isDraining = false
    private(set) var lastActivity: Int64
    private var drained = 0

    init(descriptor: Int32, peer: String, bodyLimit: Int, now: Int64) {
        self.descriptor = descriptor
        self.peer = peer
        parser = RequestParser(bodyLimit: bodyLimit)
        lastActivity = now
    }

    var hasOutput: Bool { sent < output.count }
    /// Between two requests, with nothing to send.
    var isIdle: Bool { !hasOutput && !parser.isInsideRequest }

    /// Whether the connection has been silent for too long: 75 s between requests, 30 s inside one or while it does not read.
    func isOverdue(at now: Int64) -> Bool {
        now - lastActivity > (isDraining ? 2000 : isIdle ? 75_000 : 30_000)
    }

    enum Progress { case open, closed }

    /// Reads what is there, answers what is complete, and sends.
    func serve(
        scratch: UnsafeMutableBufferPointer<UInt8>, now: Int64, date: String, _ handler: (HTTPRequest) -> HTTPResponse
    ) -> Progress {
        lastActivity = now
        if isDraining { return drain(scratch) }
        while !isClosing, output.count - sent < Self.outputLimit {
            let count = recv(descriptor, scratch.baseAddress, scratch.count, 0)
            if count == 0 {
                guard hasOutput else { return .closed }
                // The client has sent all it wanted to send, and still waits for its answer.
                isClosing = true
                break
            }
            if count < 0 {
                if errno == EINTR { continue }
                if errno != EAGAIN { return .closed }
                break
            }
            parser.append(UnsafeBufferPointer(rebasing: scratch[..<count]))
            answerRequests(date, handler)
            if count < scratch.count { break }
        }
        return flush()
    }

    private func answerRequests(_ date: String, _ handler: (HTTPRequest) -> HTTPResponse) {
        while !isClosing {
            switch parser.next() {
            case .needsMore: return
            case .expectsContinue: output += "HTTP/1.1 100 Continue\r\n\r\n".utf8
            case .request(var request, let keepsAlive):
                request.peer = peer
                write(handler(request), to: request.method, keepsAlive: keepsAlive, date)
                isClosing = !keepsAlive
            case .failure(let status, let message):
                let body = Array((message + "\n").utf8)
                write(
                    HTTPResponse(status: status, headers: [("Content-Type", "text/plain; charset=utf-8")], body: body),
                    to: "", keepsAlive: false, date)
                isClosing = true
            }
        }
    }

    private func write(_ response: HTTPResponse, to method: String, keepsAlive: Bool, _ date: String) {
        append("HTTP/1.1 \(response.status) ")
        append(HTTPResponse.phrase(response.status))
        for (name, value) in response.headers {
            append("\r\n")
            append(name)
            append(": ")
            let start = output.count
            append(value)
            // A header value with a line break in it would be two headers.
            for index in start..<output.count where output[index] < 32 { output[index] = 32 }
        }
        append("\r\nDate: ")
        append(date)
        if response.status != 204 { append("\r\nContent-Length: \(response.body.count)") }
        append(keepsAlive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n")
        if method != "HEAD", response.status != 204 { output += response.body }
    }

    private func append(_ text: String) {
        var text = text
        text.withUTF8 { output.append(contentsOf: $0) }
    }

    /// Sends what can be sent.
    func flush() -> Progress {
        while sent < output.count {
            let count = output.withUnsafeBytes {
                send(descriptor, $0.baseAddress.map { $0 + sent }, output.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                return errno == EAGAIN ? .open : .closed
            }
            sent += count
        }
        output.removeAll(keepingCapacity: output.capacity <= 1 << 16)
        sent = 0
        guard isClosing else { return .open }
        // Closing at once while the client still sends would make the system tear the answer away from it.
        isDraining = true
        shutdown(descriptor, Int32(SHUT_WR))
        return .open
    }

    private func drain(_ scratch: UnsafeMutableBufferPointer<UInt8>) -> Progress {
        while drained < 64 << 20 {
            let count = recv(descriptor, scratch.baseAddress, scratch.count, 0)
            if count < 0, errno == EAGAIN { return .open }
            if count <= 0 { return .closed }
            drained += count
        }
        return .closed
    }
}
