public import Provider
import Synchronization

/// Deterministic dependencies: a clock that moves only when it is advanced, ids that count, bytes that count.
public final class TestDependencies: Sendable {
    private struct State: Sendable {
        var now: Timestamp
        var ids: Int64 = 299_999_999_999_999_999
        var bytes: UInt64 = 0
    }

    private let state: Mutex<State>

    /// - Parameter now: unix seconds; by default 2026-11-21T10:00:00Z.
    public init(now: Int64 = 1_795_255_200) {
        state = Mutex(State(now: Timestamp(seconds: now)))
    }

    /// Unix seconds.
    public var now: Int64 { state.withLock { $0.now.seconds } }

    public func advance(bySeconds seconds: Int64) {
        state.withLock { $0.now = $0.now.adding(seconds: seconds) }
    }

    public func advance(byMilliseconds milliseconds: Int64) {
        state.withLock { $0.now = $0.now.adding(milliseconds: milliseconds) }
    }

    public var dependencies: Dependencies {
        Dependencies(
            now: { self.state.withLock { $0.now } },
            newID: {
                self.state.withLock {
                    $0.ids += 1
                    return String($0.ids)
                }
            },
            randomBytes: { count in
                self.state.withLock { state in
                    (0..<count).map { _ in
                        state.bytes += 1
                        return Self.mixed(state.bytes)
                    }
                }
            })
    }

    /// SplitMix64, so that no two runs of bytes are alike.
    private static func mixed(_ number: UInt64) -> UInt8 {
        var mixed = number &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return UInt8(truncatingIfNeeded: mixed ^ (mixed >> 31))
    }
}
