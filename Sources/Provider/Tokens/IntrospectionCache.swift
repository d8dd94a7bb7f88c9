import Synchronization

/// Introspection responses that were computed before: a resource server asks for the same token with every request that it serves.
///
/// Holds at most 10,000 responses and 16 MiB. Whether the token is active is not its business; that is checked anew each time.
final class IntrospectionCache: Sendable {
    /// All that a response follows from, apart from the resource index that the cache belongs to.
    struct Key: Hashable {
        let tokenID: String
        let clientID: String
        /// The caller chooses it with the header `Host`, so keys count, too.
        let issuer: String

        fileprivate var byteCount: Int { tokenID.utf8.count + clientID.utf8.count + issuer.utf8.count }
    }

    private struct State {
        var responses: [Key: [UInt8]] = [:]
        var byteCount = 0
    }

    static let countLimit = 10_000
    static let byteLimit = 16 << 20
    /// What an entry needs besides its bytes.
    private static let overhead = 256

    private let state = Mutex(State())

    /// The response under the key; computed when it is not cached. A rejection is not cached.
    func response(
        _ key: Key, orMake make: () throws(Rejection) -> [UInt8]
    ) throws(Rejection) -> [UInt8] {
        if let known = state.withLock({ $0.responses[key] }) { return known }
        let made = try make()
        let size = key.byteCount + made.count + Self.overhead
        guard size <= Self.byteLimit / 16 else { return made }
        state.withLock { state in
            guard state.responses[key] == nil else { return }
            if state.responses.count >= Self.countLimit || state.byteCount + size > Self.byteLimit {
                state = State()
            }
            state.responses[key] = made
            state.byteCount += size
        }
        return made
    }

    /// Bytes that the cache holds, about.
    var byteCount: Int { state.withLock { $0.byteCount } }
}
