import Encodings
import Provider
import ResourceFormat

/// What `/mock/v1/clock` takes and answers.
enum ClockShapes {
    static let change = ObjectShape(
        name: "clockChange",
        members: [
            .may("advance", .timeSpan, "Added to the present time."),
            .may("offset", .timeSpan, "The distance from real time."), .may("now", .time, "The time that it is."),
            .may("frozen", .boolean, "Whether the clock is frozen."),
        ], atLeastOneOf: ["advance", "offset", "now", "frozen"], exclusive: [["advance", "offset", "now"]],
        rules: [
            ObjectRule {
                let now = $0.text("now").flatMap(UTCDateTime.unix(rfc3339:)) ?? 0
                if now < 0 { return (["now"], "is before 1970-01-01T00:00:00Z, where the clock begins") }
                return now > UTCDateTime.range.upperBound
                    ? (["now"], "is after 9999-12-31T23:59:59Z, where the clock ends") : nil
            }
        ])

    static let clock = ObjectShape(
        name: "clock",
        members: [
            .must("now", .time, "The time of the instance."),
            .must("mode", .oneOf("a mode", InstanceClock.ModeName.self), "How it follows real time."),
            .must("offset", .timeSpan, "The distance from real time."),
        ])
}
