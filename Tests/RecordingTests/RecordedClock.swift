import Glibc
import Provider

/// The time of the replay: it begins on the day after the last recordings, when some keys and tokens of the fixture had just expired, whatever day it is.
enum RecordedClock {
    /// 2026-11-27T12:00:00Z
    private static let beginning: Int64 = 1_795_780_800
    private static let offset = beginning - Int64(time(nil))

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
