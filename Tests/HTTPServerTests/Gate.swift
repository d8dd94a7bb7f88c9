import System

/// Holds threads back until it is opened.
final class Gate: Sendable {
    private let isOpen = Monitor(false)

    func open() { isOpen.change { $0 = true } }

    /// Returns once the gate is open.
    func wait() { _ = isOpen.wait { $0 ? true : nil } }
}
