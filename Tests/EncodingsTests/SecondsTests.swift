import Encodings
import Testing

@Suite struct SecondsTests {
    @Test(
        "a duration is read, and written in its shortest form",
        arguments: [
            ("12h", 43200, "12h"), ("90m", 5400, "1h30m"), ("1h30m", 5400, "1h30m"), ("30s", 30, "30s"),
            ("0s", 0, "0s"), ("0h", 0, "0s"),
            ("1h0m1s", 3601, "1h1s"), ("2160h", 7_776_000, "2160h"), ("007s", 7, "7s"),
        ] as [(String, Int64, String)])
    func good(text: String, count: Int64, shortest: String) {
        #expect(Seconds(parsing: text)?.count == count)
        #expect(Seconds(count).text == shortest)
        #expect(Seconds(parsing: shortest) == Seconds(count))
    }

    @Test(
        "what is no duration is refused",
        arguments: [
            "", "12", "h", "1h1h", "1m1h", "1s1s", "-1s", "+1s", "1.5h", "1 h", "1d", "1H", "999999999h",
            "99999999999999999999s", "878400h", "١s",
        ])
    func bad(text: String) {
        #expect(Seconds(parsing: text) == nil)
    }

    @Test(
        "what is too long is told apart from what is no duration",
        arguments: [
            ("999999999h", true), ("99999999999999999999s", true), ("878400h", true), ("9999999999x", false),
            ("1h878400h", false),
        ])
    func tooLong(text: String, isTooLong: Bool) {
        #expect(throws: isTooLong ? Seconds.Unreadable.tooLong : .malformed) { try Seconds.read(text) }
    }

    @Test("durations compare by length")
    func order() throws {
        #expect(try #require(Seconds(parsing: "90m")) < #require(Seconds(parsing: "2h")))
        #expect(Seconds(parsing: "60m") == Seconds(3600))
    }
}
