import Encodings
import HTTP

/// `mock-zitadel clock`
enum ClockCommand {
    static let commands = [
        ControlCommand.make("clock show", "Shows the clock of a running server.", isGroupDefault: true) { session in
            try show(session, try session.client.call("GET", "/clock"))
        },
        ControlCommand.make(
            "clock advance", "Moves the clock on, or back.",
            arguments: [.init(name: "DURATION", help: "such as 13h, 1h30m or -90s", member: "advance")],
            details: "Tokens expire without sleeping:\n  mock-zitadel clock advance 13h"
        ) { session in try set(session, ["advance": .string(session.words[0])]) },
        ControlCommand.make(
            "clock set", "Sets the clock.",
            arguments: [
                .init(
                    name: "TIME",
                    help: "RFC 3339 such as 2027-01-01T00:00:00Z, or the distance from real time such as -90s")
            ]
        ) { session in try set(session, time(session)) },
        ControlCommand.make(
            "clock freeze", "Stops the clock.",
            arguments: [
                .init(
                    name: "TIME", help: "at this time: RFC 3339, or the distance from real time (default: now)",
                    isRequired: false)
            ]
        ) { session in
            var body = session.words.isEmpty ? [:] : try time(session)
            body.append("frozen", .bool(true))
            try set(session, body)
        },
        ControlCommand.make("clock unfreeze", "Resumes a frozen clock.") { session in
            try set(session, ["frozen": .bool(false)])
        },
        ControlCommand.make("clock reset", "Back to real time.") { session in
            try session.client.call("DELETE", "/clock")
            session.done("real time")
        },
    ]

    /// - Throws: `UsageError`
    private static func time(_ session: ControlSession) throws -> JSONObject {
        let text = session.words[0]
        if UTCDateTime.unix(rfc3339: text) != nil { return ["now": .string(text)] }
        guard GoDuration(text) != nil else {
            throw session.usage(
                "TIME is \(JSON.string(text).text); expected a time of RFC 3339, such as 2027-01-01T00:00:00Z, or a duration from real time, such as -90s"
            )
        }
        return ["offset": .string(text)]
    }

    private static func set(_ session: ControlSession, _ body: JSONObject) throws {
        try show(session, try session.client.call("PUT", "/clock", body: body))
    }

    /// - Throws: `ControlClient.Unreachable` for an answer that is not a clock.
    private static func show(_ session: ControlSession, _ response: HTTPResponse) throws {
        let clock = (try? JSONParser.parse(response.body))?.object ?? [:]
        guard clock["now"]?.string.flatMap(UTCDateTime.unix(rfc3339:)) != nil else { throw session.client.foreign }
        session.show(response) { state(session, $0) }
    }

    private static func state(_ session: ControlSession, _ clock: JSONObject) -> String {
        session.list([
            ("now", clock.shown("now")), ("mode", clock.shown("mode")), ("from real time", clock.shown("offset")),
        ])
    }
}
