import Glibc

/// A point in time from 1970 to 9999, to the millisecond: checks of assertions round, so they need more than whole seconds.
///
/// A time outside that range becomes its nearest end, so sums with lifetimes never overflow.
public struct Timestamp: Sendable, Equatable, Comparable {
    /// Milliseconds since 1970 of 9999-12-31T23:59:59.999Z.
    private static let latest: Int64 = 253_402_300_799_999

    /// Since 1970.
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, 0), Self.latest)
    }

    public init(seconds: Int64) {
        self.init(milliseconds: min(max(seconds, 0), Self.latest / 1000) * 1000)
    }

    /// What a clock of the system shows, whatever it was set to.
    init(_ time: timespec) {
        self = Timestamp(seconds: Int64(time.tv_sec)).adding(milliseconds: Int64(time.tv_nsec) / 1_000_000)
    }

    /// Whole seconds, rounded down: what is sent and stored.
    public var seconds: Int64 { milliseconds / 1000 }

    /// The time that is some milliseconds later, or earlier if negative.
    public func adding(milliseconds other: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(other)
        return Timestamp(milliseconds: overflow ? .max : sum)
    }

    /// The time that is some seconds later, or earlier if negative.
    public func adding(seconds other: Int64) -> Timestamp {
        let (product, overflow) = other.multipliedReportingOverflow(by: 1000)
        return adding(milliseconds: overflow ? (other > 0 ? .max : .min) : product)
    }

    /// Whether it is before a time in whole seconds since 1970, however large.
    public func isBefore(seconds other: Int64) -> Bool { seconds < other }

    /// The nearest whole second after adding some seconds, as Go's `Round(time.Second)`.
    /// - Parameter seconds: from the server's own rules, not from a request.
    func rounded(adding other: Int64) -> Int64 { (milliseconds + 500) / 1000 + other }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// Milliseconds of 9999-12-31T23:59:59Z.
    private static let last: Int64 = 253_402_300_799_000

    /// The nearest moment from 1970 to 9999.
    public static func clamped(milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: min(max(milliseconds, 0), last))
    }
}
