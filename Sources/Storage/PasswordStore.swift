import Encodings
public import Model

/// Hashes of passwords that were computed after the seed was loaded, and how often passwords were wrong.
extension Storage {
    private static let summaryName = "passwords"

    /// The hash over all passwords of the seed whose hashes are stored; nil when there is none.
    public func passwordSummary() throws(StorageError) -> SecretHash? {
        let texts = try read { connection throws(StorageError) in
            try connection.rows("SELECT value FROM settings WHERE name = ?", [.text(Self.summaryName)]) { $0.text(0) }
        }
        let parts = (texts.first ?? "").split(separator: ":").compactMap { Base64.urlDecoded(Array($0.utf8)) }
        return parts.count == 2 ? SecretHash(salt: parts[0], digest: parts[1]) : nil
    }

    /// The salts of the passwords whose hashes are not there yet.
    public func deferredPasswords() throws(StorageError) -> [[UInt8]] {
        try read { connection throws(StorageError) in
            try connection.rows("SELECT secret_salt FROM users WHERE secret_digest = x''") { $0.blob(0) }
        }
    }

    /// Completes deferred hashes, found by their salts.
    public func store(passwords: [SecretHash]) throws(StorageError) {
        try write(endsTokens: false) { connection throws(StorageError) in
            try connection.transaction { () throws(StorageError) in
                for hash in passwords {
                    try connection.run(
                        "UPDATE users SET secret_digest = ? WHERE secret_salt = ? AND secret_digest = x''",
                        [.blob(hash.digest), .blob(hash.salt)])
                }
            }
        }
    }

    /// Stores the hash over all passwords of the seed, after their hashes.
    public func store(passwordSummary summary: SecretHash) throws(StorageError) {
        let text = Base64.urlEncoded(summary.salt) + ":" + Base64.urlEncoded(summary.digest)
        try write { connection throws(StorageError) in
            _ = try connection.run(
                "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                [.text(Self.summaryName), .text(text)])
        }
    }

    /// Forgets the hash over all passwords of the seed, because some were changed.
    public func removePasswordSummary() throws(StorageError) {
        try write { connection throws(StorageError) in
            _ = try connection.run("DELETE FROM settings WHERE name = ?", [.text(Self.summaryName)])
        }
    }

    // MARK: Wrong passwords

    /// Counts a wrong password.
    /// - Returns: how many there were in a row.
    public func countPasswordFailure(userID: String) throws(StorageError) -> Int64 {
        try write(endsTokens: false) { connection throws(StorageError) in
            try connection.rows(
                """
                INSERT INTO password_failures (user_id, count) VALUES (?, 1)
                ON CONFLICT (user_id) DO UPDATE SET count = count + 1 RETURNING count
                """, [.text(userID)]
            ) { $0.integer(0) }.first ?? 1
        }
    }

    /// Forgets wrong passwords after a right one.
    public func clearPasswordFailures(userID: String) throws(StorageError) {
        try write(endsTokens: false) { connection throws(StorageError) in
            _ = try connection.run("DELETE FROM password_failures WHERE user_id = ?", [.text(userID)])
        }
    }
}
