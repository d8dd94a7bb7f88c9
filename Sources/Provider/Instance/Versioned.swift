import Synchronization

/// A value that is replaced as a whole: readers take it as it is and never wait while the next one is being made, and those who replace it wait for
/// each other.
final class Versioned<Value: Sendable>: Sendable {
    private let current: Mutex<Value>
    private let changing = Mutex<Void>(())

    init(_ value: Value) { current = Mutex(value) }

    /// The value as it is now.
    var value: Value { current.withLock { $0 } }

    /// Replaces the value.
    /// - Parameter make: makes the next value from the present one, while nobody else replaces it; nil leaves it.
    /// - Returns: what the function returned.
    /// - Throws: what the function throws; then the value stays.
    func change<Result>(_ make: (Value) throws -> (next: Value?, result: Result)) throws -> Result {
        try changing.withLock { _ in
            let (next, result) = try make(value)
            if let next {
                // What readers have let go of is freed after the lock: that takes as long as it is large.
                let old = current.withLock { current in
                    let old = current
                    current = next
                    return old
                }
                _ = old
            }
            return result
        }
    }
}
