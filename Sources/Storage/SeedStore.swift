import CSQLite
import Encodings
public import Model

/// Bringing the database to what a seed says.
extension Storage {
    /// Makes the resources of the seed exactly those that the seed names: new ones are added, changed ones updated, and those that it names no longer
    /// are removed with their tokens. Resources that were made in another way, and issued tokens, stay.
    ///
    /// - Parameters:
    ///   - seed: what there shall be. Dates that a seed may leave out (`changeDate` of users, `creation` of personal access tokens) are those of the
    ///     first load, unless the seed says them.
    ///   - datedUsers: ids of users whose change date the seed says.
    ///   - datedTokens: ids of personal access tokens whose creation date the seed says.
    ///   - keepsPasswords: whether the passwords of the seed are those whose hashes are stored, so that these stay.
    ///   - madeTokens: ids of personal access tokens whose value the seed does not say: an existing one keeps its value.
    ///   - removesOthers: whether resources that were made in another way are removed, too.
    ///   - keepsOrigins: whether the resources that were made in another way, and that the seed names, still count as such.
    /// - Returns: the ids in `madeTokens` that are new, whose values must be shown now or never.
    public func apply(
        seed: Resources, datedUsers: Set<String>, datedTokens: Set<String> = [], madeTokens: Set<String>,
        keepsPasswords: Bool = false, removesOthers: Bool = false, keepsOrigins: Bool = false
    ) throws(StorageError) -> Set<String> {
        try write { connection throws(StorageError) in
            do throws(StorageError) {
                return try connection.transaction { () throws(StorageError) in
                    let present = try Self.resources(connection)
                    var merged = Self.keepingDates(
                        of: present, in: seed, datedUsers: datedUsers, datedTokens: datedTokens, madeTokens: madeTokens)
                    if keepsPasswords { Self.keepPasswords(of: present, in: &merged) }
                    try Self.removeMissing(seed, removesOthers ? ResourceOrigin.allCases : [.seed], connection)
                    let ids = keepsOrigins ? try Self.ids(of: .api, connection) : [:]
                    try Self.write(merged, connection)
                    try Self.mark(ids, .api, connection)
                    return madeTokens.subtracting(present.personalAccessTokens.map(\.id))
                }
            } catch {
                guard case .sqlite(let code, let message) = error, code & 0xFF == SQLITE_CONSTRAINT else { throw error }
                throw .conflict(try SeedConflict(seed: seed, message: message).sentence(connection))
            }
        }
    }

    private static func mark(
        _ ids: [Resource.Kind: Set<String>], _ origin: ResourceOrigin, _ connection: Connection
    ) throws(StorageError) {
        for (kind, ids) in ids where !ids.isEmpty {
            try connection.run(
                "UPDATE \(kind.table) SET origin = ? WHERE id IN (SELECT value FROM json_each(?))",
                [.text(origin.rawValue), json(Array(ids))])
        }
    }

    /// Makes the resources exactly these, in this order. Tokens of users who stay are kept.
    public func replaceResources(by resources: Resources) throws(StorageError) {
        defer { tokenCache.invalidate() }
        try write { connection throws(StorageError) in
            try connection.transaction { () throws(StorageError) in
                try Self.removeMissing(resources, ResourceOrigin.allCases, connection)
                try Self.write(resources, connection)
            }
        }
    }

    private static func keepingDates(
        of present: Resources, in seed: Resources, datedUsers: Set<String>, datedTokens: Set<String>,
        madeTokens: Set<String>
    ) -> Resources {
        var merged = seed
        let users = Dictionary(present.users.map { ($0.id, $0) }) { first, _ in first }
        for index in merged.users.indices where !datedUsers.contains(merged.users[index].id) {
            guard let old = users[merged.users[index].id] else { continue }
            var compared = merged.users[index]
            compared.secret = old.secret
            compared.changeDate = old.changeDate
            compared.metadata.sort { $0.key < $1.key }
            if compared == old { merged.users[index].changeDate = old.changeDate }
        }
        let active = Set(merged.users.filter { $0.state == .active }.map(\.id))
        let leaving = Set(present.users.filter { $0.state == .active }.map(\.id)).subtracting(active)
        let tokens = Dictionary(present.personalAccessTokens.map { ($0.id, $0) }) { first, _ in first }
        for index in merged.personalAccessTokens.indices {
            guard let old = tokens[merged.personalAccessTokens[index].id] else { continue }
            if !datedTokens.contains(old.id) { merged.personalAccessTokens[index].creation = old.creation }
            if madeTokens.contains(old.id) { merged.personalAccessTokens[index].digest = old.digest }
            // A token that the seed gives another value is a new one.
            let isSame = old.digest == merged.personalAccessTokens[index].digest
            merged.personalAccessTokens[index].isEnded = isSame && (old.isEnded || leaving.contains(old.userID))
        }
        return merged
    }

