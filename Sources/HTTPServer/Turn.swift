/// What one connection may have of its event loop before the others get their turn: a client that sends many requests at once must not keep the others
/// waiting for all of them.
struct Turn {
    static let requestLimit = 8
    /// Milliseconds after which no further request is begun.
    static let timeLimit: Int64 = 2

    private var requests = 0
    private let end: Int64

    /// - Parameter now: milliseconds.
    init(at now: Int64) {
        end = now + Self.timeLimit
    }

    /// Counts a request that was answered.
    mutating func count() { requests += 1 }

    /// Whether no further request is begun. The clock is asked only after a request: the first one always has its turn.
    func isOver(at now: @autoclosure () -> Int64) -> Bool {
        requests > 0 && (requests >= Self.requestLimit || now() >= end)
    }
}
