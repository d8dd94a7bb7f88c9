import Encodings
import ResourceFormat

/// What `/mock/v1/instances` takes and answers.
enum InstanceShapes {
    static let new = ObjectShape(
        name: "newInstance",
        members: [
            .may("name", name, "Part of its host name. Default: a new one."),
            .may("seed", .anyObject, "Its seed. Default: the seed of the instance that is asked."),
            .may("copy", .boolean, "Whether it begins as a copy of the instance that is asked, tokens included."),
            .may("idleTimeout", timeout, "How long it lives without requests: 1s to 168h. Default: 10m."),
        ],
        rules: [
            ObjectRule {
                $0.has("seed") && $0.bool("copy") == true ? (["copy"], "is sent with seed; send one of them") : nil
            }
        ])

    private static let name = Shape.pattern(
        TextPattern(
            expression: "^[a-z0-9][a-z0-9-]{0,62}$",
            expected: "1 to 63 of a-z, 0-9 and -, with a letter, as in host names", example: "one",
            isValid: { name in
                (1...63).contains(name.utf8.count) && name.first != "-"
                    && name.utf8.contains { (97...122).contains($0) }
                    && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
            }))

    private static let timeout = Shape.pattern(
        TextPattern(
            expression: "^[+]?([0-9]{1,9}(ms|h|m|s|d)){1,4}$", expected: "a duration from 1s to 168h", example: "10m",
            isValid: { GoDuration($0).map { (1...604_800).contains($0.seconds) } ?? false }))

    static let instance = ObjectShape(
        name: "isolatedInstance",
        members: [
            .must("name", .anyText, "For the header \(MockHeader.instance.rawValue)."),
            .must("host", .anyText, "The host that it is reached by."), .must("baseUrl", .anyText, "Its address."),
            .must("issuer", .anyText, "Its issuer, by that host."),
            .must("idleTimeout", .timeSpan, "How long it lives without requests."),
            .may(
                "madeTokens", .map(.anyText),
                "Personal access tokens that the seed that was sent gives no value, by id; shown this once."),
        ])
}
