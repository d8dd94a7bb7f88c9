/// An object and its members. Members whose name starts with `x-` are always allowed.
public struct ObjectShape: Sendable {
    /// Its name in the schema's `$defs`.
    public let name: String
    public let members: [MemberShape]
    /// Exactly one of these members must be present; empty for no such rule.
    public var exactlyOneOf: [String] = []
    /// At least one of these members must be present; empty for no such rule.
    public var atLeastOneOf: [String] = []
    /// Of each of these sets of members, at most one may be present.
    public var exclusive: [[String]] = []
    /// Asked when nothing else is wrong with an object and its members.
    public var rules: [ObjectRule] = []
    /// How many of these a list has at most; nil for any number.
    public var listLimit: Int?

    public init(
        name: String, members: [MemberShape], exactlyOneOf: [String] = [], atLeastOneOf: [String] = [],
        exclusive: [[String]] = [], rules: [ObjectRule] = []
    ) {
        self.name = name
        self.members = members
        self.exactlyOneOf = exactlyOneOf
        self.atLeastOneOf = atLeastOneOf
        self.exclusive = exclusive
        self.rules = rules
    }

    /// The description of a member; nil when the object has none of the name.
    public func member(_ name: String) -> MemberShape? { members.first { $0.name == name } }
}
