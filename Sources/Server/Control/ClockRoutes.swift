import Encodings
import Provider
import ResourceFormat

/// `/mock/v1/clock`
enum ClockRoutes {
    static let routes = [
        ControlRoute("GET", "/clock", "The clock of the instance", query: [], answer: answer) { .ok(state($0)) },
        ControlRoute(
            "PUT", "/clock", "Advance, shift, set or freeze the clock", query: [], body: .object(ClockShapes.change),
            answer: answer, set),
        ControlRoute("DELETE", "/clock", "Back to real time", query: []) { request in
            request.instance.clock.mode = .real
            return .noContent
        },
    ]

    private static let answer = ResponseDescription.object(status: 200, ClockShapes.clock)

    private static func state(_ request: ControlRequest) -> JSONObject {
        let clock = request.instance.clock
        return [
            "now": .string(UTCDateTime(unix: clock.now().seconds).rfc3339), "mode": .string(clock.mode.name.rawValue),
            "offset": .string(GoDuration(milliseconds: clock.offset / 1000 * 1000).text),
        ]
    }

    private static func set(_ request: ControlRequest) throws -> ControlReply {
        let body = request.checkedBody
        let (advance, offset) = (body.milliseconds("advance"), body.milliseconds("offset"))
        let now = body.time("now")
        let clock = request.instance.clock
        if let advance { try check(clock.now(), advance, "advance") }
        if let offset { try check(clock.realNow, offset, "offset") }
        clock.set(frozen: body.bool("frozen")) { shown, real in
            now ?? advance.map(shown.adding(milliseconds:)) ?? offset.map(real.adding(milliseconds:)) ?? shown
        }
        return .ok(state(request))
    }

    /// - Throws: `Problem` for a distance that the clock would cut.
    private static func check(_ start: Timestamp, _ milliseconds: Int64, _ member: String) throws(Problem) {
        let end = start.milliseconds.saturatingAdding(milliseconds)
        guard Timestamp.clamped(milliseconds: end).milliseconds != end else { return }
        throw Problem(
            .invalidBody, "leads to a time before 1970 or after 9999, between which the clock runs",
            pointer: "/\(member)")
    }
}
