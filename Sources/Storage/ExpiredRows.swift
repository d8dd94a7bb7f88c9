/// Removing what expired so long ago that no client asks for it.
extension Storage {
    /// Removes tokens that expired before a moment, in batches of at most `limit`, so that requests get their turn between them.
    /// - Returns: how many were removed.
    @discardableResult
    public func removeTokens(expiredBefore moment: Int64, limit: Int = 500) throws(StorageError) -> Int {
        let old = try read { connection throws(StorageError) in
            try connection.rows("SELECT digest FROM tokens WHERE expiration < ?", [.integer(moment)]) { $0.blob(0) }
        }
        for start in stride(from: 0, to: old.count, by: limit) {
            let batch = old[start..<min(start + limit, old.count)]
            try write { connection throws(StorageError) in
                try connection.transaction { () throws(StorageError) in
                    for digest in batch { try connection.run("DELETE FROM tokens WHERE digest = ?", [.blob(digest)]) }
                }
            }
        }
        return old.count
    }

    /// Removes what can no longer be used.
    /// - Parameters:
    ///   - moment: refresh tokens, device codes and codes go that expired before, and requests that nobody answered since.
    ///   - signIn: sessions go whose sign-in was before.
    public func removeExpiredSignIns(before moment: Int64, sessionsBefore signIn: Int64) throws(StorageError) {
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
}
