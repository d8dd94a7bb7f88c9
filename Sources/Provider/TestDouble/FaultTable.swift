import Synchronization

/// The faults of an instance. The first that matches a request is applied to it.
public final class FaultTable: Sendable {
    /// What is known about a request before it is answered.
    public struct Request: Sendable {
        public var endpoint: String
        public var grant: String?
        /// All names that the client is known by.
        public var clients: [String]
        public var users: [String]
        /// The values of a header, by its name in lower case.
        public var headers: @Sendable (String) -> [String]
        public var token: String?

        public init(
            endpoint: String, grant: String?, clients: [String], users: [String],
            headers: @escaping @Sendable (String) -> [String], token: String?
        ) {
            self.endpoint = endpoint
            self.grant = grant
            self.clients = clients
            self.users = users
            self.headers = headers
            self.token = token
        }
    }

    /// A fault and what it did so far.
    public struct Listed: Sendable {
        public let fault: Fault
        /// Requests that matched.
        public let matched: Int
        /// Requests that the fault was applied to.
        public let hits: Int

        public init(fault: Fault, matched: Int = 0, hits: Int = 0) {
            self.fault = fault
            self.matched = matched
            self.hits = hits
        }
    }

    /// More faults are refused.
    public static let limit = 1000
    /// Bytes that the faults of all instances may take together.
    public static let byteLimit = 16 << 20

    private struct Entry {
        let fault: Fault
        var matched = 0
        var hits = 0
    }

    private let entries = Mutex<[Entry]>([])
    private let count = Atomic<Int>(0)
    private let budget: ByteBudget

    /// - Parameter budget: what the faults of all instances may take together.
    init(budget: ByteBudget) {
        self.budget = budget
    }

    deinit { clear() }

    private static func size(_ entries: [Entry]) -> Int { entries.reduce(0) { $0 + $1.fault.byteCount } }

    /// Changes the entries, and gives back what they took before and take no longer.
    private func change(_ body: (inout [Entry]) -> Void) {
        entries.withLock { entries in
            let before = Self.size(entries)
            body(&entries)
            budget.give(before - Self.size(entries))
            count.store(entries.count, ordering: .relaxed)
        }
    }

    /// Whether there is none: then requests need not be looked at.
    public var isEmpty: Bool { count.load(ordering: .relaxed) == 0 }

    /// Whether a fault may be for requests to an endpoint; only then more about them need be known.
    public func concern(endpoint: String) -> Bool {
        !isEmpty && entries.withLock { $0.contains { $0.fault.match.endpoint.map { $0 == endpoint } ?? true } }
    }

    /// Adds all of the faults or, when there were too many, none.
    /// - Returns: whether they were added.
    public func add(_ faults: [Fault]) -> Bool {
        entries.withLock { entries in
            let added = faults.map { Entry(fault: $0) }
            guard entries.count + faults.count <= Self.limit, budget.takeIfLeft(Self.size(added)) else { return false }
            entries += added
            count.store(entries.count, ordering: .relaxed)
            return true
        }
    }

    public func remove(id: String) { change { $0.removeAll { $0.fault.id == id } } }

    public func clear() { change { $0 = [] } }

    /// Makes the faults exactly these, with new counts.
    func replaceAll(by faults: [Fault]) { change { $0 = faults.map { Entry(fault: $0) } } }

    public var all: [Listed] {
        entries.withLock { $0.map { Listed(fault: $0.fault, matched: $0.matched, hits: $0.hits) } }
    }

    /// The fault for a request; counts it.
    /// - Parameter random: a number from 0 to 1, drawn only when a probability asks for it.
    public func fault(for request: Request, now: Timestamp, random: () -> Double) -> Fault? {
        entries.withLock { entries in
            for index in entries.indices {
                let fault = entries[index].fault
                guard fault.match.matches(request) else { continue }
                if let until = fault.limit.until, now.milliseconds >= until.milliseconds { continue }
                entries[index].matched += 1
                let number = entries[index].matched - fault.limit.after
                guard number > 0 else { continue }
                if let cycle = fault.limit.cycle, (number - 1) % (cycle.pass + cycle.fail) < cycle.pass { continue }
                if let times = fault.limit.times, entries[index].hits >= times { continue }
                guard fault.limit.probability >= 1 || random() < fault.limit.probability else { continue }
                entries[index].hits += 1
                return fault
            }
            return nil
        }
    }
}

extension Fault.Match {
    func matches(_ request: FaultTable.Request) -> Bool {
        (endpoint == nil || endpoint == request.endpoint) && (grant == nil || grant == request.grant)
            && (client.map(request.clients.contains) ?? true) && (user.map(request.users.contains) ?? true)
            && headers.allSatisfy { request.headers($0.name).contains($0.value) }
            && (token == nil || token == request.token)
    }
}
