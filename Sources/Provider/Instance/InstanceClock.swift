import Synchronization

/// The clock of an instance, by which everything in it is issued and expires. It follows real time until it is shifted or frozen.
///
/// Its range is 1970 to 9999: a shift beyond it is cut there.
public final class InstanceClock: Sendable {
    /// How the clock differs from real time.
    public enum Mode: Sendable, Equatable {
        case real
        /// Runs as fast as real time, this many milliseconds ahead of it (behind it when negative).
        case shifted(milliseconds: Int64)
        case frozen(Timestamp)

        public var name: ModeName {
            switch self {
            case .real: .real
            case .shifted: .shifted
            case .frozen: .frozen
            }
        }
    }

    /// A mode without its time.
    public enum ModeName: String, Sendable, CaseIterable {
        case real, shifted, frozen
    }

    private let real: @Sendable () -> Timestamp
    private let state = Mutex(Mode.real)

    /// - Parameter real: real time.
    public init(real: @escaping @Sendable () -> Timestamp) {
        self.real = real
    }

    public var mode: Mode {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    public var realNow: Timestamp { real() }

    /// What the clock shows.
    public func now() -> Timestamp { Self.time(mode, real()) }

    /// Milliseconds between the clock and real time.
    public var offset: Int64 {
        let now = real()
        return Self.time(mode, now).milliseconds - now.milliseconds
    }

    /// Sets the clock: it continues from there, or is frozen.
    /// - Parameters:
    ///   - frozen: nil to leave it as frozen as it is.
    ///   - moment: what the clock shall show, from what it shows and real time, which is read once.
    public func set(frozen: Bool? = nil, _ moment: (_ shown: Timestamp, _ real: Timestamp) -> Timestamp) {
        state.withLock { mode in
            let real = real()
            let isFrozen = if case .frozen = mode { true } else { false }
            let moment = Timestamp.clamped(milliseconds: moment(Self.time(mode, real), real).milliseconds)
            mode =
                frozen ?? isFrozen
                ? .frozen(moment) : .shifted(milliseconds: moment.milliseconds - real.milliseconds)
        }
    }

    private static func time(_ mode: Mode, _ real: Timestamp) -> Timestamp {
        switch mode {
        case .real: real
        case .shifted(let offset):
            .clamped(
                milliseconds: real.milliseconds.addingReportingOverflow(offset).overflow
                    ? (offset > 0 ? .max : .min) : real.milliseconds + offset)
        case .frozen(let moment): moment
        }
    }
}