    /// Keeps the stored hash of each password that is deferred in the seed.
    private static func keepPasswords(of present: Resources, in seed: inout Resources) {
        let secrets = Dictionary(present.users.map { ($0.id, $0.secret) }) { first, _ in first }
        for index in seed.users.indices where seed.users[index].secret?.isDeferred == true {
            guard let stored = secrets[seed.users[index].id] ?? nil, !stored.isDeferred else { continue }
            seed.users[index].secret = stored
        }
    }

    /// Removes the resources that the seed does not name. Signing keys that the server generated stay: clients cache them.
    private static func removeMissing(
        _ seed: Resources, _ origins: [ResourceOrigin], _ connection: Connection
    ) throws(StorageError) {
        // Organizations first: users who are removed with one are not removed alone.
        let kept: [(table: String, ids: [String])] = [
            ("organizations", seed.organizations.map(\.id)),
            ("personal_access_tokens", seed.personalAccessTokens.map(\.id)), ("keys", seed.keys.map(\.id)),
            ("user_grants", seed.userGrants.map(\.id)),
            ("users", seed.users.map(\.id)), ("apps", seed.apps.map(\.id)),
            ("project_grants", seed.projectGrants.map(\.id)),
            ("projects", seed.projects.map(\.id)),
        ]
        func remove(_ table: String, _ origin: ResourceOrigin, except ids: [String]) throws(StorageError) {
            try connection.run(
                "DELETE FROM \(table) WHERE origin = ? AND id NOT IN (SELECT value FROM json_each(?))",
                [.text(origin.rawValue), json(ids)])
        }
        for (table, ids) in kept {
            for origin in origins { try remove(table, origin, except: ids) }
        }
        if origins == [.seed] || !seed.signingKeys.isEmpty {
            try remove("signing_keys", .seed, except: seed.signingKeys.map(\.id))
        }
        // Values that must be unique may change places between two resources: they are put aside before the new ones are written.
        let unique: [(table: String, change: String, ids: [String])] = [
            ("apps", "client_id = 'moving:' || id", seed.apps.map(\.id)),
            ("users", "user_name = 'moving:' || id", seed.users.map(\.id)),
            (
                "personal_access_tokens", "digest = CAST('moving:' || id AS BLOB)",
                seed.personalAccessTokens.map(\.id)
            ),
        ]
        for (table, change, ids) in unique {
            try connection.run(
                "UPDATE \(table) SET \(change) WHERE id IN (SELECT value FROM json_each(?))", [json(ids)])
        }
    }

