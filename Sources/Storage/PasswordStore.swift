import Encodings
public import Model

/// Hashes of passwords that were computed after the seed was loaded.
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
}
