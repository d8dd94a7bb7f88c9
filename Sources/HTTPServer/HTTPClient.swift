import Glibc
public import HTTP
import System

/// A plain client for one request on its own connection: for health checks, for the command line, and for tests on loopback.
public enum HTTPClient {
    /// The server could not be reached, or did not respond in HTTP.
    public struct Failure: Error, CustomStringConvertible {
        /// What went wrong.
        public enum Kind: Sendable {
            case unknownHost, notConnected, noAnswer, notHTTP
        }

        public var kind = Kind.notHTTP
        public let description: String
    }

    /// Bytes of a response that are read.
    private static let answerLimit = 64 << 20

    /// Sends a request and waits for the whole response.
    /// - Parameters:
    ///   - host: a name or an address, that of IPv6 with or without brackets.
    ///   - timeout: seconds for all of it.
    public static func send(
        _ request: HTTPRequest, host: String, port: Int, timeout: Int = 60
    ) throws(Failure) -> HTTPResponse {
        var reader = ResponseReader()
        var body: [UInt8] = []
        let wait = Wait(what: "\(host):\(port)", seconds: timeout)
        try talk(bytes(of: request, host, port), with: host, port: port, until: wait) { piece, wait throws(Failure) in
            body += try reader.read(piece)
            guard body.count <= answerLimit else { throw wait.failure("the response is too long") }
            return !reader.isComplete
        }
        guard var response = reader.head else { throw Failure(description: "not an HTTP response") }
        response.body = body
        return response
    }

    /// Sends a request and passes on the body of the response as it comes, for as long as it comes.
    /// - Parameters:
    ///   - timeout: seconds until the response begins.
    ///   - receive: called with the head and each piece of the body, first with an empty one; false ends it.
    public static func stream(
        _ request: HTTPRequest, host: String, port: Int, timeout: Int = 60,
        receive: (HTTPResponse, [UInt8]) -> Bool
    ) throws(Failure) {
        var reader = ResponseReader()
        let wait = Wait(what: "\(host):\(port)", seconds: timeout)
        try talk(bytes(of: request, host, port), with: host, port: port, until: wait) { piece, wait throws(Failure) in
            let isFirst = reader.head == nil
            let body = try reader.read(piece)
            guard let head = reader.head else { return true }
            wait.deadline = nil
            if isFirst, !receive(head, []) { return false }
            return (body.isEmpty || receive(head, body)) && !reader.isComplete
        }
        guard reader.head != nil else { throw Failure(description: "not an HTTP response") }
    }

    private static func bytes(of request: HTTPRequest, _ host: String, _ port: Int) -> [UInt8] {
        let query = request.query.isEmpty ? "" : "?" + String(decoding: request.query, as: UTF8.self)
        var text = "\(request.method) \(request.path)\(query) HTTP/1.1\r\nConnection: close\r\n"
        let isIPv6 = host.contains(":") && !host.hasPrefix("[")
        if request.header("host") == nil { text += "Host: \(isIPv6 ? "[\(host)]" : host):\(port)\r\n" }
        for (name, value) in request.headers { text += "\(name): \(value)\r\n" }
        if !request.body.isEmpty || request.method == "POST" { text += "Content-Length: \(request.body.count)\r\n" }
        return Array((text + "\r\n").utf8) + request.body
    }

    /// Sends bytes as they are and reads until the server closes.
    /// - Parameter timeout: seconds for all of it.
    public static func exchange(
        _ bytes: [UInt8], with host: String, port: Int, timeout: Int = 60
    ) throws(Failure) -> [UInt8] {
        var answer: [UInt8] = []
        let wait = Wait(what: "\(host):\(port)", seconds: timeout)
        try talk(bytes, with: host, port: port, until: wait) { piece, wait throws(Failure) in
            answer += piece
            guard answer.count <= answerLimit else { throw wait.failure("the response is too long") }
            return true
        }
        return answer
    }

    /// Sends bytes, and passes on what comes back until the server closes or the function gives false.
    private static func talk(
        _ bytes: [UInt8], with host: String, port: Int, until limit: Wait,
        receive: (ArraySlice<UInt8>, inout Wait) throws(Failure) -> Bool
    ) throws(Failure) {
        var wait = limit
        let descriptor = try connected(host, port, wait)
        defer { close(descriptor) }
        try write(bytes, to: descriptor, until: wait)
        var received = false
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 { return }
            if count > 0 {
                received = true
                guard try receive(buffer[..<count], &wait) else { return }
                try wait.check()
            } else if errno == EAGAIN {
                try wait.until(descriptor, Int16(POLLIN))
            } else if errno != EINTR {
                if received, errno == ECONNRESET { return }
                throw wait.failure(String(cString: strerror(errno)))
            }
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, until wait: Wait) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                try wait.until(descriptor, Int16(POLLOUT))
            } else if count == 0 || errno != EINTR {
                return  // the server may answer before it has read everything
            }
        }
    }

    /// One time limit for all that a call waits for.
    private struct Wait {
        let what: String
        let seconds: Int
        /// Milliseconds of the monotonic clock; nil for no limit.
        var deadline: Int64?

        init(what: String, seconds: Int) {
            self.what = what
            self.seconds = seconds
            deadline = MonotonicClock.microseconds() / 1000 + Int64(seconds) * 1000
        }

        func failure(_ text: String, _ kind: Failure.Kind = .noAnswer) -> Failure {
            Failure(kind: kind, description: "\(what): \(text)")
        }

        private var rest: Int64 { deadline.map { $0 - MonotonicClock.microseconds() / 1000 } ?? .max }

        func check() throws(Failure) {
            guard rest > 0 else { throw failure("no complete response within \(seconds) s") }
        }

        func until(_ descriptor: Int32, _ events: Int16) throws(Failure) {
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            guard poll(&entry, 1, deadline == nil ? -1 : Int32(clamping: max(0, rest))) != 0 else {
                throw failure("no response within \(seconds) s")
            }
            try check()
        }
    }

    /// The addresses of a host, or its name where the system knows them. `localhost` and all names below it mean this machine (RFC 6761, section 6.3), also where
    /// the resolver of the system does not know them.
    private static func names(_ host: String) -> [String] {
        // An IPv6 address is written in brackets where a port may follow.
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        let lowercased = name.lowercased()
        let relative = lowercased.hasSuffix(".") ? String(lowercased.dropLast()) : lowercased
        return relative == "localhost" || relative.hasSuffix(".localhost") ? ["::1", "127.0.0.1"] : [name]
    }

    /// A connection to the first address of the host that takes one: `localhost` means ::1 and 127.0.0.1, and a server may listen on one of them.
    private static func connected(_ host: String, _ port: Int, _ wait: Wait) throws(Failure) -> Int32 {
        var failure = Failure(kind: .unknownHost, description: "\(host): no such host")
        for name in names(host) {
            do throws(Failure) { return try connected(host, at: name, port, wait) } catch { failure = error }
        }
        throw failure
    }

    private static func connected(
        _ host: String, at name: String, _ port: Int, _ wait: Wait
    ) throws(Failure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, String(port), &hints, &list) == 0, let first = list else {
            throw Failure(kind: .unknownHost, description: "\(host): no such host")
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
        throw wait.failure(String(cString: strerror(why)), .notConnected)
    }

    /// Reads a whole response, as it was received until the server closed.
    public static func parse(_ answer: [UInt8]) throws(Failure) -> HTTPResponse {
        var reader = ResponseReader()
        let body = try reader.read(answer)
        guard var response = reader.head else { throw Failure(description: "not an HTTP response") }
        response.body = body
        return response
    }
}
