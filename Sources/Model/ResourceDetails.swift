/// How often a resource was changed, and when (ZITADEL: object details).
public struct ResourceDetails: Sendable, Equatable {
    /// 1 for a new resource; each change adds one.
    public var sequence: Int64
    /// Unix seconds.
    public var creation: Int64
    /// Unix seconds.
    public var change: Int64

    public init(sequence: Int64, creation: Int64, change: Int64) {
        self.sequence = sequence
        self.creation = creation
        self.change = change
    }
}
