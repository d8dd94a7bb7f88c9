import ResourceFormat

/// What routes below single resources take and answer.
enum ResourceShapes {
    static let newSecret = ObjectShape(
        name: "newSecret", members: [.may("clientSecret", .someText, "The new secret. Default: a random one.")])

    static let secret = ObjectShape(
        name: "secret", members: [.must("clientSecret", .someText, "Shown this once.")])

    static let details = ObjectShape(
        name: "details",
        members: [
            .must("sequence", .count, "1 for a new resource; each change adds one."),
            .must("creationDate", .time, "When it was made, by the clock of the instance."),
            .must("changeDate", .time, "When it was changed last."),
            .must("resourceOwner", .anyText, "The id of the organization that it belongs to."),
        ])

    static let metadataValue = ObjectShape(
        name: "metadataValue",
        members: [.may("value", .anyText, "A text."), .may("base64", .anyText, "Bytes in base64.")],
        exactlyOneOf: ["value", "base64"])
}
