import Provider
import ResourceFormat

/// What `/mock/v1/scenarios` takes and answers.
enum ScenarioShapes {
    /// The parameters of a scenario.
    private static func members(_ scenario: ScenarioName) -> [MemberShape] {
        switch scenario {
        case .keyRotation: [.may("staleFor", .timeSpan, "how long the old key set is answered. Default: not at all.")]
        case .introspectionFlaps:
            [
                .may("pass", .integer(1...1_000_000), "requests that are answered. Default: 2."),
                .may("fail", .integer(1...1_000_000), "requests after them that fail. Default: 1."),
                .may("status", .integer(200...599), failureStatus),
            ]
        case .roleRevoked:
            [
                .must("user", .someText, "whose."), .may("project", .someText, "on which project. Default: all."),
                .may("roles", .list(.someText), "which roles. Default: all."),
            ]
        case .clockSkew: [.may("offset", .timeSpan, "the distance from real time. Default: 90s.")]
        case .patExpires: [.must("user", .someText, "whose."), .may("in", .timeSpan, "from now. Default: 0s.")]
        case .idpDown:
            [
                .may("status", .integer(400...599), failureStatus),
                .may("close", .oneOf("a way to close", Fault.Action.Close.self), "how connections end."),
            ]
        case .rateLimited:
            [
                .may("after", .integer(0...1_000_000_000), "requests that pass first. Default: 0."),
                .may("retryAfter", .timeSpan, "the header Retry-After. Default: 5s."),
                .may("client", .someText, "for which client. Default: all."),
            ]
        }
    }

    private static let failureStatus = "the status of failures. Default: 503."

    private static func rules(_ scenario: ScenarioName) -> [ObjectRule] {
        guard scenario == .idpDown else { return [] }
        return [
            ObjectRule {
                $0.has("status") && $0.has("close")
                    ? (["close"], "is sent with status; send one of them") : nil
            }
        ]
    }

    /// By the names of scenarios.
    static let parameters = BodyDescription.objects(
        parameter: "scenario",
        Dictionary(
            uniqueKeysWithValues: ScenarioName.allCases.map {
                ($0.rawValue, ObjectShape(name: $0.rawValue, members: members($0), rules: rules($0)))
            }),
        all: ObjectShape(name: "scenarioParameters", members: allMembers))

    /// The parameters of all scenarios. One that several have is there once, with the shape that the first gives it, which must be the widest.
    private static let allMembers: [MemberShape] = {
        let all = ScenarioName.allCases.flatMap { scenario in members(scenario).map { (scenario, $0) } }
        let names = all.map(\.1.name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return names.compactMap { name in
            let same = all.filter { $0.1.name == name }
            let scenarios = same.map(\.0.rawValue).joined(separator: " and ")
            return same.first.map { .may(name, $0.1.value, "\(scenarios): \($0.1.documentation)") }
        }
    }()

    static let scenario = ObjectShape(
        name: "scenario",
        members: [
            .must("name", .oneOf("a scenario", ScenarioName.self), "The scenario."),
            .must("active", .boolean, "Whether the instance is in it."),
            .may("parameters", .anyObject, "As they were sent."),
        ])
}
