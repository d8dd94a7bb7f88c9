public import Model

/// Signing keys that the server generates.
extension Storage {
    /// Stores generated signing keys, unless there is an active key.
    /// - Returns: all signing keys, in the order of `signingKeys()`.
    public func insertUnlessActive(_ keys: [SigningKey]) throws(StorageError) -> [SigningKey] {
        try write { connection throws(StorageError) in
            try connection.transaction { () throws(StorageError) in
                let isActive = try connection.rows("SELECT 1 FROM signing_keys WHERE state = 'active' LIMIT 1") { _ in
                    true
                }
                if isActive.isEmpty {
                    for key in keys { try Self.upsert(key, RowPlace(origin: .made, position: 0), connection) }
                }
                return try Self.signingKeys(of: nil, connection)
            }
        }
    }

    /// An existing key keeps its place and its origin; a new one comes after all others.
    static func put(_ key: SigningKey, _ connection: Connection) throws(StorageError) {
        let known = try connection.rows(
            "SELECT origin, position FROM signing_keys WHERE id = ?", [.text(key.id)],
            { RowPlace(origin: ResourceOrigin(rawValue: $0.text(0)) ?? .api, position: Int($0.integer(1))) }
        ).first
        try upsert(key, known ?? RowPlace(origin: .api, position: lastPosition), connection)
    }
}
