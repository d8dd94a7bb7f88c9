public import Crypto
public import Encodings
import JOSE
public import Model
import Synchronization

/// The keys that an instance signs tokens with and publishes, as one request sees them.
///
/// Keys are parsed when one is needed first. A set without an active key generates some then and stores them: that takes a tenth of a second, so the
/// server does it in the background when it starts, and a request that needs a key before that waits for it.
public final class KeySet: Sendable {
    /// A signing key, ready for use.
    public struct Key: Sendable {
        public let record: SigningKey
        public let privateKey: PrivateKey
        public let publicKey: PublicKey

        public var id: String { record.id }
        public var algorithm: SignatureAlgorithm { record.algorithm }

        /// nil when it cannot be read.
        fileprivate init?(_ record: SigningKey) {
            guard let key = PrivateKey(pem: record.privateKey) else { return nil }
            self.record = record
            privateKey = key
            publicKey = key.publicKey
        }

        fileprivate init(_ key: Key, state: SigningKey.State) {
            var record = key.record
            record.state = state
            self.record = record
            privateKey = key.privateKey
            publicKey = key.publicKey
        }
    }

    private struct Content {
        let records: [SigningKey]
        let byID: [String: Key]
        let active: Key
        let jwks: JSON
    }

    private let stored: [SigningKey]
    private let generator: KeyGenerator
    /// Keys that an earlier set has parsed, by id.
    private let parsed: [String: Key]
    private let content = Mutex<Content?>(nil)

    convenience init(_ stored: [SigningKey], generator: KeyGenerator) {
        self.init(stored, generator: generator, parsed: [:])
    }

    private init(_ stored: [SigningKey], generator: KeyGenerator, parsed: [String: Key]) {
        self.stored = stored
        self.generator = generator
        self.parsed = parsed
    }

    /// The key that signs.
    /// - Throws: `StorageError` or `CryptographyFailure` when there is none and none can be generated; `NoSigningKey`.
    public func active() throws -> Key { try loaded().active }

    /// A published key, in whatever state.
    public func key(id: String) throws -> Key? {
        try loaded().byID[id].flatMap { $0.id.hasSameBytes(as: id) ? $0 : nil }
    }

    /// All keys as they are stored: those of the seed first, then by age.
    public func records() throws -> [SigningKey] { try loaded().records }

    /// The JSON Web Key Set (RFC 7517 section 5): public members only, the active key first.
    public func jwks() throws -> JSON { try loaded().jwks }

    /// Makes sure that the stored keys can sign, without making any when there are none.
    /// - Throws: `NoSigningKey`
    public func checkReadable() throws {
        let active = stored.filter { $0.state == .active }
        guard active.isEmpty || active.contains(where: { PrivateKey(pem: $0.privateKey) != nil }) else {
            throw NoSigningKey()
        }
    }

    // MARK: Changes

    /// The set after changes that the database has accepted; the same object when none of them is about a signing key.
    func applying(_ changes: [Change]) -> KeySet {
        var records = current
        for change in changes {
            switch change {
            case .putSigningKey(let key):
                if let index = records.firstIndex(where: { $0.id == key.id }) {
                    records[index] = key
                } else {
                    records.append(key)
                }
            case .removeSigningKey(let id): records.removeAll { $0.id == id }
            case .put, .remove, .settings: break
            }
        }
        return replaced(by: records)
    }

    /// The set with these keys, which the database holds; the same object when they are the same. Keys that it has parsed are not parsed again.
    func replaced(by records: [SigningKey]) -> KeySet {
        guard records != current else { return self }
        return KeySet(
            records, generator: generator, parsed: content.withLock { $0?.byID } ?? parsed)
    }

    /// Whether keys have been there to be published.
    var isGenerated: Bool { current.contains { $0.state == .active } }

    /// The records of the database, as far as they are known without generating any.
    private var current: [SigningKey] { content.withLock { $0?.records } ?? stored }

    // MARK: Parsing

    private func loaded() throws -> Content {
        try content.withLock { content in
            if let content { return content }
            let new = try load()
            content = new
            return new
        }
    }

    private func load() throws -> Content {
        let hasActive = stored.contains { $0.state == .active }
        let records = hasActive ? stored : try generator.generate()
        let keys = records.compactMap(key)
        // Keys of the seed come first, so a pinned key wins over one that was generated before the seed pinned it.
        guard let active = keys.first(where: { $0.record.state == .active }) else { throw NoSigningKey() }
        let others = keys.filter { $0.id != active.id }
        let set = ([active] + others).map { $0.publicKey.jwk(id: $0.id, algorithm: $0.algorithm) }
        return Content(
            records: records, byID: Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }, active: active,
            jwks: .object(["keys": .array(set)]))
    }

    private func key(_ record: SigningKey) -> Key? {
        guard let known = parsed[record.id], known.record.privateKey == record.privateKey,
            known.record.algorithm == record.algorithm
        else { return Key(record) }
        return Key(known, state: record.state)
    }

    /// The database holds an active key that cannot be read.
    struct NoSigningKey: Error, CustomStringConvertible {
        let description = "the database holds no readable signing key; use a fresh --database"
    }
}
