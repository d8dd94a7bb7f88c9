import Crypto
import Encodings

/// What the recorded servers were set up with: every resource under a symbol, with its ids, secrets and keys.
struct Fixture {
    /// The groups that hold symbols.
    private static let groups = ["orgs", "projects", "apps", "users"]

    let json: JSONObject

    init(_ name: String = "fixture") throws { json = try Recording.read(name) }

    /// All resources: symbol and members.
    func resources(_ group: String) -> [(symbol: String, members: JSONObject)] {
        (json[group]?.object?.members ?? []).compactMap { member in member.value.object.map { (member.name, $0) } }
    }

    /// The value at a path such as `svc.pats.pat1.token`; nil when the fixture has none.
    subscript(path: String) -> JSON? {
        let parts = path.split(separator: ".").map(String.init)
        let head = parts[0]
        var value = ["instance", "issuer"].contains(head) ? json[head] : nil
        for group in Self.groups where value == nil { value = json[group]?.object?[head] }
        for part in parts.dropFirst() { value = value?.object?[part] }
        return value
    }

    // MARK: As a seed

    /// The fixture as a seed for a server that answers at `host`.
    func seed(host: String, dialect: String, version: String) -> JSON {
        var instance: JSONObject = [
            "dialect": .string(dialect), "serverVersion": .string(version), "domains": .strings([host]),
        ]
        if let id = json["instance"]?.object?["projectId"] { instance.append("projectId", id) }
        let organizations = resources("orgs").map { symbol, organization -> JSON in
            var object = picked(organization, ["id", "name", "primaryDomain", "userLoginMustBeDomain", "state"])
            object.append(
                "projects", .array(resources("projects").filter { $0.members["org"] == .string(symbol) }.map(project)))
            object.append(
                "users",
                .array(resources("users").filter { $0.members["org"] == .string(symbol) }.map { user($0.members) }))
            return .object(object)
        }
        return .object(["instance": .object(instance), "organizations": .array(organizations)])
    }

    private func picked(_ object: JSONObject, _ names: [String]) -> JSONObject {
        var out = JSONObject()
        for name in names { if let value = object[name] { out.append(name, value) } }
        return out
    }

    private func id(_ symbol: JSON?) -> JSON { symbol?.string.flatMap { self[$0 + ".id"] } ?? .null }

    private func project(_ symbol: String, _ project: JSONObject) -> JSON {
        var object = picked(
            project, ["id", "name", "state", "projectRoleAssertion", "projectRoleCheck", "hasProjectCheck", "roles"])
        let apps = resources("apps").filter { $0.members["project"] == .string(symbol) && $0.members["id"] != nil }
        object.append("apps", .array(apps.map { app($0.members) }))
        let grants = (project["grants"]?.array ?? []).compactMap(\.object).map { grant -> JSON in
            var given = picked(grant, ["id", "roles", "state"])
            given.append("organization", id(grant["org"]))
            return .object(given)
        }
        object.append("grants", .array(grants))
        return .object(object)
    }

    private func app(_ app: JSONObject) -> JSON {
        var object = picked(
            app,
            [
                "type", "id", "clientId", "name", "state", "authMethod", "appType", "redirectUris",
                "postLogoutRedirectUris", "responseTypes", "grantTypes",
                "accessTokenType", "accessTokenRoleAssertion", "idTokenRoleAssertion", "idTokenUserinfoAssertion",
                "devMode", "clientSecret", "clockSkew", "additionalOrigins",
            ])
        if !keys(app).isEmpty { object.append("keys", .array(keys(app))) }
        return .object(object)
    }

    private func user(_ user: JSONObject) -> JSON {
        var object = picked(
            user,
            [
                "type", "id", "userName", "state", "metadata", "name", "accessTokenType", "clientSecret", "firstName",
                "lastName", "nickName", "displayName",
                "preferredLanguage", "gender", "email", "emailVerified", "phone", "password",
            ])
        if user["phone"] != nil, let verified = user["phoneVerified"] { object.append("phoneVerified", verified) }
        let grants = (user["grants"]?.array ?? []).compactMap(\.object).map { grant -> JSON in
            var given = picked(grant, ["id", "roles"])
            given.append("project", id(grant["project"]))
            if grant["org"] != nil { given.append("organization", id(grant["org"])) }
            return .object(given)
        }
        object.append("grants", .array(grants))
        if !keys(user).isEmpty { object.append("keys", .array(keys(user))) }
        let tokens = (user["pats"]?.object?.members ?? []).compactMap {
            $0.value.object.map { picked($0, ["id", "token", "expirationDate"]) }
        }
        if !tokens.isEmpty { object.append("personalAccessTokens", .array(tokens.map(JSON.object))) }
        return .object(object)
    }

    /// The public halves of the keys that clients hold.
    private func keys(_ owner: JSONObject) -> [JSON] {
        (owner["keys"]?.object?.members ?? []).compactMap { member in
            guard let key = member.value.object, let pem = key["privateKey"]?.string, let pair = PrivateKey(pem: pem)
            else { return nil }
            var object = picked(key, ["id", "expirationDate"])
            object.append("publicKey", .string(pair.publicKey.pem))
            return .object(object)
        }
    }
}
