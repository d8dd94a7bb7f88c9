import Glibc
public import HTTP
import System

/// A plain client for one request on its own connection: enough for a health check and for tests on loopback.
public enum HTTPClient {
    /// The server could not be reached, or did not respond in HTTP.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Sends a request and waits for the whole response.
    /// - Parameter timeout: seconds for all of it.
    public static func send(
        _ request: HTTPRequest, host: String, port: Int, timeout: Int = 60
    ) throws(Failure) -> HTTPResponse {
        let query = request.query.isEmpty ? "" : "?" + String(decoding: request.query, as: UTF8.self)
        var text = "\(request.method) \(request.path)\(query) HTTP/1.1\r\nConnection: close\r\n"
        if request.header("host") == nil { text += "Host: \(host.contains(":") ? "[\(host)]" : host):\(port)\r\n" }
        for (name, value) in request.headers { text += "\(name): \(value)\r\n" }
        if !request.body.isEmpty || request.method == "POST" { text += "Content-Length: \(request.body.count)\r\n" }
        return try parse(try exchange(Array((text + "\r\n").utf8) + request.body, host, port, timeout))
    }

    /// Bytes of a response that are read.
    private static let answerLimit = 64 << 20

    /// Sends bytes as they are and reads until the server closes.
    /// - Parameter timeout: seconds for all of it.
    public static func exchange(
        _ bytes: [UInt8], _ host: String, _ port: Int, _ timeout: Int = 60
    ) throws(Failure) -> [UInt8] {
        let deadline = MonotonicClock.microseconds() / 1000 + Int64(timeout) * 1000
        let wait = Wait(what: "\(host):\(port)", seconds: timeout, deadline: deadline)
        let descriptor = try connected(host, port, wait)
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                try wait.until(descriptor, Int16(POLLOUT))
            } else if count == 0 || errno != EINTR {
                break  // the server may answer before it has read everything
            }
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 { return answer }
            if count > 0 {
                answer += buffer[..<count]
                guard answer.count <= answerLimit else { throw wait.failure("the response is too long") }
                try wait.check()
            } else if errno == EAGAIN {
                try wait.until(descriptor, Int16(POLLIN))
            } else if errno != EINTR {
                if !answer.isEmpty, errno == ECONNRESET { return answer }
                throw wait.failure(String(cString: strerror(errno)))
            }
        }
    }

    /// One time limit for all that a call waits for.
    private struct Wait {
        let what: String
        let seconds: Int
        /// Milliseconds of the monotonic clock.
        let deadline: Int64

        func failure(_ text: String) -> Failure { Failure(description: "\(what): \(text)") }

        private var rest: Int64 { deadline - MonotonicClock.microseconds() / 1000 }

        func check() throws(Failure) {
            guard rest > 0 else { throw failure("no complete response within \(seconds) s") }
        }

        func until(_ descriptor: Int32, _ events: Int16) throws(Failure) {
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            guard poll(&entry, 1, Int32(clamping: max(0, rest))) != 0 else {
                throw failure("no response within \(seconds) s")
            }
            try check()
        }
    }

    /// A connection to the first address of the host that takes one: `localhost` may mean ::1 and 127.0.0.1, and a server listen on one of them.
    private static func connected(_ host: String, _ port: Int, _ wait: Wait) throws(Failure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        // An IPv6 address is written in brackets where a port may follow.
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard getaddrinfo(name, String(port), &hints, &list) == 0, let first = list else {
            throw Failure(description: "\(host): no such host")
        }
        defer { freeaddrinfo(first) }
        var why: Int32 = 0
        for entry in sequence(first: first, next: { $0.pointee.ai_next }) {
            let address = entry.pointee
            let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
            let descriptor = socket(address.ai_family, address.ai_socktype | flags, address.ai_protocol)
            if connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return descriptor }
            why = errno
            if why == EINPROGRESS {
                do { try wait.until(descriptor, Int16(POLLOUT)) } catch {
                    close(descriptor)
                    throw error
                }
                var size = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &why, &size)
                if why == 0 { return descriptor }
            }
            close(descriptor)
        }
        throw wait.failure(String(cString: strerror(why)))
    }

    /// Reads a whole response, as it was received until the server closed.
    public static func parse(_ answer: [UInt8]) throws(Failure) -> HTTPResponse {
        var rest = answer[...]
        func line() -> String? {
            guard let end = rest.firstIndex(of: 10) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return String(decoding: rest[..<end].filter { $0 != 13 }, as: UTF8.self)
        }
        guard let words = line()?.split(separator: " "), words.count >= 2, let status = Int(words[1]) else {
            throw Failure(description: "not an HTTP response")
        }
        var response = HTTPResponse(status: status)
        while let field = line(), !field.isEmpty {
            let sides = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            response.headers.append((String(sides[0]), String(sides.last?.drop { $0 == " " } ?? "")))
        }
        response.body = Array(rest)
        return response
    }
}
