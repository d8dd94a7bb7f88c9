import Model
import Provider
import ResourceFormat

/// What `/mock/v1/seed`, `/reset`, `/snapshots`, `/sessions`, `/deviceAuthorizations` and `GET /tokens` take and answer.
enum StateShapes {
    static let loaded = ObjectShape(
        name: "loadedSeed",
        members: [
            .must(
                "madeTokens", .map(.anyText),
                "Personal access tokens that the seed gives no value, by id; shown this once.")
        ])

    static let reset = ObjectShape(
        name: "resetRequest",
        members: [
            .may("only", .list(.oneOf("a part", ResetPart.self)), "What is reset. Default: all but the signing keys.")
        ])

    static let savedState = ObjectShape(
        name: "snapshot",
        members: [
            .must("name", .anyText, "Its name."), .must("createdAt", .time, "By real time."),
            .must("bytes", .count, "How much memory it takes."),
        ])

    static let session = ObjectShape(
        name: "session",
        members: [
            .must("id", .anyText, "Its id."), .must("user", .anyText, "The id of its user."),
            .must("amr", .list(.anyText), "How the user signed in."), .must("authTime", .time, "When."),
        ])

    static let device = ObjectShape(
        name: "deviceAuthorization",
        members: [
            .must("userCode", .anyText, "What the user types in."), .must("clientId", .anyText, "Of its app."),
            .must("scopes", .list(.anyText), "What the device asks for."), .must("state", .anyText, "Such as pending."),
            .must("expiresAt", .time, "When it expires."), .may("user", .anyText, "Who has approved."),
        ])

    static let decision = ObjectShape(
        name: "deviceDecision",
        members: [
            .must("decision", .oneOf("a decision", DeviceDecision.Choice.self), "What the user says."),
            .may("user", .anyText, "Who approves: id, login name or user name."),
        ],
        rules: [
            ObjectRule { body in
                switch (body.choice("decision", DeviceDecision.Choice.self), body.has("user")) {
                case (.approve, false): (["user"], "is missing; expected the user who approves")
                case (.deny, true): (["user"], "is for approve only")
                case (.approve, true), (.deny, false), (nil, _): nil
                }
            }
        ])

    static let token = ObjectShape(
        name: "issuedToken",
        members: [
            .must("id", .anyText, "Its id."),
            .must("type", .choice(noun: "a type of token", TokenMinter.TokenType.stored.map(\.rawValue)), "Its type."),
            .must("user", .anyText, "The id of its user."), .may("clientId", .anyText, "Of its app."),
            .must("scopes", .list(.anyText), "Its scopes."), .may("audience", .list(.anyText), "Who it is for."),
            .may("amr", .list(.anyText), "How the user signed in."), .must("expiresAt", .time, "When it expires."),
            .may("issuedAt", .time, "When it was issued."), .may("session", .anyText, "The id of its login session."),
            .may("act", .anyObject, "Who acts for the user."), .must("active", .boolean, "Whether it is valid now."),
            .may("ended", .anyText, "Why it is not."),
        ])

    static let tokenFilters = [
        QueryParameter("user", .anyText, "Id, login name or user name."),
        QueryParameter("app", .anyText, "Id or client id."),
        QueryParameter("session", .anyText, "Id of a login session."),
        QueryParameter("active", .choice(noun: "a choice", ["true", "false"]), "Whether only active ones are meant."),
    ]
    static let ofUser = [QueryParameter("user", .anyText, "Those of this user: id, login name or user name.")]
}
