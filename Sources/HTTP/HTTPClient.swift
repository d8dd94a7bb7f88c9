import Glibc

/// A plain client for one request on its own connection: enough for a health check and for tests on loopback.
public enum HTTPClient {
    /// The server could not be reached, or did not answer in HTTP.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Sends a request and waits for the whole answer.
    /// - Parameter timeout: seconds after which it gives up.
    public static func send(
        _ request: HTTPRequest, host: String, port: Int, timeout: Int = 5
    ) throws(Failure) -> HTTPResponse {
        let query = request.query.isEmpty ? "" : "?" + String(decoding: request.query, as: UTF8.self)
        var text = "\(request.method) \(request.path)\(query) HTTP/1.1\r\nConnection: close\r\n"
        if request.header("host") == nil { text += "Host: \(host.contains(":") ? "[\(host)]" : host):\(port)\r\n" }
        for (name, value) in request.headers { text += "\(name): \(value)\r\n" }
        if !request.body.isEmpty || request.method == "POST" { text += "Content-Length: \(request.body.count)\r\n" }
        return try parse(try exchange(Array((text + "\r\n").utf8) + request.body, host, port, timeout))
    }

    /// Bytes of an answer that are read.
    private static let answerLimit = 64 << 20

    /// Sends bytes as they are and reads until the server closes.
    public static func exchange(
        _ bytes: [UInt8], _ host: String, _ port: Int, _ timeout: Int = 5
    ) throws(Failure) -> [UInt8] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let first = list else {
            throw Failure(description: "\(host): no such host")
        }
        defer { freeaddrinfo(first) }
        let descriptor = try connected(to: first, host, port, timeout)
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { break }  // the server may answer before it has read everything
            rest = rest.dropFirst(count)
        }
        let deadline = MonotonicClock.microseconds() + Int64(timeout) * 1_000_000
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 { return answer }
            guard count > 0 else {
                if !answer.isEmpty, errno == ECONNRESET { return answer }
                throw Failure(
                    description:
                        "\(host):\(port): \(errno == EAGAIN ? "no answer within \(timeout) s" : String(cString: strerror(errno)))"
                )
            }
            answer += buffer[..<count]
            guard answer.count <= answerLimit, MonotonicClock.microseconds() < deadline else {
                throw Failure(description: "\(host):\(port): the answer does not end")
            }
        }
    }

    /// A connection to the first address of the list that takes one: `localhost` may mean ::1 and 127.0.0.1, and a server listen on one of them.
    private static func connected(
        to list: UnsafeMutablePointer<addrinfo>, _ host: String, _ port: Int, _ timeout: Int
    ) throws(Failure) -> Int32 {
        var why: Int32 = 0
        for entry in sequence(first: list, next: { $0.pointee.ai_next }) {
            let address = entry.pointee
            let descriptor = socket(
                address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), address.ai_protocol)
            var limit = timeval(tv_sec: timeout, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            if connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return descriptor }
            why = errno
            close(descriptor)
        }
        throw Failure(description: "\(host):\(port): \(String(cString: strerror(why)))")
    }

    /// Reads a whole answer, as it was received until the server closed.
    public static func parse(_ answer: [UInt8]) throws(Failure) -> HTTPResponse {
        var rest = answer[...]
        func line() -> String? {
            guard let end = rest.firstIndex(of: 10) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return String(decoding: rest[..<end].filter { $0 != 13 }, as: UTF8.self)
        }
        guard let words = line()?.split(separator: " "), words.count >= 2, let status = Int(words[1]) else {
            throw Failure(description: "no HTTP answer")
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

extension HTTPResponse {
    /// The first value of a header; nil when it was not sent. Letter case does not matter.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
