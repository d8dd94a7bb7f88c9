import Encodings
import Glibc
import System

/// The clocks that a server lives by.
public struct HTTPClock: Sendable {
    /// Milliseconds of a monotonic clock, for time limits.
    public var milliseconds: @Sendable () -> Int64
    /// Seconds since 1970, for the header `Date`.
    public var unixSeconds: @Sendable () -> Int64

    public init(milliseconds: @escaping @Sendable () -> Int64, unixSeconds: @escaping @Sendable () -> Int64) {
        self.milliseconds = milliseconds
        self.unixSeconds = unixSeconds
    }

    /// The system's clocks.
    public static let system = HTTPClock(
        milliseconds: { MonotonicClock.microseconds() / 1000 }, unixSeconds: { clampedUnixSeconds(Int64(time(nil))) })

    /// A clock may be set to anything; what it shows becomes a date that can be written.
    static func clampedUnixSeconds(_ seconds: Int64) -> Int64 {
        min(max(seconds, UTCDateTime.range.lowerBound), UTCDateTime.range.upperBound)
    }
}
