public import Model
public import Storage
import Synchronization

/// One issuer's whole world: its resources, keys, tokens, settings and clock.
///
/// Requests read a `Snapshot`. A change writes the database and then the snapshot; changes wait for each other, readers never wait for one.
public final class Instance: Sendable {
    public let storage: Storage
    public let dependencies: Dependencies
    public let clock: InstanceClock
    public let keyRing: KeyRing
    /// Passwords of the seed that are not hashed yet.
    public let passwords: DeferredPasswords
    public let faults = FaultTable()
    public let journal: Journal
    public let lint = LintBook()
    private let generatedKeys = Mutex<[String: String]>([:])
    private let overrides: SettingsOverrides
    private let current: Mutex<Snapshot>
    private let changing = Mutex<Void>(())

    /// - Parameters:
    ///   - storage: an open database, already brought to the seed.
    ///   - overrides: settings of the command line, which take precedence over the seed's.
    ///   - passwords: those of the seed that the database has no hash of.
    ///   - journalCapacity: requests that the journal keeps.
    /// - Throws: `StorageError`
    public init(
        storage: Storage, dependencies: Dependencies, overrides: SettingsOverrides = SettingsOverrides(),
        passwords: DeferredPasswords = DeferredPasswords(), journalCapacity: Int = Journal.defaultCapacity
    ) throws {
        self.passwords = passwords
        let snapshot = try Self.load(storage, overrides)
        self.storage = storage
        self.dependencies = dependencies
        self.overrides = overrides
        journal = Journal(capacity: journalCapacity)
        clock = InstanceClock(real: dependencies.now)
        keyRing = KeyRing(
            storage: storage, dependencies: dependencies, keysAtFirst: snapshot.behavior.signingKeysAtFirst)
        current = Mutex(snapshot)
    }

    private static func load(_ storage: Storage, _ overrides: SettingsOverrides) throws -> Snapshot {
        let resources = try storage.resources()
        return Snapshot(resources: ResourceIndex(resources), settings: overrides.applied(to: resources.settings))
    }

    /// The state as it is now. A request takes it once.
    public var snapshot: Snapshot { current.withLock { $0 } }

    public var now: Timestamp { clock.now() }

    /// Keeps the private half of a key that the server generated for an app or user, in memory only, so that it can sign assertions for tests.
    public func remember(privateKey pem: String, of keyID: String) { generatedKeys.withLock { $0[keyID] = pem } }

    public func privateKey(of keyID: String) -> String? { generatedKeys.withLock { $0[keyID] } }

    /// Changes the instance: all of the changes or, when one is refused, none. The next request sees them.
    /// - Parameter plan: works out the changes from the present state, while no other change can happen.
    /// - Returns: what the plan returned.
    /// - Throws: what the plan throws; `StorageError`, with `conflict` when a unique value is taken.
    @discardableResult
    public func change<Result>(_ plan: (Snapshot) throws -> (changes: [Change], result: Result)) throws -> Result {
        try changing.withLock { _ in
            let planned = try plan(snapshot)
            guard !planned.changes.isEmpty else { return planned.result }
            try storage.apply(planned.changes)
            // In place: while no request holds the snapshot, nothing is copied.
            current.withLock { $0.apply(planned.changes, overrides) }
            return planned.result
        }
    }

    /// Reads everything again, after the database was changed as a whole (a seed was loaded, a snapshot restored).
    public func reload(_ replace: () throws -> Void) throws {
        try changing.withLock { _ in
            try replace()
            let snapshot = try Self.load(storage, overrides)
            current.withLock { $0 = snapshot }
            keyRing.invalidate()
        }
    }
}
