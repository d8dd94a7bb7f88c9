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
        let mode =
            switch clock.mode {
            case .real: "real"
            case .shifted: "shifted"
            case .frozen: "frozen"
            }
        return [
            "now": .string(UTCDateTime(unix: clock.now().seconds).rfc3339), "mode": .string(mode),
            "offset": .string(GoDuration(milliseconds: clock.offset / 1000 * 1000).text),
        ]
    }

    private static func set(_ request: ControlRequest) -> ControlReply {
        let body = request.checkedBody
        let (advance, offset) = (body.milliseconds("advance"), body.milliseconds("offset"))
        let now = body.time("now")
        let clock = request.instance.clock
        let isFrozen = if case .frozen = clock.mode { true } else { false }
        let frozen = body.bool("frozen") ?? isFrozen
        // Real time goes on from here until the clock is set, so all that takes time comes before.
        let base = clock.now().milliseconds
        let target =
            now?.milliseconds ?? advance.map { base.saturatingAdding($0) }
            ?? offset.map { clock.realNow.milliseconds.saturatingAdding($0) } ?? base
        clock.set(Timestamp(milliseconds: target), frozen: frozen)
        return .ok(state(request))
    }
}
