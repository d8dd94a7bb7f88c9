import Encodings
import Model
import OAuth

// How resources are written into columns that hold JSON. Each pair of functions owns one column; nobody else reads it.

func json(_ values: [String]) -> Value { .text(JSON.strings(values).text) }

func strings(_ text: String) -> [String] { parsed(text).array?.compactMap(\.string) ?? [] }

/// The database checks `json_valid`, so a column that does not parse was written by nobody we know.
private func parsed(_ text: String) -> JSON { (try? JSONParser.parse(text.utf8)) ?? .null }

func object(_ text: String) -> JSONObject { parsed(text).object ?? [:] }

/// NULL for no claims.
func json(claims: JSONObject) -> Value { .optional(claims.members.isEmpty ? nil : JSON.object(claims).text) }

func json(actor: JSONObject?) -> Value { .optional(actor.map { JSON.object($0).text }) }

func json(_ roles: [ProjectRole]) -> Value {
    .text(JSON.array(roles.map { .array([.string($0.key), .string($0.displayName), .string($0.group)]) }).text)
}

func projectRoles(_ text: String) -> [ProjectRole] {
    (parsed(text).array ?? []).compactMap { role in
        guard let parts = role.array, parts.count == 3, let key = parts[0].string else { return nil }
        return ProjectRole(key: key, displayName: parts[1].string ?? "", group: parts[2].string ?? "")
    }
}

func json(_ settings: OIDCSettings?) -> Value {
    guard let settings else { return .null }
    var object: JSONObject = [
        "appType": .string(settings.appType.rawValue), "redirectUris": .strings(settings.redirectUris),
        "postLogoutRedirectUris": .strings(settings.postLogoutRedirectUris),
        "additionalOrigins": .strings(settings.additionalOrigins),
        "responseTypes": .strings(settings.responseTypes.map(\.rawValue)),
        "grantTypes": .strings(settings.grantTypes.map(\.rawValue)),
        "accessTokenType": .string(settings.accessTokenType.rawValue),
        "accessTokenRoleAssertion": .bool(settings.accessTokenRoleAssertion),
        "idTokenRoleAssertion": .bool(settings.idTokenRoleAssertion),
        "idTokenUserinfoAssertion": .bool(settings.idTokenUserinfoAssertion),
        "devMode": .bool(settings.devMode), "clockSkew": .integer(settings.clockSkew),
    ]
    object.append("backChannelLogoutUri", ifNotEmpty: settings.backChannelLogoutUri)
    return .text(JSON.object(object).text)
}

func oidcSettings(_ text: String) -> OIDCSettings {
    let object = object(text)
    func list(_ name: String) -> [String] { object[name]?.array?.compactMap(\.string) ?? [] }
    func bool(_ name: String) -> Bool { object[name]?.bool ?? false }
    var settings = OIDCSettings(appType: object["appType"]?.string.flatMap(OIDCSettings.AppType.init) ?? .web)
    settings.redirectUris = list("redirectUris")
    settings.postLogoutRedirectUris = list("postLogoutRedirectUris")
    settings.additionalOrigins = list("additionalOrigins")
    settings.backChannelLogoutUri = object["backChannelLogoutUri"]?.string
    settings.responseTypes = list("responseTypes").compactMap(ResponseType.init)
    settings.grantTypes = list("grantTypes").compactMap(OIDCGrantType.init)
    settings.accessTokenType = object["accessTokenType"]?.string.flatMap(AccessTokenType.init) ?? .bearer
    settings.accessTokenRoleAssertion = bool("accessTokenRoleAssertion")
    settings.idTokenRoleAssertion = bool("idTokenRoleAssertion")
    settings.idTokenUserinfoAssertion = bool("idTokenUserinfoAssertion")
    settings.devMode = bool("devMode")
    if case .integer(let skew)? = object["clockSkew"] { settings.clockSkew = skew.storable }
    return settings
}

func json(_ human: HumanProfile) -> Value {
    var object: JSONObject = ["emailVerified": .bool(human.emailVerified), "phoneVerified": .bool(human.phoneVerified)]
    let texts = [
        ("firstName", human.firstName), ("lastName", human.lastName), ("nickName", human.nickName),
        ("displayName", human.displayName),
        ("email", human.email), ("phone", human.phone), ("picture", human.picture),
    ]
    for entry in texts { object.append(entry.0, .string(entry.1)) }
    object.append("preferredLanguage", ifNotEmpty: human.preferredLanguage)
    object.append("gender", ifNotEmpty: human.gender?.rawValue)
    return .text(JSON.object(object).text)
}

