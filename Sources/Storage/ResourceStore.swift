import Encodings
public import Model

/// Organizations, projects, apps, users, keys: reading all of them.
extension Storage {
    /// All resources, each kind in the order of creation. Signing keys are read by `signingKeys()`.
    public func resources() throws(StorageError) -> Resources {
        try read { connection throws(StorageError) in try Self.resources(connection) }
    }

    static func resources(_ connection: Connection) throws(StorageError) -> Resources {
        var resources = Resources()
        if let settings = try connection.rows("SELECT value FROM settings WHERE name = 'instance'", [], { $0.text(0) })
            .first
        {
            resources.settings = instanceSettings(settings)
        }
        resources.organizations = try connection.rows(
            "SELECT id, name, primary_domain, domains, state, user_login_must_be_domain FROM organizations ORDER BY position, rowid"
        ) {
            Organization(
                id: $0.text(0), name: $0.text(1), primaryDomain: $0.text(2), domains: strings($0.text(3)),
                state: state($0.text(4)),
                userLoginMustBeDomain: $0.flag(5))
        }
        resources.projects = try connection.rows(
            "SELECT id, organization_id, name, state, roles, role_assertion, role_check, has_project_check FROM projects ORDER BY position, rowid"
        ) {
            Project(
                id: $0.text(0), organizationID: $0.text(1), name: $0.text(2), state: state($0.text(3)),
                roles: projectRoles($0.text(4)),
                projectRoleAssertion: $0.flag(5), projectRoleCheck: $0.flag(6), hasProjectCheck: $0.flag(7))
        }
        resources.projectGrants = try connection.rows(
            "SELECT id, project_id, organization_id, roles, state FROM project_grants ORDER BY position, rowid"
        ) {
            ProjectGrant(
                id: $0.text(0), projectID: $0.text(1), organizationID: $0.text(2), roles: strings($0.text(3)),
                state: state($0.text(4)))
        }
        resources.apps = try connection.rows(
            "SELECT id, project_id, name, client_id, state, auth_method, secret_salt, secret_digest, oidc FROM apps ORDER BY position, rowid"
        ) {
            App(
                id: $0.text(0), projectID: $0.text(1), name: $0.text(2), clientID: $0.text(3), state: state($0.text(4)),
                authMethod: AuthMethod(rawValue: $0.text(5)) ?? .basic, secret: secret($0, 6),
                oidc: $0.optionalText(8).map(oidcSettings))
        }
        resources.users = try users(connection)
        resources.userGrants = try connection.rows(
            "SELECT id, user_id, project_id, organization_id, roles, state FROM user_grants ORDER BY position, rowid"
        ) {
            UserGrant(
                id: $0.text(0), userID: $0.text(1), projectID: $0.text(2), organizationID: $0.text(3),
                roles: strings($0.text(4)), state: state($0.text(5)))
        }
        resources.keys = try connection.rows(
            "SELECT id, app_id, user_id, public_key, expiration FROM keys ORDER BY position, rowid"
        ) { row in
            let owner = row.optionalText(1).map(RegisteredKey.Owner.app) ?? .user(row.text(2))
            return RegisteredKey(id: row.text(0), owner: owner, publicKey: row.text(3), expiration: row.integer(4))
        }
        resources.personalAccessTokens = try connection.rows(
            "SELECT id, user_id, digest, scopes, creation, expiration, ended FROM personal_access_tokens ORDER BY position, rowid"
        ) { row in
            var token = PersonalAccessToken(
                id: row.text(0), userID: row.text(1), digest: row.blob(2), scopes: separated(row.text(3)),
                creation: row.integer(4), expiration: row.integer(5))
            token.isEnded = row.integer(6) != 0
            return token
        }
        return resources
    }

