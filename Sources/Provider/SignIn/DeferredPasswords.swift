import Crypto
import Encodings
public import Model
public import Storage
import Synchronization

/// Passwords of the seed that are hashed when they are first needed.
///
/// scrypt takes about 2 ms a password, so hashing thousands of them would delay every start by seconds. Verifying the stored hashes against the seed
/// would take as long, and a fast verifier next to each hash would defeat the slow hash. So a password waits in memory, where the seed has
/// been read to anyway, until somebody signs in with it or the server has time; the database gets the slow hash only. One slow hash over all
/// passwords of the seed together shows the next start that none of them has changed, and that the stored hashes are still right: it can be
/// attacked only by guessing all passwords at once.
public final class DeferredPasswords: Sendable {
    private struct Entry {
        let password: String
        var digest: [UInt8]?
    }

    /// By salt, which names one password of one user.
    private let entries: Mutex<[[UInt8]: Entry]>
    /// A text that changes when any password of the seed does, or whose password it is; nil when there is none.
    private let summary: Mutex<[UInt8]?>

    /// - Parameters:
    ///   - passwords: by the salt of the user's hash.
    ///   - users: the users of the seed.
    public init(_ passwords: [[UInt8]: String] = [:], users: [User] = []) {
        entries = Mutex(passwords.mapValues { Entry(password: $0) })
        let pairs = users.compactMap { user in
            user.secret.flatMap { passwords[$0.salt] }.map { JSON.strings([user.id, $0]).text }
        }
        summary = Mutex(
            pairs.isEmpty ? nil : Digest.sha256.hash(Array(pairs.sorted().joined(separator: "\n").utf8)))
    }

    /// The same passwords, for a copy of the instance.
    init(copying other: DeferredPasswords) {
        entries = Mutex(other.entries.withLock { $0 })
        summary = Mutex(nil)
    }

    /// Adds passwords that were set while the server runs. What the database holds is then no longer what the seed says.
    /// - Parameter passwords: by the salt of the user's hash.
    public func add(_ passwords: [[UInt8]: String], in storage: Storage) throws(StorageError) {
        guard !passwords.isEmpty else { return }
        entries.withLock { $0.merge(passwords.mapValues { Entry(password: $0) }) { _, new in new } }
        summary.withLock { $0 = nil }
        try storage.removePasswordSummary()
    }

    /// The digest of the user's password; nil when it is not known: the server was stopped before it was hashed, and started without the seed.
    func digest(_ hash: SecretHash) -> [UInt8]? {
        guard hash.isDeferred else { return hash.digest }
        guard let entry = entries.withLock({ $0[hash.salt] }) else { return nil }
        if let digest = entry.digest { return digest }
        let digest = scrypt(entry.password, salt: hash.salt)
        entries.withLock { $0[hash.salt]?.digest = digest }
        return digest
    }

    /// The user with a hash that can be written down; unchanged when there is nothing to hash.
    public func resolved(_ user: User) -> User {
        guard let secret = user.secret, secret.isDeferred else { return user }
        var user = user
        user.secret = digest(secret).map { SecretHash(salt: secret.salt, digest: $0) }
        return user
    }

    /// Whether the hashes in the database are those of these passwords.
    public func areStored(in storage: Storage) throws(StorageError) -> Bool {
        guard let summary = summary.withLock({ $0 }), let stored = try storage.passwordSummary() else { return false }
        return constantTimeEqual(stored.digest, Self.summaryDigest(summary, stored.salt))
    }

    /// Hashes the passwords that no hash is stored of, and stores the hashes. Takes milliseconds for each, so it is for a thread that has time.
    public func store(in storage: Storage, randomBytes: (Int) -> [UInt8]) throws(StorageError) {
        guard storage.isPersistent else { return }
        // The database knows what it lacks: users come back without their hash when a reset brings them back.
        let salts = try storage.deferredPasswords().filter { salt in entries.withLock { $0[salt] != nil } }
        let hashes = salts.compactMap { salt in
            digest(SecretHash(salt: salt, digest: [])).map { SecretHash(salt: salt, digest: $0) }
        }
        if !hashes.isEmpty { try storage.store(passwords: hashes) }
        let stored = try storage.passwordSummary()
        let isNoted = hashes.isEmpty && stored != nil
        guard !isNoted, let summary = summary.withLock({ $0 }), try !areStored(in: storage) else { return }
        let salt = randomBytes(16)
        try storage.store(passwordSummary: SecretHash(salt: salt, digest: Self.summaryDigest(summary, salt)))
    }

    private static func summaryDigest(_ summary: [UInt8], _ salt: [UInt8]) -> [UInt8] {
        scrypt(hexadecimal(summary), salt: salt)
    }
}
