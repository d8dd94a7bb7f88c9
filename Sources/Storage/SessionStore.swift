public import Model

/// Login sessions.
extension Storage {
    private static let columns = "id, user_id, browser, amr, auth_time"

    /// Keeps a session; one of the same id is signed in to again.
    public func save(_ session: LoginSession) throws(StorageError) {
        let authentication = session.authentication
        try write(endsTokens: false) { connection throws(StorageError) in
            _ = try connection.run(
                """
                INSERT INTO sessions (\(Self.columns)) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET amr = excluded.amr, auth_time = excluded.auth_time
                """,
                [
                    .text(session.id), .text(authentication.userID), .blob(session.browser),
                    .text(joined(authentication.amr)), .integer(authentication.time),
                ])
        }
    }

    /// Gives all sessions of a browser to another one.
    public func moveSessions(from browser: [UInt8], to successor: [UInt8]) throws(StorageError) {
        try write(endsTokens: false) { connection throws(StorageError) in
            _ = try connection.run(
                "UPDATE sessions SET browser = ? WHERE browser = ?", [.blob(successor), .blob(browser)])
        }
    }

    /// The sessions of a browser, the newest sign-in first.
    public func sessions(browser: [UInt8]) throws(StorageError) -> [LoginSession] {
        try read { connection throws(StorageError) in
            try connection.rows(
                "SELECT \(Self.columns) FROM sessions WHERE browser = ? ORDER BY auth_time DESC, id DESC",
                [.blob(browser)], Self.session)
        }
    }

    /// The session; nil when it ended.
    public func session(id: String) throws(StorageError) -> LoginSession? {
        try read { connection throws(StorageError) in
            try connection.rows("SELECT \(Self.columns) FROM sessions WHERE id = ?", [.text(id)], Self.session).first
        }
    }

    /// All sessions, the newest sign-in first.
    /// - Parameter userID: of whom; nil for everybody's.
    public func sessions(userID: String?) throws(StorageError) -> [LoginSession] {
        try read { connection throws(StorageError) in
            try connection.rows(
                "SELECT \(Self.columns) FROM sessions WHERE coalesce(user_id = ?1, 1) ORDER BY auth_time DESC, id DESC",
                [.optional(userID)], Self.session)
        }
    }

    /// Ends a session, and with it the access tokens that came from it. Refresh tokens live on, as on the real server.
    /// - Returns: the clients that got tokens from it; empty when there is no such session.
    public func endSession(id: String) throws(StorageError) -> [String] {
        try write { connection throws(StorageError) in
            try connection.transaction { () throws(StorageError) in
                let clients = try connection.rows(
                    "SELECT client_id FROM session_clients WHERE session_id = ? ORDER BY client_id", [.text(id)]
                ) { $0.text(0) }
                guard try connection.run("DELETE FROM sessions WHERE id = ?", [.text(id)]) == 1 else { return [] }
                try connection.run(
                    "UPDATE tokens SET ended = ? WHERE session_id = ? AND ended IS NULL",
                    [.text(RevocationReason.sessionTerminated.rawValue), .text(id)])
                return clients
            }
        }
    }

    /// Remembers that a client got tokens from a session, if that still is.
    static func note(client id: String, ofSession sessionID: String, _ connection: Connection) throws(StorageError) {
        try connection.run(
            """
            INSERT INTO session_clients (session_id, client_id) SELECT id, ? FROM sessions WHERE id = ?
            ON CONFLICT DO NOTHING
            """, [.text(id), .text(sessionID)])
    }

    private static func session(_ row: Row) -> LoginSession {
        LoginSession(
            authentication: Authentication(
                userID: row.text(1), sessionID: row.text(0), amr: separated(row.text(3)), time: row.integer(4)),
            browser: row.blob(2))
    }

    /// Removes all login sessions and counts of wrong passwords.
    public func removeSessions() throws(StorageError) {
        try write { connection throws(StorageError) in
            try connection.empty(["session_clients", "sessions", "password_failures"])
        }
    }
}
