/// What a value in a seed may be. The same description checks seeds and writes the JSON Schema, so the two cannot drift apart.
indirect enum ValueFormat: Sendable {
    case text(minimumLength: Int)
    case flag
    /// One of a few words; the noun is what the words are, with its article.
    case choice(noun: String, [String])
    /// 1 to 20 decimal digits.
    case id
    case duration(maximum: String?)
    /// RFC 3339
    case time
    /// scheme:…
    case uri
    /// http:// or https:// and a host; no path.
    case origin
    /// A host with or without port.
    case host
    /// Visible ASCII characters without blanks.
    case token(minimumLength: Int)
    case list(ValueFormat)
    case object(ObjectFormat)
    /// Objects of several kinds, told apart by a member.
    case variants(tag: String, noun: String, [(value: String, format: ObjectFormat)])
    case textOrObject(ObjectFormat)
    /// Any member names, string values.
    case stringMap
    /// Any JSON object.
    case anyObject
}

struct MemberFormat: Sendable {
    let name: String
    let value: ValueFormat
    var isRequired = false
    let description: String
}

struct ObjectFormat: Sendable {
    /// Where it stands in the schema's `$defs`.
    let name: String
    var members: [MemberFormat]
    /// Exactly one of these members must be there; empty for no such rule.
    var exactlyOneOf: [String] = []
}

/// The seed format.
enum SeedFormat {
    static let seed = ObjectFormat(
        name: "seed",
        members: [
            member("$schema", .text(minimumLength: 0), "Ignored; for editors."),
            member("instance", .object(instance), "Settings of the instance. In one file only."),
            required("organizations", .list(.object(organization)), "Organizations with their projects and users."),
        ])

    private static func member(_ name: String, _ value: ValueFormat, _ description: String) -> MemberFormat {
        MemberFormat(name: name, value: value, description: description)
    }

    private static func required(_ name: String, _ value: ValueFormat, _ description: String) -> MemberFormat {
        MemberFormat(name: name, value: value, isRequired: true, description: description)
    }

    private static let text = ValueFormat.text(minimumLength: 0)
    private static let name = ValueFormat.text(minimumLength: 1)
    private static let id = member(
        "id", .id, "Decimal string of 1 to 20 digits. Without it, one is derived from the names on the path.")
    private static let state = member("state", .choice(noun: "a state", ["active", "inactive"]), "Default: active.")

    private static let instance = ObjectFormat(
        name: "instance",
        members: [
            member(
                "domains", .list(.host), "Hosts (with or without port) that the instance answers for. Default: any."),
            member("issuer", .origin, "Pins the issuer, whatever the request's host."),
            member(
                "projectId", .id,
                "The instance's own project, meant by the scope urn:zitadel:iam:org:project:id:zitadel:aud."),
            member(
                "dialect", .choice(noun: "a dialect", ["documented", "server"]),
                "How refusals look. Default: documented."),
            member(
                "serverVersion", .choice(noun: "a server version", ["2026-07", "v4.13", "v3.4", "v2.71"]),
                "Which server is followed where they differ. Default: 2026-07."),
            member(
                "opaqueTokenFormat", .choice(noun: "an opaque token format", ["jwe", "classic"]),
                "Form of opaque tokens. Default: as serverVersion has it."),
            member(
                "unknownScopes", .choice(noun: "a way with unknown scopes", ["drop", "keep"]),
                "What happens to scopes ZITADEL does not know. Default: drop."),
            member(
                "impersonation", .flag, "The security policy that token exchange with an actor needs. Default: false."),
            member("backChannelLogout", .flag, "Logout notices are sent to apps that name a URI. Default: false."),
            member("autoLogin", name, "Login name or id of the user for whom the sign-in page is skipped."),
            member("debugOidcParentError", .flag, "Adds the member parent to errors. Default: false."),
            member("lifetimes", .object(lifetimes), "How long things live."),
            member(
                "signingKeys", .list(.object(signingKey)),
                "Fixed signing keys. Without them a pair is made once and kept in the database."),
        ])

    private static let lifetimes = ObjectFormat(
        name: "lifetimes",
        members: [
            member("accessToken", .duration(maximum: nil), "Default: 12h."),
            member("idToken", .duration(maximum: nil), "Default: 12h."),
            member("refreshTokenIdle", .duration(maximum: nil), "Default: 720h."),
            member("refreshToken", .duration(maximum: nil), "Default: 2160h."),
            member("deviceCode", .duration(maximum: nil), "Default: 5m."),
            member("authorizationCode", .duration(maximum: nil), "Default: 10m."),
        ])

