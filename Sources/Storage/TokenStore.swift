public import Model

/// Issued access tokens.
extension Storage {
    private static let columns = "id, digest, user_id, client_id, scopes, audience, amr, auth_time, creation, expiration, ended"

    /// Keeps a token. When this returns, the token survives the death of the process.
    public func insert(_ token: TokenRecord) throws(StorageError) {
        _ = try write { connection throws(StorageError) in
            try connection.run(
                "INSERT INTO tokens (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    .text(token.id), token.digest.map(Value.blob) ?? .null, .text(token.userID), .text(token.clientID), .text(joined(token.scopes)),
                    .text(joined(token.audience)), .text(joined(token.amr)), .integer(token.authTime), .integer(token.creation), .integer(token.expiration),
                    .optional(token.ended?.rawValue),
                ])
        }
    }

    /// The opaque token with this SHA-256.
    public func token(digest: [UInt8]) throws(StorageError) -> TokenRecord? {
        try read { connection throws(StorageError) in
            try connection.rows("SELECT \(Self.columns) FROM tokens WHERE digest = ?", [.blob(digest)], Self.token).first
        }
    }

    /// The token with this id, which is the `jti` of a JWT.
    public func token(id: String) throws(StorageError) -> TokenRecord? {
        try read { connection throws(StorageError) in
            try connection.rows("SELECT \(Self.columns) FROM tokens WHERE id = ?", [.text(id)], Self.token).first
        }
    }

    /// Ends a token that still lives.
    /// - Returns: whether it did.
    @discardableResult
    public func end(tokenID: String, because end: TokenEnd) throws(StorageError) -> Bool {
        try write { connection throws(StorageError) in
            try connection.run("UPDATE tokens SET ended = ? WHERE id = ? AND ended IS NULL", [.text(end.rawValue), .text(tokenID)]) == 1
        }
    }

    /// Removes tokens that expired before a moment, at most `limit` at a time so that requests do not wait long.
    /// - Returns: how many went.
    public func removeTokens(expiredBefore moment: Int64, limit: Int) throws(StorageError) -> Int {
        try write { connection throws(StorageError) in
            try connection.run(
                "DELETE FROM tokens WHERE rowid IN (SELECT rowid FROM tokens WHERE expiration < ? LIMIT ?)", [.integer(moment), .integer(Int64(limit))])
        }
    }

    private static func token(_ row: Row) -> TokenRecord {
        var token = TokenRecord(
            id: row.text(0), digest: row.optionalBlob(1), userID: row.text(2), clientID: row.text(3), scopes: separated(row.text(4)),
            audience: separated(row.text(5)), amr: separated(row.text(6)), authTime: row.integer(7), creation: row.integer(8), expiration: row.integer(9))
        token.ended = row.optionalText(10).flatMap(TokenEnd.init)
        return token
    }
}

/// Lists of words without blanks (scopes, ids, amr values) are kept as one text: cheaper to read than JSON on the way of every request.
func joined(_ words: [String]) -> String { words.joined(separator: " ") }
func separated(_ text: String) -> [String] { text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) } }
