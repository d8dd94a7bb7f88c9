import Encodings
import Provider

/// `mock-zitadel token`
enum TokenCommand {
    static let commands = [mintCommand, explainCommand, listCommand, revokeCommand]

    private static let user = CommandOption("user", "NAME", "Id, login name or user name.")
    private static let app = CommandOption("app", "ID", "Id or client id of an app.")

    // MARK: Mint

    private static let type = CommandOption(
        "type", choices: TokenMinter.TokenType.allCases.map(\.rawValue), "Default: access.")
    private static let format = CommandOption(
        "format", choices: ["opaque", "jwt"], "Default: what the app or user is set to.")
    private static let scopes = CommandOption("scopes", "SCOPES", "Separated by spaces; repeatable.")
    private static let audience = CommandOption("audience", "ID", "Repeatable.")
    private static let roles = CommandOption(
        "roles", "KEYS", "As if granted, of the app's project or --project; repeatable.")
    private static let project = CommandOption("project", "NAME", "The project of the roles.")
    private static let expiresIn = CommandOption("expires-in", "DURATION", "Such as 5m; -5m for an expired token.")
    private static let claim = CommandOption("claim", "NAME=JSON", "A further claim; repeatable.").offering(
        [], member: "claims")
    private static let amr = CommandOption("amr", "METHODS", "How the user signed in.")
    private static let defect = CommandOption(
        "defect", choices: TokenDefect.allCases.map(\.rawValue), "Makes a token that must be rejected.")

    private static let mintCommand = ControlCommand.make(
        "token mint", "Makes a token for any user.",
        options: [
            user, app, type, format, scopes, audience, roles, project, expiresIn, claim, amr, defect,
        ],
        details: """
            Only the token is written to standard output:
              TOKEN=$(mock-zitadel token mint --user svc --audience 270000000000000101)
            One that must be rejected:
              mock-zitadel token mint --user svc-jwt --format jwt --defect wrong-key
            """, run: mint)

    private static func mint(_ session: ControlSession) throws {
        guard let name = session.invocation.last(user) else { throw session.usage("token mint needs --user") }
        var body: JSONObject = ["user": .string(name)]
        for option in [app, type, format, project, expiresIn, defect] {
            body.append(option.memberName, session.invocation.last(option))
        }
        for option in [scopes, audience, roles, amr] { body.append(option.memberName, session.values(option)) }
        var claims = JSONObject()
        for (name, text) in try session.pairs(claim) {
            // A text without quotes is a text.
            claims.append(name, (try? JSONParser.parse(text.utf8)) ?? .string(text))
        }
        if !claims.members.isEmpty { body.append("claims", .object(claims)) }
        let response = try session.client.call("POST", "/tokens", body: body)
        session.show(response) { minted in
            if Terminal.isColored(1, session.invocation.environment) {
                Terminal.printError("id \(minted.shown("id")), expires \(minted.shown("expiresAt"))")
            }
            return minted.shown("token")
        }
    }

    // MARK: Explain

    private static let caller = CommandOption("caller", "ID", "Id or client id of the API that introspects the token.")
    private static let assertion = CommandOption(
        "assertion", "JWT", "Explain a client assertion or JWT profile instead.")
    private static let authorization = CommandOption(
        "authorization", "HEADER", "Explain an Authorization header, `Basic …`, instead.")

    private static let explainCommand = ControlCommand.make(
        "token explain", "Shows every check of a token, in the server's order, and why it is inactive.",
        arguments: [.init(name: "TOKEN", help: "the token", isRequired: false)],
        options: [caller, assertion, authorization],
        details: "For the API that asks:\n  mock-zitadel token explain \"$TOKEN\" --caller 270000000000000302",
        run: explain)

    private static func explain(_ session: ControlSession) throws {
        var body = JSONObject()
        body.append("token", session.words.first)
        for option in [caller, assertion, authorization] {
            body.append(option.memberName, session.invocation.last(option))
        }
        guard body["token"] != nil || body["assertion"] != nil || body["authorization"] != nil else {
            throw session.usage("token explain needs TOKEN, --assertion or --authorization")
        }
        session.show(try session.client.call("POST", "/explain", body: body)) { answer in
            let checks = session.table(
                ["items": answer["checks"] ?? .array([])],
                [
                    ("CHECK", { $0.shown("check") }), ("RESULT", { $0.shown("result") }),
                    ("EXPECTED", { $0.shown("expected") }), ("FOUND", { $0.shown("found") }),
                ], none: "  no check was made")
            let summary = session.list([
                ("verdict", answer.shown("verdict")), ("reason", answer["reason"]?.string),
                ("advice", answer["advice"]?.string),
            ])
            return summary + "\n\n" + checks
        }
    }

    // MARK: List and revoke

    private static let session = CommandOption("session", "ID", "Tokens of a login session.")
    private static let active = CommandOption("active", choices: ["true", "false"], "Only these.")
    private static let limit = CommandOption("limit", "COUNT", "At most this many (default: 100).")

    private static let listCommand = ControlCommand.make(
        "token list", "Lists the tokens of a running server.", options: [user, app, active, limit]
    ) { session in
        let query = session.query([user, app, active, limit])
        session.show(try session.client.call("GET", "/tokens", query: query)) { list in
            session.table(
                list,
                [
                    ("ID", { $0.shown("id") }), ("TYPE", { $0.shown("type") }), ("USER", { $0.shown("user") }),
                    ("CLIENT ID", { $0.shown("clientId") }), ("EXPIRES", { $0.shown("expiresAt") }),
                    ("STATE", { $0["active"].map { $0 == .bool(true) ? "active" : "inactive" } ?? "-" }),
                ], none: "no tokens")
        }
    }

    private static let revokeCommand = ControlCommand.make(
        "token revoke", "Revokes tokens.",
        arguments: [.init(name: "ID", help: "id of a token", isRequired: false, isRepeatable: true)],
        options: [user, app, Self.session],
        details: "All of a user:\n  mock-zitadel token revoke --user alice"
    ) { session in
        let query = session.query([user, app, Self.session])
        guard session.words.isEmpty != query.isEmpty else {
            throw session.usage("token revoke needs either ids, or --user, --app or --session")
        }
        if !query.isEmpty { session.done("revoked", try session.client.call("DELETE", "/tokens", query: query)) }
        try session.remove("token", "revoked") {
            try session.isThere("/tokens/\(ControlClient.segment($0))")
        } _: {
            try session.client.call("DELETE", "/tokens/\(ControlClient.segment($0))")
        }
    }
}
