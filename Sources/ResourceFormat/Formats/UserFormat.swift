import Encodings
public import Model

extension Formats {
    private static let humanDefaults = User(
        id: "", organizationID: "", userName: "", state: .active, kind: .human(HumanProfile()), secret: nil,
        changeDate: 0)
    private static let machineDefaults = User(
        id: "", organizationID: "", userName: "", state: .active,
        kind: .machine(MachineProfile(name: "", description: "", accessTokenType: .bearer)), secret: nil, changeDate: 0)

    /// `organizations[].users[]`
    public static let user = Shape.variants(
        tag: "type", noun: "a type of user", User.KindName.allCases.map { ($0.rawValue, format(of: $0).shape) })

    /// The format of the users of a kind.
    public static func format(of kind: User.KindName) -> Format<User> {
        switch kind {
        case .human: human
        case .machine: machine
        }
    }

    /// `organizations[].users[]` of type `human`
    private static let human = Format<User>(
        "human", defaults: humanDefaults,
        userFields(type: .human)
            + humanProfile.fields.map { field in
                field.lifted(
                    get: { if case .human(let profile) = $0.kind { profile } else { nil } },
                    set: { user, profile in user.kind = .human(profile) })
            } + passwordFields, exclusive: [["password", "passwordFile", "passwordHash"]])

    /// `organizations[].users[]` of type `machine`
    private static let machine = Format<User>(
        "machine", defaults: machineDefaults,
        userFields(type: .machine)
            + machineProfile.fields.map { field in
                field.lifted(get: \.machine, set: { user, profile in user.kind = .machine(profile) })
            } + clientSecretFields + [
                .structural("keys", .list(.object(key.shape)), "Public keys for the JWT profile."),
                .structural(
                    "personalAccessTokens", .list(.object(personalAccessToken.shape)), "Personal access tokens."),
            ], exclusive: [["clientSecret", "clientSecretFile", "clientSecretHash"]])

    private static func userFields(type: User.KindName) -> [Field<User>] {
        [
            Field(
                "type", .choice(noun: "a type of user", [type.rawValue]), isRequired: true, "The type of user.",
                encode: { _ in .string(type.rawValue) }),
            .id(\.id), .text("userName", \.userName, "Unique in the organization.", shape: .name, isRequired: true),
            .choice("state", \.state, "a user state", ""),
            .list(
                "instanceRoles", \.instanceRoles, of: filledText, "Such as IAM_OWNER or IAM_END_USER_IMPERSONATOR."),
            Field(
                "metadata", .metadata, "Keys and values.",
                decode: { json, user, _ in user.metadata = metadata(json.object ?? [:]) },
                encode: { $0.metadata.isEmpty ? nil : .object(encoded($0.metadata)) }),
            .structural("grants", .list(.object(userGrant.shape)), "Roles that the user was granted."),
            Field(
                "claims", .anyObject,
                "Extra claims for tokens, userinfo and introspection; names may not start with urn:zitadel:iam.",
                decode: { json, user, context in
                    user.claims = json.object ?? [:]
                    context.decoder.checkClaims(user.claims, context.location)
                },
                encode: { $0.claims.members.isEmpty ? nil : .object($0.claims) }),
            Field(
                "changeDate", .time,
                "updated_at of the claims. Default: when the user was first loaded or last changed.",
                decode: { json, user, context in
                    guard let time = json.string.flatMap(UTCDateTime.unix(rfc3339:)) else { return }
                    user.changeDate = time
                    context.decoder.decoded.datedUsers.insert(user.id)
                },
                encode: { .string(UTCDateTime(unix: $0.changeDate).rfc3339) }),
        ]
    }

    /// What a human has beyond a user.
    public static let humanProfile = Format<HumanProfile>("humanProfile", defaults: HumanProfile(), profileFields)
    /// What a service user has beyond a user.
    public static let machineProfile = Format<MachineProfile>(
        "machineProfile", defaults: MachineProfile(name: "", description: "", accessTokenType: .bearer), machineFields)

