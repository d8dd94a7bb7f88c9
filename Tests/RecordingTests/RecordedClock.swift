import Glibc
import Provider

/// The time of the replay: that of the machine, but never before the day of the recordings, when some keys and tokens of the fixture had just expired.
enum RecordedClock {
    /// 2026-11-22T00:00:00Z
    private static let earliest: Int64 = 1_795_305_600
    private static let offset = max(0, earliest - Int64(time(nil)))

    /// Unix seconds.
    static var now: Int64 { Int64(time(nil)) + offset }

    /// The system's dependencies by this clock.
    static var dependencies: Dependencies {
        var dependencies = Dependencies.live()
        let systemNow = dependencies.now
        dependencies.now = { systemNow().adding(seconds: offset) }
        return dependencies
    }
}
