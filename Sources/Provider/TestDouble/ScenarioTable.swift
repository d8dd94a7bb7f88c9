public import Encodings
import Synchronization

/// The scenarios that an instance is in.
public final class ScenarioTable: Sendable {
    /// A scenario that is on.
    public struct Running: Sendable {
        public let name: ScenarioName
        public let parameters: JSONObject
        /// Ids of the faults that belong to it.
        public let faults: [String]
        /// Takes back what else was changed.
        public let undo: @Sendable (Instance) throws -> Void

        public init(
            name: ScenarioName, parameters: JSONObject, faults: [String],
            undo: @escaping @Sendable (Instance) throws -> Void
        ) {
            self.name = name
            self.parameters = parameters
            self.faults = faults
            self.undo = undo
        }
    }

    private let running = Mutex<[ScenarioName: Running]>([:])

    public init() {}

    /// In the order of their names.
    public var all: [Running] {
        running.withLock { Array($0.values) }.sorted { $0.name.rawValue < $1.name.rawValue }
    }

    /// Notes that a scenario is on.
    public func add(_ scenario: Running) { running.withLock { $0[scenario.name] = scenario } }

    /// - Returns: the scenario, to be undone; nil when the instance was not in it.
    func remove(_ name: ScenarioName) -> Running? { running.withLock { $0.removeValue(forKey: name) } }

    func replaceAll(by scenarios: [Running]) {
        running.withLock { $0 = Dictionary(scenarios.map { ($0.name, $0) }) { first, _ in first } }
    }
}

extension Instance {
    /// Ends a scenario: its faults are removed, and what it changed is changed back.
    /// - Throws: `StorageError`
    public func end(_ scenario: ScenarioName) throws {
        guard let running = scenarios.remove(scenario) else { return }
        for id in running.faults { faults.remove(id: id) }
        try running.undo(self)
    }
}
