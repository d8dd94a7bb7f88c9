import Encodings
import Testing

@Suite struct GoDurationTests {
    @Test(
        "a lifetime is read, and written in its shortest form",
        arguments: [
            ("12h", 43200, "12h"), ("90m", 5400, "1h30m"), ("1h30m", 5400, "1h30m"), ("30s", 30, "30s"),
            ("0s", 0, "0s"), ("0h", 0, "0s"),
            ("1h0m1s", 3601, "1h1s"), ("2160h", 7_776_000, "2160h"), ("007s", 7, "7s"),
        ] as [(String, Int64, String)])
    func good(text: String, count: Int64, shortest: String) {
        #expect(GoDuration(lifetime: text)?.seconds == count)
        #expect(GoDuration(seconds: count).text == shortest)
        #expect(GoDuration(lifetime: shortest) == GoDuration(seconds: count))
    }

    @Test(
        "text that is not a lifetime is rejected",
        arguments: [
            "", "12", "h", "1h1h", "1m1h", "1s1s", "-1s", "+1s", "1.5h", "1 h", "1d", "1H", "999999999h",
            "99999999999999999999s", "878400h", "١s",
        ])
    func bad(text: String) {
        #expect(GoDuration(lifetime: text) == nil)
    }

    @Test(
        "a lifetime that is too long is distinguished from text that is not a lifetime",
        arguments: [
            ("999999999h", true), ("99999999999999999999s", true), ("878400h", true), ("9999999999x", false),
            ("1h878400h", false),
        ])
    func tooLong(text: String, isTooLong: Bool) {
        #expect(throws: isTooLong ? GoDuration.Unreadable.tooLong : .malformed) { try GoDuration.lifetime(text) }
    }

    @Test("durations compare by length")
    func order() throws {
        #expect(try #require(GoDuration(lifetime: "90m")) < #require(GoDuration(lifetime: "2h")))
        #expect(GoDuration(lifetime: "60m") == GoDuration(seconds: 3600))
    }

    @Test(
        "a duration may have a sign, days and milliseconds, in any order",
        arguments: [
            ("-90s", -90_000, "-1m30s"), ("+2d", 172_800_000, "48h"), ("200ms", 200, "200ms"),
            ("1s1h", 3_601_000, "1h1s"),
            ("1m1ms", 60_001, "1m1ms"), ("0s", 0, "0s"),
        ] as [(String, Int64, String)])
    func signed(text: String, milliseconds: Int64, shortest: String) {
        #expect(GoDuration(text)?.milliseconds == milliseconds)
        #expect(GoDuration(milliseconds: milliseconds).text == shortest)
    }

    @Test(
        "text that is not a duration, or a duration over 10,000 years, is rejected",
        arguments: ["", "-", "12", "h", "1.5h", "1 h", "1H", "--1s", "1y", "3650001d", "99999999999999999999s"])
    func notSigned(text: String) {
        #expect(GoDuration(text) == nil)
    }
}
