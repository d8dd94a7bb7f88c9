import Encodings
import OAuth
import Provider
import ResourceFormat

/// What `/mock/v1/requests` and `/lint` take and answer.
enum JournalShapes {
    /// Which requests are meant.
    static let filters = [
        QueryParameter("endpoint", .oneOf("an endpoint", EndpointName.self), "Where it went."),
        QueryParameter("method", .choice(noun: "a method", methods), "Of HTTP."),
        QueryParameter("client", text, "An app or service user, by id or name."),
        QueryParameter("user", text, "Id or name."),
        QueryParameter("grant", .choice(noun: "a grant", grants), "Of token requests."),
        QueryParameter("reason", .oneOf("a reason", Reason.self), "Why it was refused, as in Mock-Reason."), outcome,
        QueryParameter("since", .time, "Not before this time."),
    ]
    /// What the journal cuts texts to, so that no longer one can be found.
    private static let text = Shape.pattern(
        TextPattern(
            expression: "^[^\\u0000]{0,\(JournalEntry.textLimit)}$",
            expected: "a text of at most \(JournalEntry.textLimit) bytes without NUL", example: "svc",
            isValid: { $0.utf8.count <= JournalEntry.textLimit && !$0.utf8.contains(0) }))
    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    static let grants = GrantType.allCases.flatMap { $0.name == $0.rawValue ? [$0.name] : [$0.name, $0.rawValue] }
    private static let outcome = QueryParameter(
        "outcome", .oneOf("an outcome", JournalEntry.Outcome.self), "How it ended.")

    static let waiting = [
        QueryParameter("limit", .integer(1...1000), "Items at most. Default: 100."),
        QueryParameter("wait", wait, "How long to wait for requests: up to 60s."),
        QueryParameter("count", .integer(1...1000), "How many to wait for. Default: 1."),
    ]

    private static let wait = Shape.pattern(
        TextPattern(
            expression: "^[0-9]{1,5}ms$|^[1-6]?[0-9]s$|^1m$", expected: "a duration up to 60s", example: "100ms",
            isValid: { GoDuration($0).map { (0...60_000).contains($0.milliseconds) } ?? false }))

    static let request = ObjectShape(
        name: "request",
        members: [
            .must("id", .anyText, "As in the log."), .must("time", .time, "By the clock of the instance."),
            .must("endpoint", .anyText, "The endpoint."), .must("method", .anyText, "Of HTTP."),
            .must("path", .anyText, "Without the query."), .must("status", .integer(100...999), "Of the answer."),
            .must("outcome", outcome.shape, "How it ended."),
            .must("durationMicroseconds", .count, "How long answering took."),
            .may("client", .anyText, "Client id of an app, or user name of a service user."),
            .may("user", .anyText, "User name."), .may("grant", .anyText, "Of a token request."),
            .may("tokenId", .anyText, "The id of the token that it was about."),
            .may("reason", .anyText, "Why it was refused."), .may("detail", .anyText, "The same in words."),
            .must("warnings", .list(.object(warning)), "What ZITADEL advises against."),
            .must("form", .map(.oneOrList(.anyText)), "Parameters; secrets and tokens are masked."),
            .must("headers", .map(.oneOrList(.anyText)), "Header fields; secrets and tokens are masked."),
            .may("fault", .anyText, "The id of the fault that hit it."),
        ])

    private static let warning = ObjectShape(
        name: "warning", members: [.must("code", .anyText, "Which one."), .must("detail", .anyText, "In words.")])

    static let verification = ObjectShape(
        name: "verification",
        members: [
            .may("match", .object(match), "Which requests. Default: all."),
            .may("times", .object(times), "How many. Default: at least one."),
        ])

    private static let match = ObjectShape(
        name: "requestMatch",
        members: filters.map { .may($0.name, $0.shape, $0.documentation) } + [
            .may("status", .integer(100...599), "Of the answer."),
            .may("form", .map(.nullable(text)), "Parameters; null for one that must be absent."),
        ],
        rules: [
            ObjectRule {
                ($0.object("form")?.members.count ?? 0) > JournalEntry.parameterLimit
                    ? (["form"], "has more than \(JournalEntry.parameterLimit) members; the journal keeps no more")
                    : nil
            }
        ])

    private static let times = ObjectShape(
        name: "times",
        members: [
            .may("min", .integer(0...1_000_000), "At least."), .may("max", .integer(0...1_000_000), "At most."),
        ],
        rules: [ObjectRule { ($0.integer("min") ?? 0) > ($0.integer("max") ?? .max) ? (["min"], "is above max") : nil }]
    )

    static let verified = ObjectShape(
        name: "verified", members: [.must("matched", .count, "Requests that match.")])

    static let finding = ObjectShape(
        name: "lintFinding",
        members: [
            .must("client", .nullable(.anyText), "Who; null when it is not known."),
            .must("code", .anyText, "What."), .must("count", .count, "How often."),
            .must("last", .time, "The last time."),
            .must("detail", .anyText, "What to do instead."),
        ])
}
