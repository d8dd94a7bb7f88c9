import CSystem
import Glibc

/// TCP sockets of Linux.
enum Socket {
    /// Opens listening sockets, one for each address of the host. A family of addresses that the machine does not have is left out.
    /// - Parameters:
    ///   - host: a name or address; `*` for all addresses.
    ///   - port: 0 for a free one, the same for all addresses.
    static func listen(host: String, port: Int) throws(ListenError) -> [Int32] {
        let addresses = try resolve(host, port)
        var failure = ListenError(description: "\(host) has no address; name another with --host")
        // A port that is free for one address may be taken for the next one.
        for _ in 0..<(port == 0 ? 20 : 1) {
            var sockets: [Int32] = []
            var isTaken = false
            for address in addresses {
                do {
                    let chosen = sockets.first.map { name(of: $0).port } ?? port
                    sockets.append(try open(address, chosen, isOneOfSeveral: addresses.count > 1))
                } catch {
                    failure = ListenError(description: explain(error.code, host: host, port: port))
                    isTaken = isTaken || error.code == EADDRINUSE
                    if !error.isUnavailable { break }
                }
            }
            if !sockets.isEmpty, !isTaken { return sockets }
            sockets.forEach { close($0) }
            if !isTaken { break }
        }
        throw failure
    }

    /// A socket address of any family.
    private struct Address {
        let family: Int32
        var bytes: [UInt8]
    }

    private struct SocketError: Error {
        let code: Int32
        /// The machine does not have such addresses.
        var isUnavailable: Bool { [EAFNOSUPPORT, EADDRNOTAVAIL, EPROTONOSUPPORT].contains(code) }
    }

    /// Hosts with an address in each family. `localhost` needs no resolver (RFC 6761 section 6.3).
    private static let families = ["localhost": ["127.0.0.1", "::1"], "*": ["0.0.0.0", "::"]]

    /// The addresses of a host, those of IPv4 first.
    private static func resolve(_ host: String, _ port: Int) throws(ListenError) -> [Address] {
        let names = families[host.lowercased()] ?? [host]
        var addresses: [Address] = []
        for name in names {
            var hints = addrinfo()
            hints.ai_family = AF_UNSPEC
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            hints.ai_flags = AI_PASSIVE
            var list: UnsafeMutablePointer<addrinfo>?
            let code = getaddrinfo(name, String(port), &hints, &list)
            guard code == 0, let first = list else {
                throw ListenError(
                    description:
                        "cannot listen on \(host): \(String(cString: gai_strerror(code))); name another address with --host"
                )
            }
            defer { freeaddrinfo(first) }
            for entry in sequence(first: first, next: { $0.pointee.ai_next }) {
                let size = Int(entry.pointee.ai_addrlen)
                let bytes = Array(UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: size))
                guard !addresses.contains(where: { $0.bytes == bytes }) else { continue }
                addresses.append(Address(family: entry.pointee.ai_family, bytes: bytes))
            }
        }
        return addresses.filter { $0.family == AF_INET } + addresses.filter { $0.family != AF_INET }
    }

    private static func open(_ address: Address, _ port: Int, isOneOfSeveral: Bool) throws(SocketError) -> Int32 {
        let descriptor = socket(
            address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError(code: errno) }
        func set(_ level: Int32, _ option: Int32) {
            var on: Int32 = 1
            setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        set(SOL_SOCKET, SO_REUSEADDR)
        // Alone, an IPv6 socket for all addresses takes IPv4, too.
        if address.family == AF_INET6, isOneOfSeveral { set(Int32(IPPROTO_IPV6), IPV6_V6ONLY) }
        var bytes = address.bytes
        // The port is at the same place in both families, in network order.
        (bytes[2], bytes[3]) = (UInt8(truncatingIfNeeded: port >> 8), UInt8(truncatingIfNeeded: port))
        let isBound = bytes.withUnsafeBytes { raw in
            raw.withMemoryRebound(to: sockaddr.self) {
                bind(descriptor, $0.baseAddress, socklen_t(raw.count)) == 0 && Glibc.listen(descriptor, 1024) == 0
            }
        }
        guard isBound else {
            let code = errno
            close(descriptor)
            throw SocketError(code: code)
        }
        return descriptor
    }

    private static func explain(_ code: Int32, host: String, port: Int) -> String {
        switch code {
        case EADDRINUSE:
            "port \(port) of \(host) is already in use; stop what listens there, name another with --port, or let --port 0 pick a free one"
        case EACCES: "port \(port) needs privileges; name one above 1023 with --port"
        case EADDRNOTAVAIL: "\(host) is not an address of this machine; name another with --host"
        default: "cannot listen on \(host):\(port): \(String(cString: strerror(code)))"
        }
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

    /// Takes a waiting connection; nil when there is none. Sets `error` to the system's error number.
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
