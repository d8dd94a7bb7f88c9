import Encodings
import Provider

/// `mock-zitadel scenario`
enum ScenarioCommand {
    private static let name = Command.Argument(
        name: "NAME", help: "of the scenario", choices: ScenarioName.allCases.map(\.rawValue))
    private static let parameter = CommandOption(
        "set", "NAME=VALUE", "A parameter; the value is JSON, or a text without quotes; repeatable."
    ).offering([], member: "*")

    /// The parameters of a scenario, as `--set` takes them.
    private static func parameters(_ name: ScenarioName) -> String {
        switch name {
        case .keyRotation: "staleFor=5m"
        case .introspectionFlaps: "pass=2 fail=1 status=503"
        case .roleRevoked: "user=NAME project=NAME roles=[\"reader\"]"
        case .clockSkew: "offset=90s"
        case .patExpires: "user=NAME in=10s"
        case .idpDown: "status=503, or close=KIND"
        case .rateLimited: "after=10 retryAfter=5s client=ID"
        }
    }

    private static let overview = Terminal.table(
        ScenarioName.allCases.map { [$0.rawValue, parameters($0)] }, hasHeading: false)

    static let commands = [
        ControlCommand.make(
            "scenario list", "Lists the scenarios, and which of them are on.", isGroupDefault: true
        ) { session in
            session.show(try session.client.call("GET", "/scenarios")) { list in
                session.table(
                    list,
                    [
                        ("NAME", { $0.shown("name") }), ("ON", { $0["active"] == .bool(true) ? "active" : "-" }),
                        ("SET TO", { $0.shown("parameters") }),
                        ("PARAMETERS", { ScenarioName(rawValue: $0.shown("name")).map(parameters) ?? "-" }),
                    ], none: "no scenarios")
            }
        },
        ControlCommand.make(
            "scenario start", "Puts a running server into a scenario.", arguments: [name], options: [parameter],
            details: """
                Scenarios and their parameters:
                \(overview)

                The clock of the server is ahead:
                  mock-zitadel scenario start clock-skew --set offset=5m
                A user loses one role:
                  mock-zitadel scenario start role-revoked --set user=alice --set 'roles=["reader"]'
                """
        ) { session in
            var body = JSONObject()
            for (name, text) in try session.pairs(parameter) {
                // A text without quotes is a text.
                body.append(name, (try? JSONParser.parse(text.utf8)) ?? .string(text))
            }
            let path = "/scenarios/\(ControlClient.segment(session.words[0]))"
            session.show(try session.client.call("PUT", path, body: body)) { "\($0.shown("name")) is on" }
        },
        ControlCommand.make("scenario end", "Ends a scenario, and what it changed.", arguments: [name]) { session in
            try session.client.call("DELETE", "/scenarios/\(ControlClient.segment(session.words[0]))")
            session.done("\(session.words[0]) is off")
        },
    ]
}
