public import Model

/// What a grant uses up: it works once.
public enum SingleUseGrant: Sendable {
    /// by digest
    case code([UInt8])
    /// by digest
    case deviceCode([UInt8])
    case refreshToken(RefreshTokenRecord)
    /// An authorization request that is answered with tokens at once.
    case authRequest(id: String, Authentication)
}

/// Giving out tokens for something that is used up thereby, and the refresh tokens themselves.
extension Storage {
    static let refreshTokenColumns =
        "digest, id, access_token, user_id, client_id, scopes, audience, amr, auth_time, session_id, actor, idle_expiration, expiration, ended, nonce"

    /// Keeps an access token and perhaps a refresh token, and uses up what they were given for: all of it or nothing.
    /// - Returns: false when somebody else was faster; then nothing was kept.
    public func issue(
        _ token: TokenRecord, _ refreshToken: RefreshTokenRecord?, redeeming redemption: SingleUseGrant?
    ) throws(StorageError) -> Bool {
        let isRefresh = if case .refreshToken = redemption { true } else { false }
        return try write(endsTokens: isRefresh) { connection throws(StorageError) in
            try connection.attempt { () throws(StorageError) in
                if let redemption { try Self.use(up: redemption, connection) }
                try Self.insert(token, connection)
                if let sessionID = token.sessionID {
                    try Self.note(client: token.clientID, ofSession: sessionID, connection)
                }
                if let refreshToken { try Self.insert(refreshToken, connection) }
            }
        }
    }

    /// - Throws: `usedUp` when somebody else was faster.
    private static func use(up redemption: SingleUseGrant, _ connection: Connection) throws(StorageError) {
        switch redemption {
        case .code(let digest):
            try connection.use(
                """
                UPDATE auth_requests SET redeemed = 1
                WHERE code = ? AND redeemed = 0 AND session_id IN (SELECT id FROM sessions)
                """, [.blob(digest)])
        case .deviceCode(let digest):
            try connection.use(
                """
                UPDATE device_authorizations SET state = ?
                WHERE digest = ? AND state = ? AND session_id IN (SELECT id FROM sessions)
                """,
                [
                    .text(DeviceAuthorization.State.redeemed.rawValue), .blob(digest),
                    .text(DeviceAuthorization.State.approved.rawValue),
                ])
        case .refreshToken(let used):
            try end(used, because: .rotated, accessToken: .superseded, connection)
        case .authRequest(let id, let authentication):
            try complete(authRequest: id, authentication, code: nil, connection)
        }
    }

    /// Ends a refresh token, and the access token that belongs to it.
    /// - Throws: `usedUp` when it had ended before.
    private static func end(
        _ token: RefreshTokenRecord, because end: RefreshTokenEnd, accessToken accessTokenEnd: RevocationReason,
        _ connection: Connection
    ) throws(StorageError) {
        try connection.use(
            "UPDATE refresh_tokens SET ended = ? WHERE digest = ? AND ended IS NULL",
            [.text(end.rawValue), .blob(token.digest)])
        try Self.end(tokenWithDigest: token.accessToken.digest, because: accessTokenEnd, connection)
    }

    private static func insert(_ refresh: RefreshTokenRecord, _ connection: Connection) throws(StorageError) {
        let token = refresh.accessToken
        try connection.run(
            "INSERT INTO refresh_tokens (\(refreshTokenColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .blob(refresh.digest), .text(refresh.id), .blob(token.digest), .text(token.userID),
                .text(token.clientID), .text(joined(token.scopes)), .text(joined(token.audience)),
                .text(joined(token.amr)), .integer(token.authTime), .optional(token.sessionID),
                json(actor: token.actor), .integer(refresh.idleExpiration), .integer(refresh.expiration),
                .optional(refresh.ended?.rawValue), .text(refresh.nonce),
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

    /// Removes what nobody can use any more.
    /// - Parameters:
    ///   - moment: refresh tokens, device codes and codes go that expired before, and requests that nobody answered since.
    ///   - signIn: sessions go whose sign-in was before.
    public func removeSignInRemains(before moment: Int64, sessionsBefore signIn: Int64) throws(StorageError) {
        try write { connection throws(StorageError) in
            try connection.transaction { () throws(StorageError) in
                _ = try connection.run("DELETE FROM refresh_tokens WHERE expiration < ?", [.integer(moment)])
                _ = try connection.run("DELETE FROM device_authorizations WHERE expiration < ?", [.integer(moment)])
                _ = try connection.run(
                    "DELETE FROM auth_requests WHERE coalesce(code_expiration, creation) < ?", [.integer(moment)])
                try Self.removeRemnants(before: moment, connection)
                _ = try connection.run("DELETE FROM sessions WHERE auth_time < ?", [.integer(signIn)])
            }
        }
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
        refresh.ended = row.optionalText(13).flatMap(RefreshTokenEnd.init)
        return refresh
    }
}
