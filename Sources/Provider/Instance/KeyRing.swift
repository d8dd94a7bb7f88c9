public import Encodings
public import JOSE
public import Model
public import Storage
import Synchronization

/// The keys that the instance signs tokens with.
///
/// Keys that a seed pins are used as they are. Without any, keys are made once and kept. Making one takes a tenth of a second, so the server does
/// that beside its start: whoever needs a key before it is there waits for it.
public final class KeyRing: Sendable {
    /// A signing key, ready for use.
    public struct Key: Sendable {
        public let id: String
        public let algorithm: SignatureAlgorithm
        public let privateKey: PrivateKey
        public let publicKey: PublicKey
        public let state: SigningKey.State
    }

    private final class Ring: Sendable {
        let active: Key
        let byID: [String: Key]
        let jwks: JSON

        init(active: Key, byID: [String: Key], jwks: JSON) {
            self.active = active
            self.byID = byID
            self.jwks = jwks
        }
    }

    private let storage: Storage
    private let dependencies: Dependencies
    private let keysAtFirst: Int
    private let ring = Mutex<Ring?>(nil)
    private let previous = Mutex<JSON?>(nil)

    /// - Parameter keysAtFirst: how many keys a new instance publishes; the first of them signs.
    public init(storage: Storage, dependencies: Dependencies, keysAtFirst: Int) {
        self.storage = storage
        self.dependencies = dependencies
        self.keysAtFirst = keysAtFirst
    }

    /// The key that signs.
    /// - Throws: `StorageError` or `CryptographyFailure` when there is none and none can be made.
    public func active() throws -> Key { try loaded().active }

    /// A published key, in whatever state.
    public func key(id: String) throws -> Key? {
        try loaded().byID[id].flatMap { $0.id.hasSameBytes(as: id) ? $0 : nil }
    }

    /// The JSON Web Key Set (RFC 7517 section 5): public members only, the active key first.
    public func jwks() throws -> JSON { try loaded().jwks }

    /// Reads the keys again when they are needed next, after they changed in the database.
    func invalidate() {
        ring.withLock { ring in
            if let ring { previous.withLock { $0 = ring.jwks } }
            ring = nil
        }
    }

    /// The key set before the latest change; nil when it never changed.
    public var previousJWKS: JSON? { previous.withLock { $0 } }

    private func loaded() throws -> Ring {
        try ring.withLock { ring in
            if let ring { return ring }
            let made = try load()
            ring = made
            return made
        }
    }

    private func load() throws -> Ring {
        var stored = try storage.signingKeys()
        if !stored.contains(where: { $0.state == .active }) {
            let made = try (0..<keysAtFirst).map { index in
                SigningKey(
                    id: dependencies.newID(), algorithm: SignatureAlgorithm.rs256.rawValue,
                    privateKey: try PrivateKey.generate(for: .rs256).pem,
                    state: index == 0 ? .active : .initial)
            }
            try storage.insert(made)
            stored += made
        }
        let keys = stored.compactMap { record -> Key? in
            guard let algorithm = SignatureAlgorithm(rawValue: record.algorithm),
                let key = PrivateKey(pem: record.privateKey)
            else { return nil }
            return Key(
                id: record.id, algorithm: algorithm, privateKey: key, publicKey: key.publicKey, state: record.state)
        }
        // Keys of the seed come first, so a pinned key wins over one that was made before the seed pinned it.
        guard let active = keys.first(where: { $0.state == .active }) else { throw NoSigningKey() }
        let others = keys.filter { $0.id != active.id }
        let set = ([active] + others).map { $0.publicKey.jwk(id: $0.id, algorithm: $0.algorithm) }
        return Ring(
            active: active, byID: Dictionary(keys.map { ($0.id, $0) }) { first, _ in first },
            jwks: .object(["keys": .array(set)]))
    }

    /// The database holds an active key that cannot be read.
    struct NoSigningKey: Error, CustomStringConvertible {
        let description = "the database holds no readable signing key; use a fresh --database"
    }
}
