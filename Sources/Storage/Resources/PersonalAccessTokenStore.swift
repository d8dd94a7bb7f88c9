import Model

/// Personal access tokens in the database.
extension Storage {
    static func personalAccessTokens(_ connection: Connection) throws(StorageError) -> [PersonalAccessToken] {
        try connection.rows(
            "SELECT id, user_id, digest, scopes, creation, expiration, ended FROM personal_access_tokens ORDER BY position, rowid"
        ) { row in
            var token = PersonalAccessToken(
                id: row.text(0), userID: row.text(1), digest: row.blob(2), scopes: separated(row.text(3)),
                creation: row.integer(4), expiration: row.integer(5))
            token.isEnded = row.integer(6) != 0
            return token
        }
    }

    static func upsert(
        _ token: PersonalAccessToken, _ placement: RowPlacement, _ connection: Connection
    ) throws(StorageError) {
        try upsert(
            "personal_access_tokens",
            common(token.id, placement) + [
                ("user_id", .text(token.userID)), ("digest", .blob(token.digest)),
                ("scopes", .text(joined(token.scopes))),
                ("creation", .integer(token.creation)), ("expiration", .integer(token.expiration)),
                ("ended", .bool(token.isEnded)),
            ], connection)
    }
}
