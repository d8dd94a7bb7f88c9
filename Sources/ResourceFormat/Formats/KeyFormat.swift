import Encodings
public import Model
import OAuth

extension Formats {
    static let personalAccessTokenScopes = Scope.personalAccessToken

    /// `keys[]` of an app or a machine user
    public static let key = Format<RegisteredKey>(
        "key", defaults: RegisteredKey(id: "", owner: .app(""), publicKey: "", expiration: neverExpires),
        [
            .id(\.id),
            Field(
                "publicKey", filledText, "Public key or certificate in PEM.", encode: { .string($0.publicKey) }),
            .structural("publicKeyFile", .path, "PEM file, relative to the seed file."),
            .structural("jwk", .anyObject, "Public key as JSON Web Key."),
            .structural(
                "keyFile", .path, "A key file as ZITADEL's console offers it for download, relative to the seed file."),
            .structural(
                "generate", .path, "A path below the key folder, where a key file is created on the first start."),
            .time("expirationDate", \.expiration, "Default: that of the key file, else 9999-12-31T23:59:59Z."),
        ], exactlyOneOf: ["publicKey", "publicKeyFile", "jwk", "keyFile", "generate"], listLimit: Shape.countLimit)

    /// `personalAccessTokens[]` of a machine user
    public static let personalAccessToken = Format<PersonalAccessToken>(
        "personalAccessToken",
        defaults: PersonalAccessToken(
            id: "", userID: "", digest: [], scopes: personalAccessTokenScopes, creation: 0, expiration: neverExpires),
        [
            .id(\.id),
            Field(
                "token", .token(minimumLength: 16), "A fixed value. Without it, one is generated and shown once.",
                decode: { json, token, context in
                    if let value = json.string { context.decoder.token(value, of: &token, context.location) }
                }),
            Field(
                "tokenFile", .path, "A file with the token, relative to the seed file.",
                decode: { json, token, context in
                    guard let value = json.string.flatMap({ context.decoder.secret(ofFile: $0, context.location) })
                    else {
                        return
                    }
                    if let problem = TextRules.problem(value, .token(minimumLength: 16)) {
                        context.decoder.diagnostics.add(context.location, "the file \(problem)")
                    }
                    context.decoder.token(value, of: &token, context.location)
                }),
            Field(
                "tokenHash", .hash(.token), "The token as an export writes it.",
                decode: { json, token, _ in
                    if let digest = json.string.flatMap(HashFormat.token.parts)?.first { token.digest = digest }
                },
                encode: { .string(HashFormat.token.text(digest: $0.digest)) }),
            .list("scopes", \.scopes, of: .token(minimumLength: 1), "", isAlwaysWritten: true),
            Field(
                "creationDate", .time, "iat of introspection. Default: when the token was first loaded.",
                decode: { json, token, context in
                    guard let time = json.string.flatMap(UTCDateTime.unix(rfc3339:)) else { return }
                    token.creation = time
                    context.decoder.decoded.datedTokens.insert(token.id)
                },
                encode: { .string(UTCDateTime(unix: $0.creation).rfc3339) }),
            .time("expirationDate", \.expiration, "Default: 9999-12-31T23:59:59Z."),
        ], exclusive: [["token", "tokenFile", "tokenHash"]], listLimit: Shape.countLimit)
}
