public import Model

/// Which tokens are meant; nil for any.
public struct TokenFilter: Sendable {
    public var userID: String?
    /// A service user's user name, or an app's client id.
    public var clientID: String?
    public var sessionID: String?
    /// Only tokens that neither ended nor expired, at this time in unix seconds.
    public var activeAt: Int64?

    public init(userID: String? = nil, clientID: String? = nil, sessionID: String? = nil, activeAt: Int64? = nil) {
        self.userID = userID
        self.clientID = clientID
        self.sessionID = sessionID
        self.activeAt = activeAt
    }

    private static let ofAccessTokens = """
        coalesce(user_id = ?1, 1) AND coalesce(client_id = ?2, 1) AND (?3 IS NULL OR session_id = ?3)
        AND (?4 IS NULL OR (ended IS NULL AND expiration > ?4))
        """
    private static let ofRefreshTokens = ofAccessTokens + " AND (?4 IS NULL OR idle_expiration > ?4)"

    fileprivate static func condition(ofRefreshTokens isRefresh: Bool) -> String {
        isRefresh ? ofRefreshTokens : ofAccessTokens
    }

    fileprivate var values: [Value] {
        [.optional(userID), .optional(clientID), .optional(sessionID), activeAt.map(Value.integer) ?? .null]
    }
}

/// Looking at tokens, and revoking many.
extension Storage {
    /// Access tokens, the newest first.
    /// - Parameter limit: how many at most.
    public func accessTokens(_ filter: TokenFilter, limit: Int) throws(StorageError) -> [TokenRecord] {
        try read { connection throws(StorageError) in
            try connection.rows(
                """
                SELECT \(Self.tokenColumns) FROM tokens WHERE \(TokenFilter.condition(ofRefreshTokens: false))
                ORDER BY creation DESC, id DESC LIMIT ?5
                """, filter.values + [.integer(Int64(limit))], Self.token)
        }
    }

    /// Refresh tokens, the newest first.
    /// - Parameter limit: how many at most.
    public func refreshTokens(_ filter: TokenFilter, limit: Int) throws(StorageError) -> [RefreshTokenRecord] {
        try read { connection throws(StorageError) in
            try connection.rows(
                """
                SELECT \(Self.refreshTokenColumns) FROM refresh_tokens
                WHERE \(TokenFilter.condition(ofRefreshTokens: true)) ORDER BY id DESC LIMIT ?5
                """, filter.values + [.integer(Int64(limit))], Self.refreshToken)
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

    /// The refresh token with an id.
    public func refreshToken(id: String) throws(StorageError) -> RefreshTokenRecord? {
        try read { connection throws(StorageError) in
            try connection.rows(
                "SELECT \(Self.refreshTokenColumns) FROM refresh_tokens WHERE id = ?", [.text(id)], Self.refreshToken
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
                    """, filter.values + [.text(RefreshTokenEnd.revoked.rawValue)])
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

    /// Removes all login sessions and counts of wrong passwords.
    public func removeSessions() throws(StorageError) {
        try write { connection throws(StorageError) in
            try connection.empty(["session_clients", "sessions", "password_failures"])
        }
    }
}
