import Encodings

/// `mock-zitadel reset`
enum ResetCommand {
    private static let only = CommandOption(
        "only", "PARTS", "Only these: tokens sessions clock faults requests lint resources signingKeys; repeatable.")

    static let command = ControlCommand.make(
        "reset", "Brings a running server back to its seed; signing keys stay.", options: [only],
        details: "Between two tests:\n  mock-zitadel reset --only \"tokens sessions clock faults requests\""
    ) { session in
        var body = JSONObject()
        body.append("only", session.values(only))
        let response = try session.client.call("POST", "/reset", body: body)
        if session.isJSON { session.showJSON(response) } else { session.done("reset") }
    }
}
