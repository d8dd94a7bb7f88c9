import Encodings
import Provider

/// `mock-zitadel reset`
enum ResetCommand {
    private static let parts = ResetPart.allCases.map(\.rawValue)
    private static let only = CommandOption(
        "only", "PARTS", "Only these: \(parts.joined(separator: " ")); repeatable."
    ).offering(parts)

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