    private static let signingKey = ObjectFormat(
        name: "signingKey",
        members: [
            id,
            member(
                "algorithm", .choice(noun: "a signing algorithm", ["RS256", "ES256", "ES384", "EdDSA"]),
                "Default: RS256."),
            member("privateKey", name, "Private key in PEM."),
            member("privateKeyFile", name, "PEM file, relative to the seed file."),
            member(
                "state", .choice(noun: "a state", ["active", "inactive"]),
                "The first active key signs; all are published. Default: active."),
        ], exactlyOneOf: ["privateKey", "privateKeyFile"])

    private static let organization = ObjectFormat(
        name: "organization",
        members: [
            id, required("name", name, "Unique."),
            member("primaryDomain", .host, "Default: the name in lower case with blanks as hyphens, then .localhost."),
            member("domains", .list(.host), "Further verified domains."), state,
            member(
                "userLoginMustBeDomain", .flag,
                "Whether login names are userName@primaryDomain (default) or just user names."),
            member("projects", .list(.object(project)), "Projects of the organization."),
            member(
                "users",
                .list(.variants(tag: "type", noun: "a type of user", [("human", human), ("machine", machine)])),
                "Users of the organization."),
        ])

    private static let project = ObjectFormat(
        name: "project",
        members: [
            id, required("name", name, "Unique in the organization."), state,
            member("projectRoleAssertion", .flag, "Default: false."),
            member("projectRoleCheck", .flag, "Default: false."),
            member("hasProjectCheck", .flag, "Default: false."),
            member("roles", .list(.textOrObject(role)), "Role keys, or objects with key, displayName and group."),
            member(
                "apps", .list(.variants(tag: "type", noun: "a type of app", [("api", apiApp), ("oidc", oidcApp)])),
                "Apps of the project."),
            member("grants", .list(.object(projectGrant)), "Organizations that may grant the project's roles."),
        ])

    private static let role = ObjectFormat(
        name: "role",
        members: [
            required("key", name, "What tokens carry."), member("displayName", text, "For people."),
            member("group", text, "For people."),
        ])

    private static let projectGrant = ObjectFormat(
        name: "projectGrant",
        members: [
            id, required("organization", name, "Id or unique name."),
            member("roles", .list(name), "Role keys of the project."), state,
        ])

    private static func app(
        _ name: String, _ type: String, _ authMethod: MemberFormat, _ others: [MemberFormat]
    ) -> ObjectFormat {
        ObjectFormat(
            name: name,
            members: [
                required("type", .choice(noun: "a type of app", [type]), "The type of app."), id,
                required("name", Self.name, "Unique in the project."),
                member("clientId", .token(minimumLength: 1), "Default: a derived id."), state, authMethod,
                member("clientSecret", .text(minimumLength: 1), "For basic and post. Kept as a hash only."),
                member("keys", .list(.object(key)), "Public keys for private_key_jwt."),
            ] + others)
    }

    private static let apiApp = app(
        "apiApp", "api",
        member(
            "authMethod", .choice(noun: "an auth method of an API app", ["basic", "private_key_jwt"]),
            "Default: private_key_jwt when keys are given, else basic."),
        [])

    private static let oidcApp = app(
        "oidcApp", "oidc",
        member(
            "authMethod", .choice(noun: "an auth method of an OIDC app", ["basic", "post", "none", "private_key_jwt"]),
            "Default: none for native and user_agent, basic for web."),
        [
            member("appType", .choice(noun: "an app type", ["web", "user_agent", "native"]), "Default: web."),
            member("redirectUris", .list(.uri), "Where codes may be sent."),
            member("postLogoutRedirectUris", .list(.uri), "Where a logout may end."),
            member("additionalOrigins", .list(.origin), "Origins of browsers besides those of the redirect URIs."),
            member("backChannelLogoutUri", .uri, "Is told of logouts when instance.backChannelLogout is true."),
            member(
                "responseTypes", .list(.choice(noun: "a response type", ["code", "id_token", "id_token token"])),
                "Default: code."),
            member(
                "grantTypes",
                .list(
                    .choice(
                        noun: "a grant type of an OIDC app",
                        [
                            "authorization_code", "implicit", "refresh_token",
                            "urn:ietf:params:oauth:grant-type:device_code",
                            "urn:ietf:params:oauth:grant-type:token-exchange", "device_code", "token_exchange",
                        ])), "Default: authorization_code."),
            member("accessTokenType", accessTokenType, "bearer (opaque, default) or jwt."),
            member("accessTokenRoleAssertion", .flag, "Default: false."),
            member("idTokenRoleAssertion", .flag, "Default: false."),
            member("idTokenUserinfoAssertion", .flag, "Default: false."),
            member("devMode", .flag, "Default: false."), member("clockSkew", .duration(maximum: "5s"), "0s to 5s."),
        ])

