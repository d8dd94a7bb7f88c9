import CSystem
import Glibc

/// epoll: waits for what happens to descriptors.
final class Poller {
    struct Event {
        let descriptor: Int32
        fileprivate let flags: UInt32

        var isReadable: Bool { flags & EPOLLIN.rawValue != 0 }
        var isWritable: Bool { flags & EPOLLOUT.rawValue != 0 }
        /// The client sends nothing more.
        var isClientEnd: Bool { flags & EPOLLRDHUP.rawValue != 0 }
        /// The connection is broken, or both sides have ended it.
        var isGone: Bool { flags & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 }
    }

    private let descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    private var events = [epoll_event](repeating: epoll_event(), count: 256)

    deinit { close(descriptor) }

    /// Waits for events.
    /// - Returns: how many there are.
    func wait(milliseconds: Int64) -> Int {
        max(0, Int(epoll_wait(descriptor, &events, Int32(events.count), Int32(clamping: milliseconds))))
    }

    func event(_ index: Int) -> Event { Event(descriptor: events[index].data.fd, flags: events[index].events) }

    func add(_ target: Int32, _ interest: HTTPConnection.Interest) {
        control(EPOLL_CTL_ADD, of: target, flags: Self.flags(interest))
    }

    func change(_ target: Int32, _ interest: HTTPConnection.Interest) {
        control(EPOLL_CTL_MOD, of: target, flags: Self.flags(interest))
    }

    func remove(_ target: Int32) { control(EPOLL_CTL_DEL, of: target, flags: 0) }

    private static func flags(_ interest: HTTPConnection.Interest) -> UInt32 {
        var flags: UInt32 = 0
        if interest.contains(.read) { flags |= EPOLLIN.rawValue }
        if interest.contains(.write) { flags |= EPOLLOUT.rawValue }
        if interest.contains(.clientEnd) { flags |= EPOLLRDHUP.rawValue }
        // A new connection wakes one loop, not all.
        if interest.contains(.exclusive) { flags |= EPOLLEXCLUSIVE.rawValue }
        return flags
    }

    private func control(_ operation: Int32, of target: Int32, flags: UInt32) {
        var event = epoll_event()
        event.events = flags
        event.data.fd = target
        epoll_ctl(descriptor, operation, target, &event)
    }
}

extension HTTPConnection.Interest {
    fileprivate static let exclusive = Self(rawValue: 8)
    /// What a loop waits for at a listening socket.
    static let listener: Self = [.read, .exclusive]
}
