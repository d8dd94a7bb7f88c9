import Encodings
import OAuth
import Provider
import ResourceFormat

/// What `/mock/v1/faults` takes and answers.
enum FaultShapes {
    static let request = ObjectShape(
        name: "faultRequest",
        members: [
            .may("match", .object(match), "Which requests. Default: all."),
            .may("when", .object(when), "Which of them. Default: all."),
            .must("do", .object(action), "What happens to them."),
        ])

    static let fault = ObjectShape(
        name: "fault",
        members: [
            .must("id", .anyText, "The id of the fault."), .may("match", .anyObject, "As it was sent."),
            .may("when", .anyObject, "As it was sent."), .must("do", .anyObject, "As it was sent."),
            .must("matched", .count, "Requests that were meant."), .must("hits", .count, "Requests that were hit."),
        ])

    private static let match = ObjectShape(
        name: "faultMatch",
        members: [
            .may("endpoint", .choice(noun: "an endpoint", EndpointName.names), "The endpoint of the request."),
            .may("grant", .choice(noun: "a grant", JournalShapes.grants), "The grant of a token request."),
            .may("client", .anyText, "Id, client id or name."), .may("user", .anyText, "Id or name."),
            .may("header", .map(.anyText), "At most \(headerLimit) headers of the request."),
            .may("token", .anyText, "The token in it."),
        ],
        rules: [
            ObjectRule { object in
                let count = object["header"]?.object?.members.count ?? 0
                return count > headerLimit
                    ? (["header"], "has \(count) headers; at most \(headerLimit) are compared") : nil
            }
        ])

    /// Headers of a fault, all of which are compared with those of each request.
    private static let headerLimit = 16

    private static let when = ObjectShape(
        name: "faultLimit",
        members: [
            .may("after", .integer(0...1_000_000_000), "Requests that are let through first."),
            .may("times", .integer(1...1_000_000_000), "Requests that are hit."),
            .may("pass", .integer(1...1_000_000), "Of pass + fail requests in a row, so many are let through first."),
            .may("fail", .integer(1...1_000_000), "Of pass + fail requests in a row, so many are hit. Default: 1."),
            .may("probability", .number(0...1), "How often a request is hit. Default: 1."),
            .may("until", .time, "The end, by the clock of the instance."),
        ],
        rules: [ObjectRule { $0.has("fail") && !$0.has("pass") ? (["fail"], "needs pass") : nil }])

    private static let actions: [MemberShape] = [
        .may("status", .integer(200...599), "The status of the answer."),
        .may("body", .anyText, "The body of the answer."),
        .may("headers", .map(.anyText), "Headers of the answer."),
        .may(
            "refuse", .oneOf("an OAuth error", OAuthErrorCode.self),
            "Refused as the dialect has it; an app gets it at its redirect URI."),
        .may("delay", .either(delay, delayRange), "How long the answer waits: 0s to 1h."),
        .may("trickle", rate, "How fast the answer is sent."),
        .may(
            "truncate", .integer(0...1_000_000_000), "Bytes of the body that are sent before the connection breaks."
        ),
        .may("close", .oneOf("a way to close", Fault.Action.Close.self), "How the connection ends."),
        .may("garbage", .boolean, "The answer is not JSON."),
        .may("retryAfter", .timeSpan, "Status 429 with this Retry-After."),
        .may("instanceNotFound", .boolean, "The answer to an unknown host."),
        .may("staleKeys", .boolean, "The key set as it was before the last rotation."),
    ]

    private static let action = ObjectShape(
        name: "faultAction", members: actions, atLeastOneOf: actions.map(\.name),
        exclusive: [["status", "refuse", "retryAfter", "instanceNotFound", "garbage"]],
        rules: [
            ObjectRule { $0.member("headers").flatMap(refusedHeader).map { (["headers", $0.name], $0.problem) } }
        ])

    /// The first field that the server itself writes, or whose name is none.
    private static func refusedHeader(_ headers: CheckedObject) -> (name: String, problem: String)? {
        for (name, _) in headers.texts {
            if !FieldSyntax.isToken(name) { return (name, "is not the name of a header field") }
            if ["content-length", "transfer-encoding", "connection"].contains(name.lowercased()) {
                return (name, "is written by the server itself")
            }
        }
        return nil
    }

    private static let delayRange = ObjectShape(
        name: "delayRange",
        members: [.may("min", delay, "Default: 0s."), .may("max", delay, "Default: 0s.")],
        rules: [
            ObjectRule {
                ($0.milliseconds("min") ?? 0) > ($0.milliseconds("max") ?? 0)
                    ? ([], "expected min and max from 0s to 1h, min not above max") : nil
            }
        ])

    /// Milliseconds that a fault may wait.
    private static let longest: Int64 = 3_600_000

    private static let delay = Shape.pattern(
        TextPattern(
            expression: "^[0-9]{1,7}ms$|^[0-9]{1,4}s$|^[0-5]?[0-9]m$|^1h$", expected: "a duration from 0s to 1h",
            example: "200ms", isValid: { GoDuration($0).map { (0...longest).contains($0.milliseconds) } ?? false }))

    private static let rate = Shape.pattern(
        TextPattern(
            expression: "^[1-9][0-9]{0,5}K?B/s$", expected: "a rate such as \"10B/s\" or \"2KB/s\"", example: "10B/s",
            isValid: { bytesPerSecond($0) != nil }))

    /// "10B/s", "2KB/s"
    static func bytesPerSecond(_ text: String) -> Int? {
        for (unit, factor) in [("KB/s", 1000), ("B/s", 1)] where text.hasSuffix(unit) {
            if let number = Int(text.dropLast(unit.count)), (1...1_000_000).contains(number) { return number * factor }
        }
        return nil
    }
}
