import Crypto
public import Encodings
public import Model

extension Formats {
    /// `instance`
    public static let instance = Format<InstanceSettings>(
        "instance", defaults: InstanceSettings(),
        [
            .list(
                "domains", \.domains, of: .host,
                "Hosts (with or without port) that the instance answers for. Default: any."),
            .optionalText("issuer", \.issuer, "Pins the issuer, whatever the request's host.", shape: .origin),
            .text(
                "projectId", \.projectID,
                "The instance's own project, which the scope urn:zitadel:iam:org:project:id:zitadel:aud means.",
                shape: .id),
            .choice("dialect", \.dialect, "a dialect", "What error responses look like."),
            .choice(
                "serverVersion", \.serverVersion, "a server version",
                "The version of ZITADEL that is followed where versions differ.",
                values: ServerVersion.allCases.reversed()),
            .optionalChoice(
                "opaqueTokenFormat", \.opaqueTokenFormat, "an opaque token format",
                "The format of opaque tokens. Default: that of serverVersion."),
            .choice(
                "unknownScopes", \.unknownScopes, "a treatment of unknown scopes",
                "What happens to scopes that ZITADEL does not know."),
            .boolean("impersonation", \.impersonation, "The security policy that token exchange with an actor needs."),
            .boolean(
                "backChannelLogout", \.backChannelLogout, "Logout notices are sent to apps that have a URI for them."),
            .optionalText(
                "autoLogin", \.autoLogin, "Login name or id of the user for whom the sign-in page is skipped.",
                shape: .text(minimumLength: 1)),
            .boolean("debugOidcParentError", \.debugOidcParentError, "Adds the member parent to errors."),
            .structural("lifetimes", .object(lifetimes.shape), "Lifetimes of tokens and codes."),
            .structural(
                "signingKeys", .list(.object(signingKey.shape)),
                "Fixed signing keys. Without them, keys are generated once and stored in the database."),
        ])

    /// The member `instance` without signing keys.
    public static func encode(_ settings: InstanceSettings) -> JSONObject {
        var object = instance.encode(settings)
        object.append("lifetimes", .object(lifetimes.encode(settings.lifetimes)))
        return object
    }

    /// `instance.lifetimes`
    public static let lifetimes = Format<Lifetimes>(
        "lifetimes", defaults: Lifetimes(),
        [
            .lifetime("accessToken", \.accessToken, ""), .lifetime("idToken", \.idToken, ""),
            .lifetime("refreshTokenIdle", \.refreshTokenIdle, ""), .lifetime("refreshToken", \.refreshToken, ""),
            .lifetime("deviceCode", \.deviceCode, ""), .lifetime("authorizationCode", \.authorizationCode, ""),
        ])

    /// `instance.signingKeys[]`
    public static let signingKey = Format<SigningKey>(
        "signingKey", defaults: SigningKey(id: "", algorithm: .rs256, privateKey: "", state: .active),
        [
            .id(\.id),
            .choice("algorithm", \.algorithm, "a signing algorithm", "", values: SigningKey.algorithms),
            .text("privateKey", \.privateKey, "Private key in PEM.", shape: .text(minimumLength: 1)),
            Field(
                "privateKeyFile", .path, "PEM file, relative to the seed file.",
                decode: { json, key, context in
                    guard key.privateKey.isEmpty else { return }
                    if let path = json.string, let pem = context.decoder.text(ofFile: path, context.location) {
                        key.privateKey = pem
                    }
                }),
            .choice(
                "state", \.state, "a state",
                "The first active key signs; all of them are published.", values: [.active, .inactive, .initial]),
        ], exactlyOneOf: ["privateKey", "privateKeyFile"])
}