    private static let profileFields: [Field<HumanProfile>] = [
        .text("firstName", \.firstName, "given_name"), .text("lastName", \.lastName, "family_name"),
        .text("nickName", \.nickName, "nickname"),
        .text("displayName", \.displayName, "name. Default: first and last name.", isAlwaysWritten: true),
        .optionalText("preferredLanguage", \.preferredLanguage, "BCP 47.", shape: .language),
        .optionalChoice("gender", \.gender, "a gender", "gender"),
        .text("email", \.email, "email", shape: .email),
        .boolean("emailVerified", \.emailVerified, "email_verified"),
        .text("phone", \.phone, "phone_number", shape: .phone),
        .boolean("phoneVerified", \.phoneVerified, "phone_number_verified"),
        .text("picture", \.picture, "picture", shape: .uri),
    ]

    private static let machineFields: [Field<MachineProfile>] = [
        .text("name", \.name, "Default: the user name.", isAlwaysWritten: true),
        .text("description", \.description, "Display only."),
        .choice("accessTokenType", \.accessTokenType, "an access token type", "bearer is opaque."),
    ]

    private static let passwordFields: [Field<User>] = [
        Field(
            "password", filledText, "Stored as a hash.",
            decode: { json, user, context in
                user.secret = json.string.map { context.decoder.password($0, context.location) }
            }),
        Field(
            "passwordFile", .path, "A file with the password, relative to the seed file.",
            decode: { json, user, context in
                user.secret = json.string.flatMap { context.decoder.secret(ofFile: $0, context.location) }.map {
                    context.decoder.password($0, context.location)
                }
            }),
        Field(
            "passwordHash", .hash(.password), "The password as an export writes it.",
            decode: { json, user, _ in user.secret = json.string.flatMap(HashFormat.password.secretHash) },
            encode: { user in
                user.secret.flatMap { $0.isDeferred ? nil : .string(HashFormat.password.text($0)) }
            }),
    ]

    private static let clientSecretFields: [Field<User>] = [
        Field(
            "clientSecret", .text(minimumLength: 1),
            "For client_credentials; the client id is the login name. Stored as a hash.",
            decode: { json, user, context in
                user.secret = json.string.map { context.decoder.clientSecret($0, of: user.id, context.location) }
            }),
        Field(
            "clientSecretFile", .path, "A file with the client secret, relative to the seed file.",
            decode: { json, user, context in
                user.secret = json.string.flatMap { context.decoder.secret(ofFile: $0, context.location) }.map {
                    context.decoder.clientSecret($0, of: user.id, context.location)
                }
            }),
        Field(
            "clientSecretHash", .hash(.clientSecret), "The client secret as an export writes it.",
            decode: { json, user, _ in user.secret = json.string.flatMap(HashFormat.clientSecret.secretHash) },
            encode: { $0.secret.map { .string(HashFormat.clientSecret.text($0)) } }),
    ]

    private static func metadata(_ object: JSONObject) -> [User.Metadata] {
        object.members.map { member in
            let bytes = member.value.object?["base64"]?.string.flatMap { Base64.decoded(Array($0.utf8)) }
            return User.Metadata(key: member.name, value: bytes ?? Array((member.value.string ?? "").utf8))
        }
        .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private static func encoded(_ metadata: [User.Metadata]) -> JSONObject {
        var object = JSONObject()
        for entry in metadata {
            if let text = String(validating: entry.value, as: UTF8.self) {
                object.append(entry.key, .string(text))
            } else {
                object.append(entry.key, .object(["base64": .string(Base64.encoded(entry.value))]))
            }
        }
        return object
    }

    /// `organizations[].users[].grants[]`
    public static let userGrant = Format<UserGrant>(
        "userGrant",
        defaults: UserGrant(id: "", userID: "", projectID: "", organizationID: "", roles: [], state: .active),
        [
            .id(\.id),
            Field(
                "project", filledText, isRequired: true, "Id or unique name.",
                decode: { json, grant, context in
                    guard let project = json.string.flatMap({ context.decoder.project($0, context.location) }) else {
                        return
                    }
                    grant.projectID = project.id
                    grant.organizationID = project.organizationID
                },
                encode: { .string($0.projectID) }),
            .list("roles", \.roles, of: filledText, "Role keys of the project.", isRequired: true),
            Field(
                "organization", filledText, "Who grants: id or unique name. Default: the project's own organization.",
                decode: { json, grant, context in
                    guard let reference = json.string else { return }
                    grant.organizationID = context.decoder.organization(reference, context.location)?.id ?? ""
                },
                encode: { .string($0.organizationID) }),
            .choice("state", \.state, "a state", ""),
        ], listLimit: Shape.countLimit)
}
