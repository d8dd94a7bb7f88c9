import Synchronization

/// Answers to introspection that were worked out before: a resource server asks for the same token with every request that it serves.
///
/// Holds at most 10,000 answers. Whether the token is alive is none of its business; that is found out anew each time.
final class IntrospectionCache: Sendable {
    /// All that an answer follows from, besides the resourceIndex that it belongs to.
    struct Key: Hashable {
        let tokenID: String
        let clientID: String
        let issuer: String
    }

    private static let limit = 10_000
    private let answers = Mutex<[Key: [UInt8]]>([:])

    /// The answer under the key; made when it is not known. A rejection is not remembered.
    func answer(_ key: Key, orMake make: () throws(Rejection) -> [UInt8]) throws(Rejection) -> [UInt8] {
        if let known = answers.withLock({ $0[key] }) { return known }
        let made = try make()
        answers.withLock { answers in
            if answers.count >= Self.limit { answers.removeAll(keepingCapacity: true) }
            answers[key] = made
        }
        return made
    }
}
