import Crypto
public import Model

/// Signing keys in the database.
extension Storage {
    /// All signing keys: those of the seed first, then those that were made here.
    /// - Parameter origin: only those from there; nil for all.
    public func signingKeys(of origin: ResourceOrigin? = nil) throws(StorageError) -> [SigningKey] {
        try read { connection throws(StorageError) in try Self.signingKeys(of: origin, connection) }
    }

    static func signingKeys(
        of origin: ResourceOrigin?, _ connection: Connection
    ) throws(StorageError) -> [SigningKey] {
        try connection.rows(
            """
            SELECT id, algorithm, private_key, state FROM signing_keys WHERE coalesce(origin = ?, 1)
            ORDER BY origin = 'seed' DESC, position, rowid
            """, [.optional(origin?.rawValue)]
        ) {
            SigningKey(
                id: $0.text(0), algorithm: SignatureAlgorithm(rawValue: $0.text(1)) ?? .rs256,
                privateKey: $0.text(2),
                state: SigningKey.State(rawValue: $0.text(3)) ?? .inactive)
        }
    }

    /// Makes the signing keys exactly these.
    public func replaceSigningKeys(by keys: [SigningKey], origin: ResourceOrigin = .seed) throws(StorageError) {
        try write { connection throws(StorageError) in
            try connection.transaction { () throws(StorageError) in
                try connection.execute("DELETE FROM signing_keys")
                for (position, key) in keys.enumerated() {
                    try Self.upsert(key, RowPlacement(origin: origin, position: position), connection)
                }
            }
        }
    }

    /// Stores generated signing keys, unless there is an active key.
    /// - Returns: all signing keys, in the order of `signingKeys()`.
    public func insertUnlessActive(_ keys: [SigningKey]) throws(StorageError) -> [SigningKey] {
        try write { connection throws(StorageError) in
            try connection.transaction { () throws(StorageError) in
                let isActive = try connection.rows("SELECT 1 FROM signing_keys WHERE state = 'active' LIMIT 1") { _ in
                    true
                }
                if isActive.isEmpty {
                    for key in keys { try Self.upsert(key, RowPlacement(origin: .made, position: 0), connection) }
                }
                return try Self.signingKeys(of: nil, connection)
            }
        }
    }

    /// An existing key keeps its place and its origin; a new one comes after all others.
    static func put(_ key: SigningKey, _ connection: Connection) throws(StorageError) {
        let known = try connection.rows(
            "SELECT origin, position FROM signing_keys WHERE id = ?", [.text(key.id)],
            { RowPlacement(origin: ResourceOrigin(rawValue: $0.text(0)) ?? .api, position: Int($0.integer(1))) }
        ).first
        try upsert(key, known ?? RowPlacement(origin: .api, position: lastPosition), connection)
    }

    static func upsert(_ key: SigningKey, _ placement: RowPlacement, _ connection: Connection) throws(StorageError) {
        try upsert(
            "signing_keys",
            common(key.id, placement) + [
                ("algorithm", .text(key.algorithm.rawValue)), ("private_key", .text(key.privateKey)),
                ("state", .text(key.state.rawValue)),
            ], connection)
    }
}
