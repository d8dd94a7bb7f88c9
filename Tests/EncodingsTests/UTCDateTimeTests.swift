import Encodings
import Testing

@Suite struct UTCDateTimeTests {
    @Test(
        "seconds since 1970 are written as RFC 3339 and read back",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_255_200, "2026-11-21T10:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (-62_135_596_800, "0001-01-01T00:00:00Z"), (-2_203_891_200, "1900-03-01T00:00:00Z"),
        ] as [(Int64, String)])
    func known(unix: Int64, text: String) {
        #expect(UTCDateTime(unix: unix).rfc3339 == text)
        #expect(UTCDateTime.unix(rfc3339: text) == unix)
    }

    @Test("times outside the years 1 to 9999 become the nearest time within", arguments: [Int64.min, -62_135_596_801])
    func tooEarly(unix: Int64) {
        #expect(UTCDateTime(unix: unix).rfc3339 == "0001-01-01T00:00:00Z")
        #expect(UTCDateTime(unix: unix == .min ? .max : -unix * 1000).rfc3339 == "9999-12-31T23:59:59Z")
    }

    @Test(
        "every day of the years around the century rules is written and read back",
        arguments: [1900, 1999, 2000, 2023, 2024, 2100, 2400])
    func roundTrips(year: Int) throws {
        let text = "\(year)-01-01T12:34:56Z"
        let first = try #require(UTCDateTime.unix(rfc3339: text))
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        var previous = UTCDateTime(unix: first - 86400)
        for day in 0..<(isLeap ? 366 : 365) {
            let date = UTCDateTime(unix: first + Int64(day) * 86400)
            #expect(UTCDateTime.unix(rfc3339: date.rfc3339) == first + Int64(day) * 86400)
            #expect(date.year == year && (date.day == previous.day + 1 || date.day == 1))
            previous = date
        }
        #expect(previous.month == 12 && previous.day == 31)
    }

    @Test(
        "offsets, fractions and the letters that RFC 3339 allows are read",
        arguments: [
            "2026-11-21T11:00:00+01:00", "2026-11-21T04:30:00-05:30", "2026-11-21T10:00:00.999999999Z",
            "2026-11-21t10:00:00z", "2026-11-21 10:00:00Z",
            "2026-11-22T09:59:00+23:59", "2026-11-21T10:00:00.5-00:00",
        ])
    func spellings(text: String) {
        #expect(UTCDateTime.unix(rfc3339: text) == 1_795_255_200)
    }

    @Test(
        "text that is not a date is refused",
        arguments: [
            "", "2026-11-21", "2026-11-21T10:00Z", "2026-11-21T10:00:00", "2026-02-29T00:00:00Z",
            "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00ZZ",
            "2026-01-01T00:00:00Z ", "26-01-01T00:00:00Z", "2026/01/01T00:00:00Z", "10000-01-01T00:00:00Z",
            "２026-01-01T00:00:00Z",
        ])
    func rejections(text: String) {
        #expect(UTCDateTime.unix(rfc3339: text) == nil)
    }

    @Test(
        "dates of HTTP have the format of RFC 9110 section 5.6.7",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_795_255_200, "Sat, 21 Nov 2026 10:00:00 GMT"),
            (-86400, "Wed, 31 Dec 1969 00:00:00 GMT"),
        ] as [(Int64, String)])
    func http(unix: Int64, text: String) {
        #expect(UTCDateTime(unix: unix).http == text)
    }
}
