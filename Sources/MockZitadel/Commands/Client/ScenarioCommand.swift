import Encodings

/// `mock-zitadel scenario`
enum ScenarioCommand {
    private static let name = Command.Argument(name: "NAME", help: "of the scenario")
    private static let parameter = CommandOption(
        "set", "NAME=VALUE", "A parameter, such as offset=5m or status=500; repeatable.")

    static let commands = [
        ControlCommand.make(
            "scenario list", "Lists the scenarios, and which of them are on.", isGroupDefault: true
        ) { session in
            session.show(try session.client.call("GET", "/scenarios")) { list in
                session.table(
                    list,
                    [
                        ("NAME", { $0.shown("name") }), ("ON", { $0["active"] == .bool(true) ? "active" : "-" }),
                        ("PARAMETERS", { $0.shown("parameters") }),
                    ], none: "no scenarios")
            }
        },
        ControlCommand.make(
            "scenario start", "Puts a running server into a scenario.", arguments: [name], options: [parameter],
            details: "The clock of the server is ahead:\n  mock-zitadel scenario start clock-skew --set offset=5m"
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
