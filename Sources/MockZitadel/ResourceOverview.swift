import Encodings
import Model
import ResourceFormat
import Seeding

/// The resolved resources, for people (banner, `seed check --print`) and scripts (`--json`).
struct ResourceOverview {
    let resources: Resources
    /// nil when the server started without a seed: secrets are known from seeds only.
    let seed: Seed?

    private let organizations: [String: Organization]
    private let projects: [String: Project]
    private let users: [String: User]
    private let keys: [RegisteredKey.Owner: [String]]
    private let tokens: [String: [PersonalAccessToken]]

    init(resources: Resources, seed: Seed?) {
        self.resources = resources
        self.seed = seed
        organizations = Dictionary(resources.organizations.map { ($0.id, $0) }) { first, _ in first }
        projects = Dictionary(resources.projects.map { ($0.id, $0) }) { first, _ in first }
        users = Dictionary(resources.users.map { ($0.id, $0) }) { first, _ in first }
        keys = Dictionary(grouping: resources.keys, by: \.owner).mapValues { $0.map(\.id) }
        tokens = Dictionary(grouping: resources.personalAccessTokens, by: \.userID)
    }

    private func organization(_ id: String) -> Organization? { organizations[id] }
    private func project(_ id: String) -> Project? { projects[id] }
    private func keyIDs(_ owner: RegisteredKey.Owner) -> [String] { keys[owner] ?? [] }
    private func tokens(_ user: User) -> [PersonalAccessToken] { tokens[user.id] ?? [] }

    func loginName(_ user: User) -> String {
        organization(user.organizationID)?.loginNames(of: user.userName).first ?? user.userName
    }

    // MARK: For people

    /// Rows of a table in the overview; the others are counted.
    private static let rowLimit = 20

    private static func table(_ rows: [[String]]) -> String {
        guard rows.count > rowLimit + 2 else { return Terminal.table(rows) }
        let rest = rows.count - 1 - rowLimit
        return Terminal.table(Array(rows.prefix(rowLimit + 1)))
            + "\n  … and \(rest) more (mock-zitadel seed check --print)"
    }

    /// Apps and users with what they authenticate by.
    var overview: String {
        var apps = [["APP", "CLIENT ID", "PROJECT", "AUTHENTICATES BY"]]
        for app in resources.apps {
            let state = app.state == .active ? "" : " (inactive)"
            apps.append([app.name + state, app.clientID, project(app.projectID)?.name ?? "", authentication(app)])
        }
        var users = [["USER", "ID", "LOGIN NAME", "HAS"]]
        for user in resources.users {
            let state = user.state == .active ? "" : " (\(user.state.rawValue))"
            users.append([user.userName + state, user.id, loginName(user), credentials(user)])
        }
        return Self.table(apps) + "\n\n" + Self.table(users)
    }

    private func authentication(_ app: App) -> String {
        let type = app.oidc.map { "OIDC \($0.appType.rawValue)" } ?? "API"
        let keys = keyIDs(.app(app.id))
        return "\(type), \(app.authMethod.rawValue)" + (keys.isEmpty ? "" : ": key " + keys.joined(separator: ", "))
    }

    private func credentials(_ user: User) -> String {
        guard let machine = user.machine else { return user.secret == nil ? "human" : "human: password" }
        var parts: [String] = user.secret == nil ? [] : ["secret"]
        parts += keyIDs(.user(user.id)).map { "key \($0)" }
        parts += tokens(user).map { "PAT \($0.id)" }
        let form = machine.accessTokenType == .jwt ? "machine, JWT" : "machine, opaque"
        return parts.isEmpty ? form : "\(form): \(parts.joined(separator: ", "))"
    }

