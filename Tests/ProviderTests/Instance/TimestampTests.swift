import Glibc
@testable import Provider
import Testing

@Suite struct TimestampTests {
    private static let extremes: [Int64] = [
        .min, .min + 1, -1, 0, 1, 999, 253_402_300_799, 253_402_300_800, .max - 1, .max,
    ]

    @Test("every number of seconds becomes a time from 1970 to 9999, and sums stay in that range", arguments: extremes)
    func range(number: Int64) {
        for time in [Timestamp(seconds: number), Timestamp(milliseconds: number)] {
            for other in Self.extremes {
                for sum in [time, time.adding(seconds: other), time.adding(milliseconds: other)] {
                    #expect((0...253_402_300_799_999).contains(sum.milliseconds))
                }
            }
        }
    }

    @Test("any reading of a system clock becomes a time", arguments: extremes) func clock(number: Int64) {
        for nanoseconds in [0, 999_999_999] {
            let time = Timestamp(timespec(tv_sec: Int(number), tv_nsec: nanoseconds))
            #expect((0...253_402_300_799_999).contains(time.milliseconds))
        }
        #expect(Timestamp(timespec(tv_sec: 1000, tv_nsec: 1_500_000)).milliseconds == 1_000_001)
    }

    @Test("a time can be compared with seconds of any size")
    func comparison() {
        let now = Timestamp(milliseconds: 1_000_999)
        for (seconds, isBefore) in [
            (Int64.min, false), (-1, false), (999, false), (1000, false), (1001, true), (.max, true),
        ] {
            #expect(now.isBefore(seconds: seconds) == isBefore)
        }
    }

    @Test("seconds are rounded half up, as Go rounds them")
    func rounding() {
        #expect(Timestamp(milliseconds: 1_499).rounded(adding: 2) == 3)
        #expect(Timestamp(milliseconds: 1_500).rounded(adding: 2) == 4)
        #expect(Timestamp(milliseconds: 7_200_500).rounded(adding: -3600) == 3601)
    }
}
