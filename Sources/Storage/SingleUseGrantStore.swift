public import Model

/// Giving out tokens for something that is used up thereby.
extension Storage {
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
}
