import Glibc
import Synchronization

/// Holds threads back until it is opened.
final class Gate: Sendable {
    private let isOpen = Mutex(false)

    func open() { isOpen.withLock { $0 = true } }

    /// Returns once the gate is open. It yields meanwhile, which is enough for the moment that a test waits.
    func wait() {
        while !isOpen.withLock({ $0 }) { sched_yield() }
    }
}
