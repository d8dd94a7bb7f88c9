import Model
import Synchronization

/// Tokens that were looked up lately. A resource server asks for the same few tokens again and again, and this spares the database the asking.
///
/// Holds at most 10,000 tokens, and forgets all of them whenever one ends. Expiry is no concern of it: whoever reads a token compares the times.
final class TokenCache: Sendable {
    private static let limit = 10_000

    private struct State {
        var records: [[UInt8]: TokenRecord] = [:]
        /// Counts how often everything was forgotten: a record that was read before is not kept after.
        var generation = 0
    }

    private let state = Mutex(State())

    /// The record with the digest; asks the database when it is not known. Tokens that do not exist are not remembered.
    func record(
        _ digest: [UInt8], orRead read: () throws(StorageError) -> TokenRecord?
    ) throws(StorageError) -> TokenRecord? {
        let (known, generation) = state.withLock { ($0.records[digest], $0.generation) }
        if let known { return known }
        guard let record = try read() else { return nil }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.records.count >= Self.limit { state.records.removeAll(keepingCapacity: true) }
            state.records[digest] = record
        }
        return record
    }

    func invalidate() {
        state.withLock { state in
            state.records.removeAll(keepingCapacity: true)
            state.generation += 1
        }
    }
}