func humanProfile(_ text: String) -> HumanProfile {
    let object = object(text)
    func member(_ name: String) -> String { object[name]?.string ?? "" }
    var human = HumanProfile()
    human.firstName = member("firstName")
    human.lastName = member("lastName")
    human.nickName = member("nickName")
    human.displayName = member("displayName")
    human.preferredLanguage = object["preferredLanguage"]?.string
    human.gender = object["gender"]?.string.flatMap(HumanProfile.Gender.init)
    human.email = member("email")
    human.emailVerified = object["emailVerified"]?.bool ?? false
    human.phone = member("phone")
    human.phoneVerified = object["phoneVerified"]?.bool ?? false
    human.picture = member("picture")
    return human
}

func json(_ machine: MachineProfile) -> Value {
    .text(
        JSON.object([
            "name": .string(machine.name), "description": .string(machine.description),
            "accessTokenType": .string(machine.accessTokenType.rawValue),
        ]).text)
}

func machineProfile(_ text: String) -> MachineProfile {
    let object = object(text)
    return MachineProfile(
        name: object["name"]?.string ?? "", description: object["description"]?.string ?? "",
        accessTokenType: object["accessTokenType"]?.string.flatMap(AccessTokenType.init) ?? .bearer)
}

/// The settings of an instance, in the seed's spelling.
func json(_ settings: InstanceSettings) -> Value {
    let lifetimes = settings.lifetimes
    var object: JSONObject = [
        "domains": .strings(settings.domains), "projectId": .string(settings.projectID),
        "dialect": .string(settings.dialect.rawValue),
        "serverVersion": .string(settings.serverVersion.rawValue),
        "unknownScopes": .string(settings.unknownScopes.rawValue),
        "impersonation": .bool(settings.impersonation), "backChannelLogout": .bool(settings.backChannelLogout),
        "debugOidcParentError": .bool(settings.debugOidcParentError),
        "lifetimes": .object([
            "accessToken": .string(lifetimes.accessToken.text), "idToken": .string(lifetimes.idToken.text),
            "refreshTokenIdle": .string(lifetimes.refreshTokenIdle.text),
            "refreshToken": .string(lifetimes.refreshToken.text),
            "deviceCode": .string(lifetimes.deviceCode.text),
            "authorizationCode": .string(lifetimes.authorizationCode.text),
        ]),
    ]
    object.append("issuer", ifNotEmpty: settings.issuer)
    object.append("opaqueTokenFormat", ifNotEmpty: settings.opaqueTokenFormat?.rawValue)
    object.append("autoLogin", ifNotEmpty: settings.autoLogin)
    return .text(JSON.object(object).text)
}

func instanceSettings(_ text: String) -> InstanceSettings {
    let object = object(text)
    func bool(_ name: String) -> Bool { object[name]?.bool ?? false }
    func duration(_ name: String, _ standard: GoDuration) -> GoDuration {
        object["lifetimes"]?.object?[name]?.string.flatMap(GoDuration.init(lifetime:)) ?? standard
    }
    var settings = InstanceSettings()
    settings.domains = object["domains"]?.array?.compactMap(\.string) ?? []
    settings.issuer = object["issuer"]?.string
    settings.projectID = object["projectId"]?.string ?? ""
    settings.dialect = object["dialect"]?.string.flatMap(Dialect.init) ?? settings.dialect
    settings.serverVersion = object["serverVersion"]?.string.flatMap(ServerVersion.init) ?? settings.serverVersion
    settings.opaqueTokenFormat = object["opaqueTokenFormat"]?.string.flatMap(OpaqueTokenFormat.init)
    settings.unknownScopes = object["unknownScopes"]?.string.flatMap(UnknownScopes.init) ?? settings.unknownScopes
    settings.impersonation = bool("impersonation")
    settings.backChannelLogout = bool("backChannelLogout")
    settings.autoLogin = object["autoLogin"]?.string
    settings.debugOidcParentError = bool("debugOidcParentError")
    settings.lifetimes.accessToken = duration("accessToken", settings.lifetimes.accessToken)
    settings.lifetimes.idToken = duration("idToken", settings.lifetimes.idToken)
    settings.lifetimes.refreshTokenIdle = duration("refreshTokenIdle", settings.lifetimes.refreshTokenIdle)
    settings.lifetimes.refreshToken = duration("refreshToken", settings.lifetimes.refreshToken)
    settings.lifetimes.deviceCode = duration("deviceCode", settings.lifetimes.deviceCode)
    settings.lifetimes.authorizationCode = duration("authorizationCode", settings.lifetimes.authorizationCode)
    return settings
}
