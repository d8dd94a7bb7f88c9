import Crypto
import Synchronization

/// Public keys by their PEM: parsing one costs more than checking a signature, so each is parsed once, when it is needed first. Holds at most 10,000.
final class ParsedKeys: Sendable {
    private let limit: Int
    private let keys = Mutex<[String: PublicKey]>([:])

    init(limit: Int = 10_000) {
        self.limit = limit
    }

    var count: Int { keys.withLock { $0.count } }

    func key(_ pem: String) -> PublicKey? {
        if let known = keys.withLock({ $0[pem] }) { return known }
        guard let parsed = PublicKey(pem: pem)?.thoroughlyChecked else { return nil }
        keys.withLock { keys in
            if keys.count >= limit { keys.removeAll() }
            keys[pem] = parsed
        }
        return parsed
    }
}
