import Encodings
import HTTP
import Provider

/// `mock-zitadel requests`
enum RequestsCommand {
    static let commands = [
        ControlCommand.make(
            "requests list", "Lists the latest requests of a running server, newest first.",
            options: filters + [limit, wait, count, follow],
            details: """
                Wait until an API has introspected a token:
                  mock-zitadel requests --endpoint introspect --wait 5s
                Watch what comes in:
                  mock-zitadel requests --follow
                Exit status: 1 when fewer than --count requests came within --wait.
                """, isGroupDefault: true, run: list),
        ControlCommand.make(
            "requests show", "Shows one request.", arguments: [.init(name: "ID", help: "of a request")]
        ) { session in
            let response = try session.client.call("GET", "/requests/\(ControlClient.segment(session.words[0]))")
            session.show(response) { JSON.object($0).pretty() }
        },
        ControlCommand.make("requests clear", "Forgets the requests so far.") { session in
            try session.client.call("DELETE", "/requests")
            session.done("no requests")
        },
        ControlCommand.make(
            "requests verify", "Checks which requests came in.",
            options: filters + [status, form, minimum, maximum],
            details: """
                The API has introspected exactly once:
                  mock-zitadel requests verify --endpoint introspect --min 1 --max 1
                Exit status: 1 when the requests are not as expected; the nearest ones are shown.
                """, run: verify),
    ]

    private static let filters = [
        ControlCommand.endpoint,
        CommandOption("method", "METHOD", "GET, POST, …"), CommandOption("client", "ID", "Id or client id of an app."),
        CommandOption("user", "NAME", "Id or name of a user."),
        CommandOption("grant", "NAME", "Grant of a token request."),
        CommandOption("outcome", choices: JournalEntry.Outcome.allCases.map(\.rawValue), "How it ended."),
        CommandOption("reason", "CODE", "Why it was refused, as in Mock-Reason."),
        CommandOption("since", "TIME", "RFC 3339."),
    ]
    private static let limit = CommandOption("limit", "COUNT", "At most this many (default: 100).")
    private static let wait = CommandOption("wait", "DURATION", "Wait for requests, up to 60s.")
    private static let count = CommandOption("count", "COUNT", "Wait for this many (default: 1).")
    private static let follow = CommandOption(switch: "follow", "Go on with new requests until interrupted.")
    private static let status = CommandOption("status", "CODE", "Answered with it.")
    private static let form = CommandOption("form", "NAME=VALUE", "With this parameter; repeatable.")
    private static let minimum = CommandOption("min", "COUNT", "At least this many (default: 1).")
    private static let maximum = CommandOption("max", "COUNT", "At most this many.")

    // MARK: List

    private static func list(_ session: ControlSession) throws {
        guard !session.invocation.has(follow) else {
            return try RequestFollower(session: session, query: session.query(filters)).run()
        }
        let expected = try session.invocation.number(count, 1...1000) ?? 1
        let query = session.query(filters + [limit, wait, count])
        // The server refuses what is no duration, and waits for a minute at most.
        let waited = session.invocation.last(wait).flatMap { GoDuration($0) }?.seconds ?? 0
        let response = try session.client.call(
            "GET", "/requests", query: query, seconds: 10 + Int(min(max(waited, 0), 60)))
        session.show(response) { session.table($0, columns, none: "no such requests") }
        guard session.invocation.has(wait) else { return }
        let found = (try? JSONParser.parse(response.body))?.object?["items"]?.array?.count ?? 0
        guard found >= expected else {
            throw NotAsExpected(
                description: "\(found) such request\(found == 1 ? "" : "s") came in; expected \(expected)")
        }
    }

    static let columns: [ControlSession.Column] = [
        ("ID", { $0.shown("id") }), ("TIME", { String($0.shown("time").dropFirst(11).prefix(8)) }),
        ("METHOD", { $0.shown("method") }), ("PATH", { $0.shown("path") }), ("STATUS", { $0.shown("status") }),
        ("OUTCOME", { $0.shown("outcome") }), ("CLIENT", { $0.shown("client") }), ("USER", { $0.shown("user") }),
        ("REASON", { $0.shown("reason") }),
    ]

    struct NotAsExpected: Error, CustomStringConvertible {
        let description: String
    }

    // MARK: Verify

    private static func verify(_ session: ControlSession) throws {
        var match = JSONObject()
        for (name, value) in session.query(filters) { match.append(name, .string(value)) }
        match.append("status", try session.invocation.number(status, 100...599))
        let parameters = try session.pairs(form)
        if !parameters.isEmpty {
            var members = JSONObject()
            for (name, value) in parameters { members.append(name, .string(value)) }
            match.append("form", .object(members))
        }
        var times = JSONObject()
        times.append("min", try session.invocation.number(minimum, 0...1_000_000))
        times.append("max", try session.invocation.number(maximum, 0...1_000_000))
        var body: JSONObject = ["match": .object(match)]
        if !times.members.isEmpty { body.append("times", .object(times)) }
        do {
            let response = try session.client.call("POST", "/requests/verify", body: body)
            session.show(response) { "as expected: \($0.shown("matched"))" }
        } catch let refused as ControlClient.Refused where refused.response.status == 422 {
            session.show(refused.response) { nearest(session, $0) }
            throw refused
        }
    }

    /// What came instead.
    private static func nearest(_ session: ControlSession, _ problem: JSONObject) -> String {
        let items = (problem["nearest"]?.array ?? []).compactMap(\.object)
        guard !items.isEmpty else { return "" }
        let rows = items.map { item -> [String] in
            let request = item["request"]?.object ?? [:]
            let differences = (item["differences"]?.array ?? []).map(\.shown).joined(separator: "; ")
            return ["method", "path", "status"].map(request.shown) + [differences]
        }
        return "Nearest:\n"
            + Terminal.table([["METHOD", "PATH", "STATUS", "DIFFERS IN"]] + rows, isColored: session.isColored)
    }
}
