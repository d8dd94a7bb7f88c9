/// A role that a project defines.
public struct ProjectRole: Sendable, Equatable {
    public var key: String
    public var displayName: String
    public var group: String

    public init(key: String, displayName: String, group: String) {
        self.key = key
        self.displayName = displayName
        self.group = group
    }
}
