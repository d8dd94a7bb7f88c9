import Provider
import ResourceFormat

/// What `/mock/v1/scenarios` takes and answers.
enum ScenarioShapes {
    static let parameters = ObjectShape(
        name: "scenarioParameters",
        members: [
            .may("staleFor", .timeSpan, "key-rotation: how long the old key set is answered. Default: not at all."),
            .may("pass", .integer(1...1_000_000), "introspection-flaps: requests that are answered. Default: 2."),
            .may("fail", .integer(1...1_000_000), "introspection-flaps: requests after them that fail. Default: 1."),
            .may(
                "status", .integer(200...599), "introspection-flaps and idp-down: the status of failures. Default: 503."
            ),
            .may("user", .someText, "role-revoked and pat-expires: whose."),
            .may("project", .someText, "role-revoked: on which project. Default: all."),
            .may("roles", .list(.someText), "role-revoked: which roles. Default: all."),
            .may("offset", .timeSpan, "clock-skew: the distance from real time. Default: 90s."),
            .may("in", .timeSpan, "pat-expires: from now. Default: 0s."),
            .may("close", .oneOf("a way to close", Fault.Action.Close.self), "idp-down: how connections end."),
            .may("after", .integer(0...1_000_000_000), "rate-limited: requests that pass first. Default: 0."),
            .may("retryAfter", .timeSpan, "rate-limited: the header Retry-After. Default: 5s."),
            .may("client", .someText, "rate-limited: for which client. Default: all."),
        ])

    static let scenario = ObjectShape(
        name: "scenario",
        members: [
            .must("name", .oneOf("a scenario", ScenarioName.self), "The scenario."),
            .must("active", .boolean, "Whether the instance is in it."),
            .may("parameters", .anyObject, "As they were sent."),
        ])
}