    /// Every resource with its id, for `seed check --print`.
    var listing: String {
        var rows = [["KIND", "ID", "NAME"]]
        rows.append(["instance project", resources.settings.projectID, "ZITADEL"])
        rows += resources.organizations.map { ["organization", $0.id, "\($0.name) (\($0.primaryDomain))"] }
        rows += resources.projects.map { ["project", $0.id, $0.name] }
        rows += resources.projectGrants.map {
            [
                "project grant", $0.id,
                "\(project($0.projectID)?.name ?? "") to \(organization($0.organizationID)?.name ?? "")",
            ]
        }
        rows += resources.apps.map { ["app", $0.id, "\($0.name), client id \($0.clientID)"] }
        rows += resources.users.map { ["user", $0.id, loginName($0)] }
        rows += resources.userGrants.map { grant in
            let user = users[grant.userID]?.userName ?? ""
            return [
                "user grant", grant.id,
                "\(user) on \(project(grant.projectID)?.name ?? ""): \(grant.roles.joined(separator: ", "))",
            ]
        }
        let apps = Dictionary(resources.apps.map { ($0.id, $0) }) { first, _ in first }
        rows += resources.keys.map { key in
            switch key.owner {
            case .app(let id): ["key", key.id, "of app \(apps[id]?.name ?? id)"]
            case .user(let id): ["key", key.id, "of user \(users[id]?.userName ?? id)"]
            }
        }
        rows += resources.personalAccessTokens.map { token in
            [
                "personal access token", token.id,
                "of user \(users[token.userID]?.userName ?? "")",
            ]
        }
        rows += resources.signingKeys.map { ["signing key", $0.id, "\($0.algorithm), \($0.state.rawValue)"] }
        return Terminal.table(rows)
    }

    /// One command that gets a token and, if there is an API for it, one that introspects it.
    func example(baseURL: String) -> String? {
        guard let seed else { return nil }
        func isPublic(_ id: String) -> Bool { seed.secrets[id] != nil && !seed.secretsFromEnvironment.contains(id) }
        guard let user = resources.users.first(where: { $0.machine != nil && $0.state == .active && isPublic($0.id) }),
            let secret = seed.secrets[user.id]
        else { return nil }
        let api = resources.apps.first { $0.oidc == nil && $0.state == .active && isPublic($0.id) }
        let audience = api.map { " urn:zitadel:iam:org:project:id:\($0.projectID):aud" } ?? ""
        let form = [
            "grant_type=client_credentials", "client_id=\(loginName(user))", "client_secret=\(secret)",
            "scope=openid profile\(audience)",
        ]
        return "curl -s \(baseURL)/oauth/v2/token "
            + form.map { "--data-urlencode " + quoted($0) }.joined(separator: " ")
    }

    /// Where a user can sign in to the first app that there is for it.
    func signInAddress(baseURL: String) -> String? {
        guard resources.users.contains(where: { $0.machine == nil && $0.state == .active }) else { return nil }
        return resources.apps.lazy.compactMap(\.signInPath).first.map { baseURL + $0 }
    }

    private func quoted(_ text: String) -> String { "'" + text.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'" }

    // MARK: For scripts

    /// - Parameters:
    ///   - listen: address and port that are really bound, such as `127.0.0.1:8080`.
    ///   - controlURL: where the control API is, when it has a port of its own.
    func json(baseURL: String, port: Int, listen: String, controlURL: String? = nil) -> JSON {
        var line: JSONObject = [
            "baseUrl": .string(baseURL), "port": .integer(Int64(port)), "listen": .string(listen),
            "organizations": .array(
                resources.organizations.map {
                    .object(Formats.organization.encode($0).members(named: ["id", "name", "primaryDomain"]))
                }),
            "projects": .array(
                resources.projects.map {
                    var object = Formats.project.encode($0).members(named: ["id", "name"])
                    object.append("organization", .string($0.organizationID))
                    return .object(object)
                }),
            "apps": .array(resources.apps.map(json)), "users": .array(resources.users.map(json)),
        ]
        line.append("controlUrl", ifNotEmpty: controlURL)
        return .object(line)
    }

    private func json(_ app: App) -> JSON {
        var object = Formats.format(of: app.kind).encode(app).members(
            named: ["id", "name", "type", "clientId", "authMethod", "state"])
        object.append("project", .string(app.projectID))
        object.append("clientSecret", ifNotEmpty: seed?.secrets[app.id])
        object.append("keys", .strings(keyIDs(.app(app.id))))
        return .object(object)
    }

    private func json(_ user: User) -> JSON {
        var object = Formats.format(of: user.kind.name).encode(user).members(
            named: ["id", "type", "userName", "state"])
        object.append("loginName", .string(loginName(user)))
        object.append("clientSecret", ifNotEmpty: seed?.secrets[user.id])
        object.append("keys", .strings(keyIDs(.user(user.id))))
        let tokens = tokens(user).map { token -> JSON in
            var object: JSONObject = ["id": .string(token.id)]
            object.append("token", ifNotEmpty: seed?.secrets[token.id] ?? seed?.generatedTokens[token.id])
            return .object(object)
        }
        object.append("personalAccessTokens", .array(tokens))
        return .object(object)
    }
}
