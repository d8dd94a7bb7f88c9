public import Model

/// Refresh tokens.
extension Storage {
    static let refreshTokenColumns =
        "digest, id, access_token, user_id, client_id, scopes, audience, amr, auth_time, session_id, actor, idle_expiration, expiration, ended, nonce"

    static func insert(_ refresh: RefreshTokenRecord, _ connection: Connection) throws(StorageError) {
        let token = refresh.accessToken
        try connection.run(
            "INSERT INTO refresh_tokens (\(refreshTokenColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .blob(refresh.digest), .text(refresh.id), .blob(token.digest), .text(token.userID),
                .text(token.clientID), .text(joined(token.scopes)), .text(joined(token.audience)),
                .text(joined(token.amr)), .integer(token.authTime), .optional(token.sessionID),
                json(actor: token.actor), .integer(refresh.idleExpiration), .integer(refresh.expiration),
                .optional(refresh.endReason?.rawValue), .text(refresh.nonce),
            ])
    }

    /// The refresh token with this digest, whatever became of it.
    public func refreshToken(digest: [UInt8]) throws(StorageError) -> RefreshTokenRecord? {
        try read { connection throws(StorageError) in
            try connection.rows(
                "SELECT \(Self.refreshTokenColumns) FROM refresh_tokens WHERE digest = ?", [.blob(digest)],
                Self.refreshToken
            ).first
        }
    }

    /// Ends a refresh token that still lives, and the access token that belongs to it.
    /// - Returns: whether it still lived; otherwise nothing changed.
    @discardableResult
    public func revoke(_ token: RefreshTokenRecord) throws(StorageError) -> Bool {
        try write { connection throws(StorageError) in
            try connection.attempt { () throws(StorageError) in
                try Self.end(token, because: .revoked, accessToken: .revoked, connection)
            }
        }
    }

    /// Refresh tokens, the newest first.
    /// - Parameters:
    ///   - previous: the id of the one that they follow; nil for the first ones.
    ///   - limit: how many at most.
    public func refreshTokens(
        _ filter: TokenFilter, after previous: String? = nil, limit: Int
    ) throws(StorageError) -> [RefreshTokenRecord] {
        try read { connection throws(StorageError) in
            try connection.rows(
                """
                SELECT \(Self.refreshTokenColumns) FROM refresh_tokens
                WHERE \(TokenFilter.condition(ofRefreshTokens: true)) AND (?6 IS NULL OR id < ?6)
                ORDER BY id DESC LIMIT ?5
                """, filter.values + [.integer(Int64(limit)), .optional(previous)], Self.refreshToken)
        }
    }

    /// The refresh token with an id.
    public func refreshToken(id: String) throws(StorageError) -> RefreshTokenRecord? {
        try read { connection throws(StorageError) in
            try connection.rows(
                "SELECT \(Self.refreshTokenColumns) FROM refresh_tokens WHERE id = ?", [.text(id)], Self.refreshToken
            ).first
        }
    }

    /// Ends a refresh token, and the access token that belongs to it.
    /// - Throws: `usedUp` when it had ended before.
    static func end(
        _ token: RefreshTokenRecord, because end: RefreshTokenEndReason, accessToken accessTokenEnd: RevocationReason,
        _ connection: Connection
    ) throws(StorageError) {
        try connection.use(
            "UPDATE refresh_tokens SET ended = ? WHERE digest = ? AND ended IS NULL",
            [.text(end.rawValue), .blob(token.digest)])
        try Self.end(tokenWithDigest: token.accessToken.digest, because: accessTokenEnd, connection)
    }

    static func refreshToken(_ row: Row) -> RefreshTokenRecord {
        var token = TokenRecord(
            id: "", digest: row.blob(2), userID: row.text(3), clientID: row.text(4), scopes: separated(row.text(5)),
            audience: separated(row.text(6)), amr: separated(row.text(7)), authTime: row.integer(8), creation: 0,
            expiration: 0)
        token.sessionID = row.optionalText(9)
        token.actor = row.optionalText(10).map(object)
        var refresh = RefreshTokenRecord(
            id: row.text(1), digest: row.blob(0), accessToken: token, nonce: row.text(14),
            idleExpiration: row.integer(11), expiration: row.integer(12))
        refresh.endReason = row.optionalText(13).flatMap(RefreshTokenEndReason.init)
        return refresh
    }
}
