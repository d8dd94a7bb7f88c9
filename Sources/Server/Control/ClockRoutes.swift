import Encodings
import Provider

/// `/mock/v1/clock`
enum ClockRoutes {
    static let routes = [
        ControlRoute("GET", "/clock", "The clock of the instance") { .ok(state($0)) },
        ControlRoute("PUT", "/clock", "Advance, shift, set or freeze the clock", set),
        ControlRoute("DELETE", "/clock", "Back to real time") { request in
            request.instance.clock.mode = .real
            return .noContent
        },
    ]

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
            "offset": .string(DurationText.text(milliseconds: clock.offset / 1000 * 1000)),
        ]
    }

    private static func set(_ request: ControlRequest) throws(Problem) -> ControlReply {
        let reader = request.reader
        let (advance, offset) = (reader.milliseconds("advance"), reader.milliseconds("offset"))
        let now = reader.time("now")
        let frozen = reader.bool("frozen")
        try reader.check()
        guard ["advance", "offset", "now"].filter({ request.body[$0] != nil }).count <= 1 else {
            throw Problem(.invalidBody, "advance, offset and now exclude each other; send one of them")
        }
        let clock = request.instance.clock
        guard advance != nil || offset != nil || now != nil || frozen != nil else {
            throw Problem(.invalidBody, "nothing to do; send advance, offset, now or frozen")
        }
        let base = clock.now().milliseconds
        let target =
            now?.milliseconds ?? advance.map { base.saturatingAdding($0) }
            ?? offset.map { clock.realNow.milliseconds.saturatingAdding($0) } ?? base
        let isFrozen = if case .frozen = clock.mode { true } else { false }
        clock.set(Timestamp(milliseconds: target), frozen: frozen ?? isFrozen)
        return .ok(state(request))
    }
}
