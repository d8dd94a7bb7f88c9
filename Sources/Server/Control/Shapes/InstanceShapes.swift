import ResourceFormat

/// What `/mock/v1/instances` takes and answers.
enum InstanceShapes {
    static let new = ObjectShape(
        name: "newInstance",
        members: [
            .may("name", .someText, "Part of its host name. Default: a new one."),
            .may("seed", .anyObject, "Its seed. Default: the seed of the instance that is asked."),
            .may("copy", .boolean, "Whether it begins as a copy of the instance that is asked, tokens included."),
            .may("idleTimeout", .timeSpan, "How long it lives without requests: 1s to 168h. Default: 10m."),
        ])

    static let instance = ObjectShape(
        name: "isolatedInstance",
        members: [
            .must("name", .anyText, "For the header Mock-Instance."),
            .must("host", .anyText, "The host that it is reached by."), .must("baseUrl", .anyText, "Its address."),
            .must("issuer", .anyText, "Its issuer, by that host."),
            .must("idleTimeout", .timeSpan, "How long it lives without requests."),
        ])
}
