import Encodings
public import Model

extension Formats {
    private static let appDefaults = App(
        id: "", projectID: "", name: "", clientID: "", state: .active, authMethod: .basic, secret: nil,
        oidc: OIDCSettings(appType: .web))

    /// `organizations[].projects[].apps[]`
    public static let app = Shape.variants(
        tag: "type", noun: "a type of app", App.Kind.allCases.map { ($0.rawValue, format(of: $0).shape) })

    /// The format of the apps of a kind.
    public static func format(of kind: App.Kind) -> Format<App> {
        switch kind {
        case .api: apiApp
        case .oidc: oidcApp
        }
    }

    /// `organizations[].projects[].apps[]` of type `api`
    private static let apiApp = Format<App>(
        "apiApp", defaults: appDefaults,
        appFields(
            type: .api,
            .choice(
                "authMethod", \.authMethod, "an auth method of an API app",
                "Default: private_key_jwt when keys are given, else basic.", values: AuthMethod.ofAPI, hasDefault: false
            )),
        exclusive: [["clientSecret", "clientSecretFile", "clientSecretHash"]])

    /// `organizations[].projects[].apps[]` of type `oidc`
    private static let oidcApp = Format<App>(
        "oidcApp", defaults: appDefaults,
        appFields(
            type: .oidc,
            .choice(
                "authMethod", \.authMethod, "an auth method of an OIDC app",
                "Default: none for native and user_agent, basic for web.", hasDefault: false))
            + oidcSettings.fields.map { field in
                field.lifted(get: { $0.oidc }, set: { app, settings in app.oidc = settings })
            },
        exclusive: [["clientSecret", "clientSecretFile", "clientSecretHash"]])

    private static func appFields(type: App.Kind, _ authMethod: Field<App>) -> [Field<App>] {
        [
            Field(
                "type", .choice(noun: "a type of app", [type.rawValue]), isRequired: true, "The type of app.",
                encode: { _ in .string(type.rawValue) }),
            .id(\.id), .text("name", \.name, "Unique in the project.", shape: .name, isRequired: true),
            .text("clientId", \.clientID, "Default: a derived id.", shape: .token(minimumLength: 1)),
            .choice("state", \.state, "a state", ""), authMethod,
            Field(
                "clientSecret", .text(minimumLength: 1), "For basic and post. Stored as a hash.",
                decode: { json, app, context in
                    app.secret = json.string.map { context.decoder.clientSecret($0, of: app.id, context.location) }
                }),
            Field(
                "clientSecretFile", .path, "A file with the client secret, relative to the seed file.",
                decode: { json, app, context in
                    app.secret = json.string.flatMap { context.decoder.secret(ofFile: $0, context.location) }.map {
                        context.decoder.clientSecret($0, of: app.id, context.location)
                    }
                }),
            Field(
                "clientSecretHash", .hash(.clientSecret), "The client secret as an export writes it.",
                decode: { json, app, _ in app.secret = json.string.flatMap(HashFormat.clientSecret.secretHash) },
                encode: { $0.secret.map { .string(HashFormat.clientSecret.text($0)) } }),
            .structural("keys", .list(.object(key.shape)), "Public keys for private_key_jwt."),
        ]
    }

    /// What an OIDC app has beyond an API app.
    public static let oidcSettings = Format<OIDCSettings>(
        "oidcSettings", defaults: OIDCSettings(appType: .web), oidcFields)

    private static let oidcFields: [Field<OIDCSettings>] = [
        .choice("appType", \.appType, "an app type", ""),
        .list("redirectUris", \.redirectUris, of: .redirectURI, "Where codes may be sent."),
        .list("postLogoutRedirectUris", \.postLogoutRedirectUris, of: .redirectURI, "Where a logout may end."),
        .list(
            "additionalOrigins", \.additionalOrigins, of: .origin,
            "Origins of browsers in addition to those of the redirect URIs."),
        .optionalText(
            "backChannelLogoutUri", \.backChannelLogoutUri,
            "Receives logout notices when instance.backChannelLogout is true.", shape: .redirectURI),
        .choices("responseTypes", \.responseTypes, "a response type"),
        .choices("grantTypes", \.grantTypes, "a grant type of an OIDC app", alias: \.alias),
        .choice("accessTokenType", \.accessTokenType, "an access token type", "bearer is opaque."),
        .boolean("accessTokenRoleAssertion", \.accessTokenRoleAssertion, "Roles are added to JWT access tokens."),
        .boolean("idTokenRoleAssertion", \.idTokenRoleAssertion, "Roles are added to ID tokens."),
        .boolean("idTokenUserinfoAssertion", \.idTokenUserinfoAssertion, "Profile claims are added to ID tokens."),
        .boolean("devMode", \.devMode, "Redirect URIs are patterns, and may use http."),
        Field(
            "clockSkew", .duration(maximum: "5s"), "0s to 5s.",
            decode: { json, settings, _ in
                settings.clockSkew = json.string.flatMap(GoDuration.init(lifetime:))?.seconds ?? 0
            },
            encode: { .string(GoDuration(seconds: $0.clockSkew).text) }),
    ]
}
