import Model

/// Public keys of apps and service users in the database.
extension Storage {
    static func keys(_ connection: Connection) throws(StorageError) -> [RegisteredKey] {
        try connection.rows(
            "SELECT id, app_id, user_id, public_key, expiration FROM keys ORDER BY position, rowid"
        ) { row in
            let owner = row.optionalText(1).map(RegisteredKey.Owner.app) ?? .user(row.text(2))
            return RegisteredKey(id: row.text(0), owner: owner, publicKey: row.text(3), expiration: row.integer(4))
        }
    }

    static func upsert(_ key: RegisteredKey, _ placement: RowPlacement, _ connection: Connection) throws(StorageError) {
        var appID: String?
        var userID: String?
        switch key.owner {
        case .app(let id): appID = id
        case .user(let id): userID = id
        }
        try upsert(
            "keys",
            common(key.id, placement) + [
                ("app_id", .optional(appID)), ("user_id", .optional(userID)), ("public_key", .text(key.publicKey)),
                ("expiration", .integer(key.expiration)),
            ], connection)
    }
}