    private static let accessTokenType = ValueFormat.choice(noun: "an access token type", ["bearer", "jwt"])

    private static func user(_ name: String, _ type: String, _ others: [MemberFormat]) -> ObjectFormat {
        ObjectFormat(
            name: name,
            members: [
                required("type", .choice(noun: "a type of user", [type]), "The type of user."), id,
                required("userName", .text(minimumLength: 1), "Unique in the organization."),
                member(
                    "state", .choice(noun: "a user state", ["active", "inactive", "locked", "initial", "deleted"]),
                    "Default: active."),
                member("instanceRoles", .list(Self.name), "Such as IAM_OWNER or IAM_END_USER_IMPERSONATOR."),
                member("metadata", .stringMap, "Keys and values."),
                member("grants", .list(.object(userGrant)), "Roles the user was given."),
                member(
                    "claims", .anyObject,
                    "Extra claims for tokens, userinfo and introspection; not below urn:zitadel:iam."),
                member(
                    "changeDate", .time,
                    "updated_at of the claims. Default: when the user was first loaded or last changed."),
            ] + others)
    }

    private static let human = user(
        "human", "human",
        [
            member("firstName", text, "given_name"), member("lastName", text, "family_name"),
            member("nickName", text, "nickname"),
            member("displayName", text, "name. Default: first and last name."),
            member("preferredLanguage", name, "BCP 47."),
            member("gender", .choice(noun: "a gender", ["female", "male", "diverse"]), "gender"),
            member("email", text, "email"),
            member("emailVerified", .flag, "Default: false."), member("phone", text, "phone_number"),
            member("phoneVerified", .flag, "Default: false."),
            member("picture", .uri, "picture"), member("password", name, "Kept as a hash only."),
        ])

    private static let machine = user(
        "machine", "machine",
        [
            member("name", text, "Default: the user name."), member("description", text, "For people."),
            member("accessTokenType", accessTokenType, "bearer (opaque, default) or jwt."),
            member(
                "clientSecret", .text(minimumLength: 1),
                "For client_credentials; the client id is the login name. Kept as a hash only."),
            member("keys", .list(.object(key)), "Public keys for the JWT profile."),
            member("personalAccessTokens", .list(.object(personalAccessToken)), "Personal access tokens."),
        ])

    private static let userGrant = ObjectFormat(
        name: "userGrant",
        members: [
            id, required("project", name, "Id or unique name."),
            required("roles", .list(name), "Role keys of the project."),
            member("organization", name, "Who grants: id or unique name. Default: the project's own organization."),
            state,
        ])

    private static let key = ObjectFormat(
        name: "key",
        members: [
            id, member("publicKey", name, "Public key or certificate in PEM."),
            member("publicKeyFile", name, "PEM file, relative to the seed file."),
            member("jwk", .anyObject, "Public key as JSON Web Key."),
            member("keyFile", name, "A key file as ZITADEL's console downloads it, relative to the seed file."),
            member("generate", name, "Path below the key folder; a key file is made there on the first start."),
            member("expirationDate", .time, "Default: 9999-12-31T23:59:59Z."),
        ], exactlyOneOf: ["publicKey", "publicKeyFile", "jwk", "keyFile", "generate"])

    private static let personalAccessToken = ObjectFormat(
        name: "personalAccessToken",
        members: [
            id, member("token", .token(minimumLength: 16), "A fixed value. Without it, one is made and shown once."),
            member(
                "scopes", .list(.token(minimumLength: 1)),
                "Default: openid, profile, urn:zitadel:iam:user:metadata, urn:zitadel:iam:user:resourceowner."),
            member("expirationDate", .time, "Default: 9999-12-31T23:59:59Z."),
        ])
}
