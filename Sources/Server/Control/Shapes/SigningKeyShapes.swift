import Model
import ResourceFormat

/// What `/mock/v1/signingKeys` takes and answers.
enum SigningKeyShapes {
    private static let algorithm = Formats.signingKey.shape.member("algorithm")?.value ?? .anyText
    private static let state = Shape.oneOf("a state", SigningKey.State.self)

    static let new = ObjectShape(
        name: "newSigningKey",
        members: [
            .may("id", .id, "The kid of tokens. Default: a new id."),
            .may("algorithm", algorithm, "Default: RS256."),
            .may("privateKey", .someText, "Private key in PEM. Default: a new one."),
            .may("state", state, "Default: active. The key that was active before becomes inactive."),
        ])

    static let rotation = ObjectShape(
        name: "keyRotation", members: [.may("algorithm", algorithm, "Default: that of the present key.")])

    static let change = ObjectShape(name: "signingKeyChange", members: [.must("state", state, "The new state.")])

    static let key = ObjectShape(
        name: "signingKeyAnswer",
        members: [
            .must("id", .anyText, "The kid of tokens."), .must("algorithm", algorithm, "How it signs."),
            .must("state", state, "The active key signs; all are published."),
            .may("publicKey", .anyText, "PEM."),
            .may("privateKey", .anyText, "PEM; in the answer that made the key only."),
        ])
}
