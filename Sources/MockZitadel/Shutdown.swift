import Glibc
import System

/// Handles the signals that ask a program to end, from the start of the program, and makes sure that the process ends, whatever its other threads do.
struct Shutdown {
    /// Seconds from the signal to the end at the latest. A second signal ends the process at once.
    private static let limit = timespec(tv_sec: 1, tv_nsec: 700_000_000)

    private let isAsked = Monitor(false)

    /// Called before any other thread is made, because new threads inherit which signals are blocked.
    init() throws {
        var signals = sigset_t()
        sigemptyset(&signals)
        // The last two come when a terminal is closed, and from its keyboard.
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGQUIT] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let (awaited, isAsked) = (signals, isAsked)
        try Thread.detach {
            var (signals, received, limit) = (awaited, Int32(0), Self.limit)
            sigwait(&signals, &received)
            isAsked.change { $0 = true }
            sigtimedwait(&signals, nil, &limit)
            _exit(0)
        }
    }

    /// Waits for the signal.
    func wait() {
        _ = isAsked.wait { $0 ? true : nil }
    }
}
