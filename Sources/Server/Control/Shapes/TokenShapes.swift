import Crypto
import Provider
import ResourceFormat

/// What `/mock/v1/tokens`, `/assertions` and `/explain` take and answer.
enum TokenShapes {
    private static let user = "Id, login name, or user name that only one user has."
    private static let app = "Id or client id of an app."

    static let mint = ObjectShape(
        name: "tokenRequest",
        members: [
            .must("user", .anyText, user), .may("app", .anyText, app),
            .may("type", .oneOf("a type of token", TokenMinter.TokenType.self), "Default: access."),
            .may(
                "format", .oneOf("a format", TokenRoutes.TokenFormat.self), "Default: what the app or user is set to."),
            .may("scopes", .list(.anyText), "Default: openid."),
            .may("audience", .oneOrList(.anyText), "Default: as the server issues it."),
            .may("roles", .list(.anyText), "As if granted, of the app's project or `project`."),
            .may("project", .anyText, "The project of the roles: id or name."),
            .may("expiresIn", .timeSpan, "Negative for an expired token. Default: the lifetime of the instance."),
            .may(
                "claims", .anyObject,
                "Further claims; not those that the server sets, such as sub or exp, nor of personal access tokens."),
            .may("amr", .list(.anyText), "How the user signed in."),
            .may("defect", .oneOf("a defect", TokenDefect.self), "What is wrong with the token."),
        ],
        rules: [
            ObjectRule { body in
                guard body.text("type") == TokenMinter.TokenType.pat.rawValue else { return nil }
                let names = ["app", "format", "audience", "roles", "project", "claims", "amr"]
                return names.first(where: body.has).map { name in
                    ([name], "has no effect on a personal access token: it says what its user is and may do")
                }
            }
        ])

    static let minted = ObjectShape(
        name: "mintedToken",
        members: [
            .must("token", .someText, "Shown this once."), .must("id", .anyText, "The id of the token."),
            .must("expiresAt", .time, "When it expires."), .must("claims", .anyObject, "Its claims."),
            .may("warnings", .list(.anyText), "What no real token would have."),
        ])

    static let assertionRequest = ObjectShape(
        name: "assertionRequest",
        members: [
            .may("app", .anyText, app), .may("user", .anyText, user),
            .may("key", .anyText, "The id of its key. Default: the latest one."),
            .may(
                "privateKey", .anyText,
                "PEM; needed unless the server has it: it made the key, or read its key file with the seed."),
            .may("audience", .oneOrList(.anyText), "Default: the issuer."),
            .may("issuedAt", .timeSpan, "From now. Default: 0s."),
            .may("expiresIn", .timeSpan, "From now. Default: 1h."),
            .may("algorithm", .oneOf("an algorithm", SignatureAlgorithm.self), "Default: one that the key can."),
            .may("claims", .anyObject, "Further claims."),
            .may("defect", .oneOf("a defect", AssertionDefect.self), "What is wrong with the assertion."),
        ], exactlyOneOf: ["app", "user"])

    static let assertion = ObjectShape(
        name: "assertion", members: [.must("assertion", .someText, "A JWT.")])

    static let explainRequest = ObjectShape(
        name: "explainRequest",
        members: [
            .may("token", .anyText, "An access token or personal access token."),
            .may("caller", .anyText, "With token: the app that introspects it, by id or client id."),
            .may("assertion", .anyText, "A client assertion or assertion of the JWT profile."),
            .may("authorization", .anyText, "The value of an Authorization header: `Basic …`."),
        ], exactlyOneOf: ["token", "assertion", "authorization"],
        rules: [ObjectRule { $0.has("caller") && !$0.has("token") ? (["caller"], "is for token only") : nil }])

    static let explanation = ObjectShape(
        name: "explanation",
        members: [
            .must(
                "verdict", .oneOf("a verdict", Explanation.Verdict.self),
                "What the server says of it."),
            .must("subject", .anyText, "What was examined."),
            .must("reason", .nullable(.oneOf("a reason", Reason.self)), "Why it is refused."),
            .must("checks", .list(.object(check)), "Every check, in the order of the server."),
            .must("advice", .nullable(.anyText), "What would make it pass."),
        ])

    private static let check = ObjectShape(
        name: "check",
        members: [
            .must("check", .anyText, "What was checked."),
            .must("result", .choice(noun: "a result", ["passed", "failed"]), "How it ended."),
            .must("expected", .anyText, "What would pass."), .must("found", .anyText, "What was found."),
        ])
}
