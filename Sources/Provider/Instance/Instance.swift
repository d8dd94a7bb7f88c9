public import Crypto
public import Model
public import Storage
import Synchronization

/// Everything that belongs to one issuer: its resources, keys, tokens, settings and clock.
///
/// Requests read a `Snapshot`. A change writes the database, makes the next snapshot and then replaces the present one by it; changes wait for each other,
/// readers never wait for one.
public final class Instance: Sendable {
    public let storage: Storage
    public let dependencies: Dependencies
    public let clock: InstanceClock
    /// Passwords of the seed that are not hashed yet.
    public let passwords: DeferredPasswords
    public let faults: FaultTable
    public let scenarios = ScenarioTable()
    public let journal: Journal
    public let lint: LintFindings
    /// Named states that a test can come back to.
    public let savedStates: SavedStates
    /// What this instance and the isolated ones beside it may keep together.
    let budgets: SharedBudgets
    private let privateKeys = Mutex<[String: PrivateKey]>([:])
    private let current: Versioned<Snapshot>
    /// What a reset comes back to.
    let initial: Mutex<InitialState>

    /// - Parameters:
    ///   - storage: an open database, already brought to the seed.
    ///   - overrides: settings of the command line, which take precedence over the seed's.
    ///   - passwords: those of the seed that the database has no hash of.
    ///   - journalCapacity: requests that the journal keeps.
    ///   - original: another instance of the same server; nil for the first.
    /// - Throws: `StorageError`
    public init(
        storage: Storage, dependencies: Dependencies, overrides: SettingsOverrides = SettingsOverrides(),
        passwords: DeferredPasswords = DeferredPasswords(), journalCapacity: Int = Journal.defaultCapacity,
        original: Instance? = nil
    ) throws {
        self.passwords = passwords
        let stored = try storage.signingKeys()
        let snapshot = Snapshot(try storage.resources(), overrides) { behavior in
            KeySet(
                stored,
                generator: KeyGenerator(
                    storage: storage, dependencies: dependencies, count: behavior.initialSigningKeyCount))
        }
        self.storage = storage
        self.dependencies = dependencies
        initial = Mutex(InitialState(resources: snapshot.resources.resources, overrides: overrides))
        budgets = original?.budgets ?? SharedBudgets()
        savedStates = SavedStates(budget: budgets.savedStates)
        journal = Journal(capacity: journalCapacity, budget: budgets.journals)
        faults = FaultTable(budget: budgets.faults)
        lint = LintFindings(budget: budgets.findings)
        clock = InstanceClock(real: dependencies.now)
        current = Versioned(snapshot)
    }

    /// The state as it is now. A request takes it once.
    public var snapshot: Snapshot { current.value }

    public var now: Timestamp { clock.now() }

    /// Keeps the private half of keys that the server generated for apps and users, or read from key files of a seed, by the id of the registered key:
    /// in memory only, so that they can sign assertions for tests.
    public func remember(privateKeys: [String: PrivateKey]) {
        self.privateKeys.withLock { $0.merge(privateKeys) { _, new in new } }
    }

    /// Takes over what another instance remembers.
    func rememberKeys(of other: Instance) {
        let keys = other.privateKeys.withLock { $0 }
        privateKeys.withLock { $0 = keys }
    }

    /// The private half of a registered key; nil when the server does not have it.
    public func privateKey(of key: RegisteredKey) -> PrivateKey? {
        let known = privateKeys.withLock { $0[key.id] }
        // Another public key may have been registered under the id since.
        return known.flatMap { $0.publicKey.pem == key.publicKey ? $0 : nil }
    }

    /// Changes the instance: all of the changes or, when one is refused, none. The next request sees them.
    /// - Parameter plan: works out the changes from the present state, while no other change can happen.
    /// - Returns: what the plan returned.
    /// - Throws: what the plan throws; `StorageError`, with `conflict` when a unique value is taken.
    @discardableResult
    public func change<Result>(_ plan: (Snapshot) throws -> (changes: [Change], result: Result)) throws -> Result {
        try current.change { snapshot in
            let (changes, result) = try plan(snapshot)
            return (changes.isEmpty ? nil : try applied(changes, to: snapshot, snapshot.overrides), result)
        }
    }

    /// Changes the settings in force. A setting of the command line that is changed holds no longer.
    /// - Throws: what the plan throws; `StorageError`
    public func changeSettings(_ plan: (Snapshot) throws -> InstanceSettings) throws {
        try current.change { snapshot in
            let settings = try plan(snapshot)
            let overrides = snapshot.overrides.agreeing(with: settings)
            let stored = overrides.stored(settings, before: snapshot.resources.settings)
            return (try applied([.settings(stored)], to: snapshot, overrides), ())
        }
    }

    /// Brings the instance to what a plan says, or has the database replaced as a whole (a seed was loaded, a state restored).
    /// - Throws: what the plan throws; `StorageError`
    func transform<Result>(_ plan: (Snapshot) throws -> (Transformation, result: Result)) throws -> Result {
        try current.change { snapshot in
            let (transformation, result) = try plan(snapshot)
            switch transformation {
            case .changes(let changes, let overrides):
                return (try applied(changes, to: snapshot, overrides, origin: .seed), result)
            case .replaced(let overrides):
                let (resources, keys) = (try storage.resources(), try storage.signingKeys())
                return (snapshot.replaced(by: resources, overrides, keys: keys), result)
            }
        }
    }

    enum Transformation {
        case changes([Change], SettingsOverrides)
        /// The database has other content, which is to be read.
        case replaced(SettingsOverrides)
    }

    /// Writes changes to the database.
    /// - Returns: the snapshot with them.
    private func applied(
        _ changes: [Change], to snapshot: Snapshot, _ overrides: SettingsOverrides, origin: ResourceOrigin = .api
    ) throws -> Snapshot {
        // Keys that are being generated in the background are part of what is changed.
        if changes.contains(where: \.isAboutSigningKey) { _ = try snapshot.keys.records() }
        if !changes.isEmpty { try storage.apply(changes, origin: origin, at: clock.now().seconds) }
        return snapshot.applying(changes, overrides)
    }
}