    private static func users(_ connection: Connection) throws(StorageError) -> [User] {
        var metadata: [String: [User.Metadata]] = [:]
        for (userID, entry) in try connection.rows(
            "SELECT user_id, key, value FROM user_metadata ORDER BY user_id, key", [],
            {
                ($0.text(0), User.Metadata(key: $0.text(1), value: $0.blob(2)))
            })
        {
            metadata[userID, default: []].append(entry)
        }
        return try connection.rows(
            """
            SELECT id, organization_id, user_name, state, human, machine, secret_salt, secret_digest, instance_roles, claims, change_date
            FROM users ORDER BY position, rowid
            """
        ) { row in
            let kind: User.Kind =
                row.optionalText(4).map { .human(humanProfile($0)) } ?? .machine(machineProfile(row.text(5)))
            var user = User(
                id: row.text(0), organizationID: row.text(1), userName: row.text(2),
                state: UserState(rawValue: row.text(3)) ?? .inactive, kind: kind,
                secret: secret(row, 6), changeDate: row.integer(10))
            user.instanceRoles = strings(row.text(8))
            user.claims = object(row.text(9))
            user.metadata = metadata[user.id] ?? []
            return user
        }
    }

    private static func state(_ text: String) -> ResourceState { ResourceState(rawValue: text) ?? .inactive }

    private static func secret(_ row: Row, _ column: Int32) -> SecretHash? {
        row.optionalBlob(column).map { SecretHash(salt: $0, digest: row.blob(column + 1)) }
    }

    /// A number above all ids that were issued for this database; 0 when none was.
    public func idMark() throws(StorageError) -> Int64 {
        try read { connection throws(StorageError) in
            try connection.rows("SELECT value FROM settings WHERE name = 'id_mark'") { $0.text(0) }.first
        }.flatMap { Int64($0) } ?? 0
    }

    public func setIDMark(_ mark: Int64) throws(StorageError) {
        try write(endsTokens: false) { connection throws(StorageError) in try Self.setIDMark(mark, connection) }
    }

    static func setIDMark(_ mark: Int64, _ connection: Connection) throws(StorageError) {
        try connection.run(
            "INSERT INTO settings VALUES ('id_mark', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            [.text(String(mark))])
    }

    /// The ids of the resources that a seed made.
    public func seedIDs() throws(StorageError) -> [Resource.Kind: Set<String>] {
        try read { connection throws(StorageError) in try Self.ids(of: .seed, connection) }
    }

    static func ids(
        of origin: ResourceOrigin, _ connection: Connection
    ) throws(StorageError) -> [Resource.Kind: Set<String>] {
        var ids: [Resource.Kind: Set<String>] = [:]
        for kind in Resource.Kind.allCases {
            ids[kind] = Set(
                try connection.rows(
                    "SELECT id FROM \(kind.table) WHERE origin = ?", [.text(origin.rawValue)]
                ) { $0.text(0) })
        }
        return ids
    }

    /// All signing keys: those of the seed first, then those that the server generated.
    /// - Parameter origin: only those from there; nil for all.
    public func signingKeys(of origin: ResourceOrigin? = nil) throws(StorageError) -> [SigningKey] {
        try read { connection throws(StorageError) in try Self.signingKeys(of: origin, connection) }
    }

    static func signingKeys(
        of origin: ResourceOrigin?, _ connection: Connection
    ) throws(StorageError) -> [SigningKey] {
        try connection.rows(
            """
            SELECT id, algorithm, private_key, state FROM signing_keys WHERE coalesce(origin = ?, 1)
            ORDER BY origin = 'seed' DESC, position, rowid
            """, [.optional(origin?.rawValue)]
        ) {
            SigningKey(
                id: $0.text(0), algorithm: $0.text(1), privateKey: $0.text(2),
                state: SigningKey.State(rawValue: $0.text(3)) ?? .inactive)
        }
    }

    /// Makes the signing keys exactly these.
    public func replaceSigningKeys(by keys: [SigningKey], origin: ResourceOrigin = .seed) throws(StorageError) {
        try write { connection throws(StorageError) in
            try connection.transaction { () throws(StorageError) in
                try connection.execute("DELETE FROM signing_keys")
                for (position, key) in keys.enumerated() {
                    try Self.upsert(key, RowPlace(origin: origin, position: position), connection)
                }
            }
        }
    }
}
