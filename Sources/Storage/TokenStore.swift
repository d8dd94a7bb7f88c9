import Encodings
public import Model

/// Issued access tokens.
extension Storage {
    static let tokenColumns =
        "digest, id, user_id, client_id, scopes, audience, amr, auth_time, creation, expiration, ended, session_id, actor, claims"

    /// Keeps a token. When this returns, the token survives the death of the process.
    public func insert(_ token: TokenRecord) throws(StorageError) {
        try write(endsTokens: false) { connection throws(StorageError) in try Self.insert(token, connection) }
    }

    /// A user may be locked between the moment that a request saw and the one in which its token is kept: the token has ended then, like those that were
    /// there before.
    static func insert(_ token: TokenRecord, _ connection: Connection) throws(StorageError) {
        try connection.run(
            """
            INSERT INTO tokens (\(Self.tokenColumns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
                coalesce(?11, (SELECT iif(state = 'active', NULL, 'user_inactive') FROM users WHERE id = ?3)), ?12, ?13, ?14)
            """,
            [
                .blob(token.digest), .text(token.id), .text(token.userID), .text(token.clientID),
                .text(joined(token.scopes)),
                .text(joined(token.audience)), .text(joined(token.amr)), .integer(token.authTime),
                .integer(token.creation), .integer(token.expiration),
                .optional(token.endReason?.rawValue), .optional(token.sessionID), json(actor: token.actor),
                json(claims: token.extraClaims),
            ])
    }

    /// The token with this digest.
    public func token(digest: [UInt8]) throws(StorageError) -> TokenRecord? {
        try tokenCache.record(digest) { () throws(StorageError) in
            try read { connection throws(StorageError) in
                try connection.rows(
                    "SELECT \(Self.tokenColumns) FROM tokens WHERE digest = ?", [.blob(digest)], Self.token
                )
                .first
            }
        }
    }

    /// Ends a token that still lives.
    /// - Returns: whether it did.
    @discardableResult
    public func end(tokenWithDigest digest: [UInt8], because end: RevocationReason) throws(StorageError) -> Bool {
        try write { connection throws(StorageError) in
            try Self.end(tokenWithDigest: digest, because: end, connection)
        }
    }

    @discardableResult
    static func end(
        tokenWithDigest digest: [UInt8], because end: RevocationReason, _ connection: Connection
    ) throws(StorageError) -> Bool {
        try connection.run(
            "UPDATE tokens SET ended = ? WHERE digest = ? AND ended IS NULL", [.text(end.rawValue), .blob(digest)]) == 1
    }

    /// Access tokens, the newest first.
    /// - Parameters:
    ///   - previous: the one that they follow; nil for the first ones.
    ///   - limit: how many at most.
    public func accessTokens(
        _ filter: TokenFilter, after previous: TokenRecord? = nil, limit: Int
    ) throws(StorageError) -> [TokenRecord] {
        try read { connection throws(StorageError) in
            try connection.rows(
                """
                SELECT \(Self.tokenColumns) FROM tokens WHERE \(TokenFilter.condition(ofRefreshTokens: false))
                AND (?6 IS NULL OR (creation, id) < (?6, ?7)) ORDER BY creation DESC, id DESC LIMIT ?5
                """,
                filter.values + [
                    .integer(Int64(limit)), previous.map { .integer($0.creation) } ?? .null, .optional(previous?.id),
                ], Self.token)
        }
    }

    /// The access token with an id.
    public func accessToken(id: String) throws(StorageError) -> TokenRecord? {
        try read { connection throws(StorageError) in
            try connection.rows(
                "SELECT \(Self.tokenColumns) FROM tokens WHERE id = ?", [.text(id)], Self.token
            ).first
        }
    }

    /// Revokes access tokens and refresh tokens that still live.
    /// - Returns: how many.
    @discardableResult
    public func revokeTokens(_ filter: TokenFilter) throws(StorageError) -> Int {
        defer { tokenCache.invalidate() }
        return try write { connection throws(StorageError) in
            try connection.transaction { () throws(StorageError) in
                let access = try connection.run(
                    """
                    UPDATE tokens SET ended = ?5
                    WHERE \(TokenFilter.condition(ofRefreshTokens: false)) AND ended IS NULL
                    """, filter.values + [.text(RevocationReason.revoked.rawValue)])
                let refresh = try connection.run(
                    """
                    UPDATE refresh_tokens SET ended = ?5
                    WHERE \(TokenFilter.condition(ofRefreshTokens: true)) AND ended IS NULL
                    """, filter.values + [.text(RefreshTokenEndReason.revoked.rawValue)])
                return access + refresh
            }
        }
    }

    /// Removes all issued tokens, codes and device authorizations, but not personal access tokens, which are resources.
    public func removeTokens() throws(StorageError) {
        defer { tokenCache.invalidate() }
        try write { connection throws(StorageError) in
            try connection.empty(["tokens", "refresh_tokens", "device_authorizations", "auth_requests", "remnants"])
        }
    }

    static func token(_ row: Row) -> TokenRecord {
        var token = TokenRecord(
            id: row.text(1), digest: row.blob(0), userID: row.text(2), clientID: row.text(3),
            scopes: separated(row.text(4)),
            audience: separated(row.text(5)), amr: separated(row.text(6)), authTime: row.integer(7),
            creation: row.integer(8), expiration: row.integer(9))
        token.endReason = row.optionalText(10).flatMap(RevocationReason.init)
        token.sessionID = row.optionalText(11)
        token.actor = row.optionalText(12).map(object)
        token.extraClaims = row.optionalText(13).map(object) ?? [:]
        return token
    }
}
