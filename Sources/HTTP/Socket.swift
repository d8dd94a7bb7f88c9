import CSystem
import Glibc

/// Why the server cannot listen, in one line that says what to do.
public struct ListenError: Error, CustomStringConvertible {
    public let description: String
}

/// TCP sockets of Linux.
enum Socket {
    /// Opens a listening socket.
    /// - Parameters:
    ///   - host: a name or address.
    ///   - port: 0 for a free one.
    static func listen(host: String, port: Int) throws(ListenError) -> Int32 {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0, let first = list else {
            throw ListenError(
                description:
                    "cannot listen on \(host): \(String(cString: gai_strerror(code))); name another address with --host"
            )
        }
        defer { freeaddrinfo(first) }
        let address = first.pointee
        let descriptor = socket(
            address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            address.ai_protocol)
        guard descriptor >= 0 else {
            throw ListenError(description: "cannot make a socket: \(String(cString: strerror(errno)))")
        }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, Glibc.listen(descriptor, 1024) == 0 else {
            let why = errno
            close(descriptor)
            let what =
                switch why {
                case EADDRINUSE:
                    "port \(port) of \(host) is taken; stop what listens there, name another with --port, or let --port 0 pick a free one"
                case EACCES: "port \(port) needs privileges; name one above 1023 with --port"
                case EADDRNOTAVAIL: "\(host) is no address of this machine; name another with --host"
                default: "cannot listen on \(host):\(port): \(String(cString: strerror(why)))"
                }
            throw ListenError(description: what)
        }
        return descriptor
    }

    /// The address and port that the socket is bound to.
    static func name(of descriptor: Int32) -> (host: String, port: Int) {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let done = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard done == 0 else { return ("", 0) }
        return name(of: &storage, size)
    }

    /// Takes a waiting connection; nil when there is none. Sets `error` to what the system said.
    static func accept(_ descriptor: Int32, error: inout Int32) -> (descriptor: Int32, peer: String)? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let accepted = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                mz_accept(descriptor, $0, &size)
            }
        }
        guard accepted >= 0 else {
            error = errno
            return nil
        }
        var on: Int32 = 1
        setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return (accepted, name(of: &storage, size).host)
    }

    private static func name(of storage: inout sockaddr_storage, _ size: socklen_t) -> (host: String, port: Int) {
        var host = [CChar](repeating: 0, count: 64)
        var service = [CChar](repeating: 0, count: 16)
        let done = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo(
                    $0, size, &host, socklen_t(host.count), &service, socklen_t(service.count),
                    NI_NUMERICHOST | NI_NUMERICSERV)
            }
        }
        guard done == 0 else { return ("", 0) }
        func text(_ characters: [CChar]) -> String {
            String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return (text(host), Int(text(service)) ?? 0)
    }
}
