import Encodings
@testable import HTTPServer
import Testing

@Suite struct HTTPClockTests {
    @Test(
        "dates can be written and subtracted whatever the system clock is set to",
        arguments: [Int64.min, -1, 0, .max])
    func extremes(seconds: Int64) {
        let clamped = HTTPClock.clampedUnixSeconds(seconds)
        #expect(UTCDateTime.range.contains(clamped))
        #expect(UTCDateTime.range.contains(seconds) == (clamped == seconds))
    }
}