    private static func write(_ seed: Resources, _ connection: Connection) throws(StorageError) {
        try connection.run(
            "INSERT INTO settings VALUES ('instance', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            [json(seed.settings)])
        func write<Row>(
            _ rows: [Row], _ upsert: (Row, RowPlace, Connection) throws(StorageError) -> Void
        ) throws(StorageError) {
            for (position, row) in rows.enumerated() {
                try upsert(row, RowPlace(origin: .seed, position: position), connection)
            }
        }
        try write(seed.organizations, upsert)
        try write(seed.projects, upsert)
        try write(seed.projectGrants, upsert)
        try write(seed.apps, upsert)
        try write(seed.users, upsert)
        try write(seed.userGrants, upsert)
        try write(seed.keys, upsert)
        try write(seed.personalAccessTokens, upsert)
        try write(seed.signingKeys, upsert)
    }

    /// Writes a row, or brings the row with the same id to these values.
    static func upsert(
        _ table: String, _ columns: [(name: String, value: Value)], _ connection: Connection
    ) throws(StorageError) {
        let names = columns.map(\.name)
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let changes = names.filter { $0 != "id" }.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        try connection.run(
            "INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES (\(marks)) ON CONFLICT (id) DO UPDATE SET \(changes)",
            columns.map(\.value))
    }

    private static func common(_ id: String, _ place: RowPlace) -> [(name: String, value: Value)] {
        [
            ("id", .text(id)), ("origin", .text(place.origin.rawValue)),
            ("position", .integer(Int64(place.position))),
        ]
    }

    private static func columns(_ secret: SecretHash?) -> [(name: String, value: Value)] {
        [
            ("secret_salt", secret.map { .blob($0.salt) } ?? .null),
            ("secret_digest", secret.map { .blob($0.digest) } ?? .null),
        ]
    }

    static func upsert(
        _ organization: Organization, _ place: RowPlace, _ connection: Connection
    ) throws(StorageError) {
        try upsert(
            "organizations",
            common(organization.id, place) + [
                ("name", .text(organization.name)), ("primary_domain", .text(organization.primaryDomain)),
                ("domains", json(organization.domains)),
                ("state", .text(organization.state.rawValue)),
                ("user_login_must_be_domain", .flag(organization.userLoginMustBeDomain)),
            ], connection)
    }

    static func upsert(_ project: Project, _ place: RowPlace, _ connection: Connection) throws(StorageError) {
        try upsert(
            "projects",
            common(project.id, place) + [
                ("organization_id", .text(project.organizationID)), ("name", .text(project.name)),
                ("state", .text(project.state.rawValue)),
                ("roles", json(project.roles)), ("role_assertion", .flag(project.projectRoleAssertion)),
                ("role_check", .flag(project.projectRoleCheck)),
                ("has_project_check", .flag(project.hasProjectCheck)),
            ], connection)
    }

    static func upsert(_ grant: ProjectGrant, _ place: RowPlace, _ connection: Connection) throws(StorageError) {
        try upsert(
            "project_grants",
            common(grant.id, place) + [
                ("project_id", .text(grant.projectID)), ("organization_id", .text(grant.organizationID)),
                ("roles", json(grant.roles)),
                ("state", .text(grant.state.rawValue)),
            ], connection)
    }

    static func upsert(_ app: App, _ place: RowPlace, _ connection: Connection) throws(StorageError) {
        try upsert(
            "apps",
            common(app.id, place) + columns(app.secret) + [
                ("project_id", .text(app.projectID)), ("name", .text(app.name)), ("client_id", .text(app.clientID)),
                ("state", .text(app.state.rawValue)),
                ("auth_method", .text(app.authMethod.rawValue)), ("oidc", json(app.oidc)),
            ], connection)
    }

    static func upsert(_ user: User, _ place: RowPlace, _ connection: Connection) throws(StorageError) {
        var human = Value.null
        var machine = Value.null
        switch user.kind {
        case .human(let profile): human = json(profile)
        case .machine(let profile): machine = json(profile)
        }
        try upsert(
            "users",
            common(user.id, place) + columns(user.secret) + [
                ("organization_id", .text(user.organizationID)), ("user_name", .text(user.userName)),
                ("state", .text(user.state.rawValue)),
                ("human", human), ("machine", machine), ("instance_roles", json(user.instanceRoles)),
                ("claims", .text(JSON.object(user.claims).text)),
                ("change_date", .integer(user.changeDate)),
            ], connection)
        try connection.run("DELETE FROM user_metadata WHERE user_id = ?", [.text(user.id)])
        for entry in user.metadata {
            try connection.run(
                "INSERT INTO user_metadata VALUES (?, ?, ?)", [.text(user.id), .text(entry.key), .blob(entry.value)])
        }
    }

    static func upsert(_ grant: UserGrant, _ place: RowPlace, _ connection: Connection) throws(StorageError) {
        try upsert(
            "user_grants",
            common(grant.id, place) + [
                ("user_id", .text(grant.userID)), ("project_id", .text(grant.projectID)),
                ("organization_id", .text(grant.organizationID)),
                ("roles", json(grant.roles)), ("state", .text(grant.state.rawValue)),
            ], connection)
    }

    static func upsert(_ key: RegisteredKey, _ place: RowPlace, _ connection: Connection) throws(StorageError) {
        var appID: String?
        var userID: String?
        switch key.owner {
        case .app(let id): appID = id
        case .user(let id): userID = id
        }
        try upsert(
            "keys",
            common(key.id, place) + [
                ("app_id", .optional(appID)), ("user_id", .optional(userID)), ("public_key", .text(key.publicKey)),
                ("expiration", .integer(key.expiration)),
            ], connection)
    }

    static func upsert(
        _ token: PersonalAccessToken, _ place: RowPlace, _ connection: Connection
    ) throws(StorageError) {
        try upsert(
            "personal_access_tokens",
            common(token.id, place) + [
                ("user_id", .text(token.userID)), ("digest", .blob(token.digest)),
                ("scopes", .text(joined(token.scopes))),
                ("creation", .integer(token.creation)), ("expiration", .integer(token.expiration)),
                ("ended", .flag(token.isEnded)),
            ], connection)
    }

    static func upsert(_ key: SigningKey, _ place: RowPlace, _ connection: Connection) throws(StorageError) {
        try upsert(
            "signing_keys",
            common(key.id, place) + [
                ("algorithm", .text(key.algorithm)), ("private_key", .text(key.privateKey)),
                ("state", .text(key.state.rawValue)),
            ], connection)
    }
}
