import Encodings
import Synchronization

/// The warnings that clients were given, counted.
public final class LintFindings: Sendable {
    /// A warning about one client, and how often it came.
    public struct Finding: Sendable {
        /// nil for requests that named no client.
        public let client: String?
        public let code: String
        public internal(set) var count: Int
        public internal(set) var last: Timestamp
        /// What to do instead, as said last.
        public internal(set) var detail: String

        /// About how many bytes it needs.
        fileprivate var byteCount: Int { 200 + (client?.utf8.count ?? 0) + detail.utf8.count }
    }

    /// More findings than this are not kept: clients choose their names.
    private static let limit = 10_000
    /// Bytes of the name of a client, and of what to do, that are kept.
    private static let nameLimit = 200
    private static let detailLimit = 1000

    private struct Key: Hashable {
        let client: String?
        let code: String
    }

    private let findings = Mutex<[Key: Finding]>([:])
    private let budget: ByteBudget

    /// - Parameter budget: what the findings of all instances may take together. Further ones are not kept.
    init(budget: ByteBudget) {
        self.budget = budget
    }

    deinit { clear() }

    /// Counts the warnings of a request.
    public func record(_ warnings: [Warning], client: String?, at time: Timestamp) {
        guard !warnings.isEmpty else { return }
        let client = client?.cut(toBytes: Self.nameLimit)
        findings.withLock { findings in
            for warning in warnings {
                let key = Key(client: client, code: warning.code.rawValue)
                let known = findings[key]
                if known == nil, findings.count >= Self.limit { continue }
                var finding =
                    known ?? Finding(client: client, code: warning.code.rawValue, count: 0, last: time, detail: "")
                finding.count += 1
                finding.last = time
                finding.detail = warning.detail.cut(toBytes: Self.detailLimit)
                guard budget.takeIfLeft(finding.byteCount - (known?.byteCount ?? 0)) else { continue }
                findings[key] = finding
            }
        }
    }

    /// All findings, by client and code.
    public var all: [Finding] {
        findings.withLock { Array($0.values) }.sorted { ($0.client ?? "", $0.code) < ($1.client ?? "", $1.code) }
    }

    /// Forgets all findings.
    public func clear() {
        findings.withLock { findings in
            budget.give(findings.values.reduce(0) { $0 + $1.byteCount })
            findings = [:]
        }
    }
}
