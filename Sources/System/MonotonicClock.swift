import Glibc

/// The clock that measures how long something takes. It never jumps, and is independent of the clock of an instance.
public enum MonotonicClock {
    /// Microseconds since some moment in the past.
    public static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
