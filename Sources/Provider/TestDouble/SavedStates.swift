import Storage
import Synchronization

/// Named states of an instance that a test can come back to: all that the database holds, the clock, the faults and the settings.
public final class SavedStates: Sendable {
    /// How many are kept at most.
    public static let countLimit = 32
    /// Bytes that those of all instances of a server may take together.
    public static let byteLimit = 256 << 20

    struct State: Sendable {
        let database: DatabaseCopy
        let clock: InstanceClock.Mode
        let faults: [Fault]
        let overrides: SettingsOverrides
        let initial: InitialState
        let scenarios: [ScenarioTable.Running]
        let creation: Timestamp

        /// Bytes that it takes, roughly.
        var byteCount: Int { database.byteCount + faults.reduce(0) { $0 + $1.byteCount } }
    }

    /// A saved state without its contents.
    public struct Listed: Sendable {
        public let name: String
        /// By real time.
        public let creation: Timestamp
        /// Bytes of its database.
        public let byteCount: Int
    }

    private let budget: ByteBudget
    private let states = Mutex<[String: State]>([:])

    /// - Parameter budget: bytes that these states and those of other instances may take together.
    init(budget: ByteBudget) {
        self.budget = budget
    }

    deinit { budget.give(states.withLock { $0.values.reduce(0) { $0 + $1.byteCount } }) }

    public var all: [Listed] {
        states.withLock { states in
            states.map { Listed(name: $0, creation: $1.creation, byteCount: $1.database.byteCount) }
        }.sorted { $0.name < $1.name }
    }

    func state(_ name: String) -> State? { states.withLock { $0[name] } }

    /// - Returns: false when there are too many, or they would be too large; then nothing has changed.
    func set(_ name: String, _ state: State) -> Bool {
        states.withLock { states in
            let old = states[name]
            guard old != nil || states.count < Self.countLimit,
                budget.takeIfLeft(state.byteCount - (old?.byteCount ?? 0))
            else { return false }
            states[name] = state
            return true
        }
    }

    /// Forgets the state of a name.
    public func remove(_ name: String) {
        states.withLock { states in
            if let state = states.removeValue(forKey: name) { budget.give(state.byteCount) }
        }
    }
}

extension Instance {
    /// Saves the present state under a name, instead of one that has it.
    /// - Returns: false when there are too many saved states, or they would be too large.
    /// - Throws: `StorageError`
    public func save(_ name: String) throws -> Bool {
        // Keys that are being generated are part of the state.
        _ = try snapshot.keys.records()
        let state = SavedStates.State(
            database: try storage.copy(), clock: clock.mode, faults: faults.all.map(\.fault),
            overrides: snapshot.overrides, initial: initial.withLock { $0 }, scenarios: scenarios.all,
            creation: clock.realNow)
        return savedStates.set(name, state)
    }

    /// Brings the instance to a saved state.
    /// - Returns: false when there is none of that name.
    /// - Throws: `StorageError`
    public func restore(_ name: String) throws -> Bool {
        guard let state = savedStates.state(name) else { return false }
        try transform { _ in
            try storage.restore(state.database)
            return (.replaced(state.overrides), ())
        }
        clock.mode = state.clock
        faults.replaceAll(by: state.faults)
        scenarios.replaceAll(by: state.scenarios)
        initial.withLock { $0 = state.initial }
        return true
    }
}
