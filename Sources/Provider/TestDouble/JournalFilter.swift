import Encodings

/// Which requests of the journal are meant.
public struct JournalFilter: Sendable {
    public var endpoint: String?
    public var method: String?
    public var client: Names?
    public var user: Names?
    public var grant: String?
    public var outcome: JournalEntry.Outcome?
    public var reason: String?
    public var status: Int?
    /// Not before this moment.
    public var since: Timestamp?
    /// Parameters by name; a value of nil must be absent.
    public var form: [(name: String, value: String?)] = []

    public init() {}

    /// One client or user, whichever of its names the journal has.
    public struct Names: Sendable {
        /// As it was asked for.
        public let requested: String
        public let all: Set<String>

        public init(requested: String, all: [String]) {
            self.requested = requested
            self.all = Set(all.map { $0.cut(toBytes: JournalEntry.textLimit) })
        }
    }

    /// Whether an entry has everything that is asked for.
    public func matches(_ entry: JournalEntry) -> Bool { differenceCount(entry) == 0 }

    /// How many things about an entry are not as wanted.
    public func differenceCount(_ entry: JournalEntry) -> Int {
        var count = 0
        forEachDifference(entry) { _ in count += 1 }
        return count
    }

    /// What about an entry is not as wanted: a sentence each.
    public func differences(_ entry: JournalEntry) -> [String] {
        var differences: [String] = []
        forEachDifference(entry) { differences.append($0()) }
        return differences
    }

    /// - Parameter report: gets what writes the sentence; most callers count only.
    private func forEachDifference(_ entry: JournalEntry, _ report: (() -> String) -> Void) {
        func compare(_ name: String, wanted: String?, found: String?) {
            guard let wanted, wanted != found else { return }
            report { "\(name) is \(found.map { "\"\($0)\"" } ?? "absent"), expected \"\(wanted)\"" }
        }
        func compare(_ name: String, wanted: Names?, found: String?) {
            guard let wanted, found.map(wanted.all.contains) != true else { return }
            compare(name, wanted: wanted.requested, found: found)
        }
        compare("endpoint", wanted: endpoint, found: entry.endpoint)
        compare("method", wanted: method, found: entry.method)
        compare("client", wanted: client, found: entry.client)
        compare("user", wanted: user, found: entry.user)
        compare("grant", wanted: grant, found: entry.grant)
        compare("outcome", wanted: outcome?.rawValue, found: entry.outcome.rawValue)
        compare("reason", wanted: reason, found: entry.rejection?.reason.rawValue)
        compare("status", wanted: status.map { "\($0)" }, found: "\(entry.status)")
        if let since, entry.time.milliseconds < since.milliseconds { report { "it came before since" } }
        guard !form.isEmpty else { return }
        let values = entry.details.values
        for (name, wanted) in form {
            let found = values[ExactString(name)]
            guard let wanted else {
                if let found { report { "form.\(name) is \"\(found)\", expected to be absent" } }
                continue
            }
            compare("form.\(name)", wanted: Masking.parameter(name, wanted), found: found)
        }
    }
}
