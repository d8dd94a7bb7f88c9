import Encodings
import Model

/// Users with their metadata in the database.
extension Storage {
    static func users(_ connection: Connection) throws(StorageError) -> [User] {
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

    static func upsert(_ user: User, _ placement: RowPlacement, _ connection: Connection) throws(StorageError) {
        var human = Value.null
        var machine = Value.null
        switch user.kind {
        case .human(let profile): human = json(profile)
        case .machine(let profile): machine = json(profile)
        }
        try upsert(
            "users",
            common(user.id, placement) + columns(try completed(user.secret, of: user.id, connection)) + [
                ("organization_id", .text(user.organizationID)), ("user_name", .text(user.userName)),
                ("lowercase_user_name", .text(user.userName.lowercased())),
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

    /// A hash that was computed since stays, though the resources in memory still have it deferred.
    private static func completed(
        _ secret: SecretHash?, of userID: String, _ connection: Connection
    ) throws(StorageError) -> SecretHash? {
        guard let secret, secret.isDeferred else { return secret }
        let digest = try connection.rows(
            "SELECT secret_digest FROM users WHERE id = ? AND secret_salt = ?", [.text(userID), .blob(secret.salt)]
        ) { $0.blob(0) }.first
        return SecretHash(salt: secret.salt, digest: digest ?? [])
    }
}
