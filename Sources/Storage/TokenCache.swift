import Encodings
import Model
import Synchronization

/// Tokens that were looked up lately. A resource server asks for the same few tokens again and again, and this saves the queries.
///
/// Holds at most 10,000 tokens and about 16 MiB, and drops all of them whenever one ends. Expiry does not matter here: readers compare the times.
final class TokenCache: Sendable {
    static let countLimit = 10_000
    static let byteLimit = 16 << 20

    private struct State {
        var records: [[UInt8]: TokenRecord] = [:]
        var byteCount = 0
        /// Counts the invalidations: a record that was read before one is not cached after it.
        var generation = 0
    }

    private let state = Mutex(State())

    /// The record with the digest; asks the database when it is not cached. Tokens that do not exist are not cached.
    func record(
        _ digest: [UInt8], orRead read: () throws(StorageError) -> TokenRecord?
    ) throws(StorageError) -> TokenRecord? {
        let (known, generation) = state.withLock { ($0.records[digest], $0.generation) }
        if let known { return known }
        guard let record = try read() else { return nil }
        let size = Self.size(of: record)
        guard size <= Self.byteLimit / 16 else { return record }
        state.withLock { state in
            guard state.generation == generation, state.records[digest] == nil else { return }
            if state.records.count >= Self.countLimit || state.byteCount + size > Self.byteLimit {
                state.records.removeAll(keepingCapacity: true)
                state.byteCount = 0
            }
            state.records[digest] = record
            state.byteCount += size
        }
        return record
    }

    /// Tokens that the cache holds, and about how many bytes they need.
    var size: (count: Int, bytes: Int) { state.withLock { ($0.records.count, $0.byteCount) } }

    func invalidate() {
        state.withLock { state in
            state.records.removeAll(keepingCapacity: true)
            state.byteCount = 0
            state.generation += 1
        }
    }

    /// About how many bytes a record needs: strings of up to 15 bytes need no storage of their own.
    private static func size(of record: TokenRecord) -> Int {
        func sum(_ texts: [String]) -> Int { texts.reduce(0) { $0 + 48 + $1.utf8.count } }
        func size(_ object: JSONObject) -> Int { object.members.isEmpty ? 0 : JSON.object(object).bytes().count * 4 }
        return 512 + sum(record.scopes) + sum(record.audience) + sum(record.amr)
            + size(record.actor ?? [:]) + size(record.extraClaims)
    }
}
