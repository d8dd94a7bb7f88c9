import Crypto
import Model
import Storage

/// Generates the signing keys of an instance that has none.
struct KeyGenerator: Sendable {
    let storage: Storage
    let dependencies: Dependencies
    /// How many keys a new instance publishes; the first of them signs.
    let count: Int

    /// Generates and stores keys, unless the database has an active one by then.
    /// - Returns: all keys of the database.
    /// - Throws: `StorageError`, `CryptographyFailure`
    func generate() throws -> [SigningKey] {
        let keys = try (0..<count).map { index in
            SigningKey(
                id: dependencies.newID(), algorithm: .rs256,
                privateKey: try PrivateKey.generate(for: .rs256).pem, state: index == 0 ? .active : .initial)
        }
        return try storage.insertUnlessActive(keys)
    }
}
