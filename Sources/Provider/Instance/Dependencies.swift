import Glibc
import JOSE
import Synchronization

/// A moment, exact to the millisecond: checks of assertions round, so they need more than whole seconds.
public struct Timestamp: Sendable, Equatable {
    /// Since 1970.
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public init(seconds: Int64) {
        milliseconds = seconds * 1000
    }

    /// Whole seconds, cut: what goes onto the wire and into the database.
    public var seconds: Int64 { milliseconds / 1000 }

    /// Whether it is before a time in whole seconds since 1970, however large.
    func isBefore(seconds: Int64) -> Bool {
        let (limit, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? seconds > 0 : milliseconds < limit
    }

    /// The nearest whole second after moving by some seconds, as Go's `Round(time.Second)` has it.
    func rounded(adding seconds: Int64) -> Int64 { (milliseconds + seconds * 1000 + 500) / 1000 }
}

/// Everything that is not the same on every run: time, ids, randomness. Nothing else in this package asks the system for them.
public struct Dependencies: Sendable {
    public var now: @Sendable () -> Timestamp
    /// A new id: 18 digits, larger than all before it.
    public var newID: @Sendable () -> String
    public var randomBytes: @Sendable (_ count: Int) -> [UInt8]

    public init(
        now: @escaping @Sendable () -> Timestamp, newID: @escaping @Sendable () -> String,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.now = now
        self.newID = newID
        self.randomBytes = randomBytes
    }

    /// The system's clock, ids made of it, OpenSSL's random generator.
    public static func live() -> Dependencies {
        let ids = IDGenerator()
        return Dependencies(now: systemNow, newID: { ids.next(at: systemNow()) }, randomBytes: { JOSE.randomBytes($0) })
    }

    @Sendable
    private static func systemNow() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Time-ordered ids, as ZITADEL's generator makes them: milliseconds since 2020 and six digits that count.
private final class IDGenerator: Sendable {
    private let last = Mutex<Int64>(0)

    func next(at moment: Timestamp) -> String {
        let candidate = max(0, moment.milliseconds - 1_577_836_800_000) * 1_000_000 + 1
        return last.withLock { last in
            last = max(last + 1, candidate)
            return String(last)
        }
    }
}
