public import Encodings

/// What a value may be. The same description checks documents and writes their JSON Schema, so the two cannot differ.
public indirect enum Shape: Sendable {
    case text(minimumLength: Int)
    case boolean
    /// One of several words; the noun says what the words are, with its article.
    case choice(noun: String, [String])
    /// 1 to 20 decimal digits.
    case id
    case duration(maximum: String?)
    /// RFC 3339
    case time
    /// scheme:…
    case uri
    /// A URI; `host:port`, where the scheme was forgotten, is refused.
    case redirectURI
    /// http:// or https:// and a host; no path.
    case origin
    /// A host with or without port.
    case host
    /// Visible ASCII characters without spaces.
    case token(minimumLength: Int)
    /// The path of a file.
    case path
    case phone
    case email
    /// BCP 47
    case language
    /// The stored form of a secret.
    case hash(HashFormat)
    case list(Shape)
    case object(ObjectShape)
    /// Objects of several kinds, distinguished by a member.
    case variants(tag: String, noun: String, [(value: String, shape: ObjectShape)])
    case textOrObject(ObjectShape)
    /// Any member names; values are strings, or `{"base64": …}` for bytes that are not text.
    case metadata
    /// Any JSON object.
    case anyObject
    /// A whole number.
    case integer(ClosedRange<Int64>)
    case number(ClosedRange<Double>)
    /// A string of a form of its own.
    case pattern(TextPattern)
    /// One value, or a list of them.
    case oneOrList(Shape)
    /// An object with any member names, and values of one shape.
    case map(Shape)
    /// An object, or a value of another shape.
    case either(Shape, ObjectShape)
    /// A value, or null.
    case nullable(Shape)
    /// Any JSON.
    case any
}

/// A member of an object.
public struct MemberShape: Sendable {
    public let name: String
    public let value: Shape
    public let isRequired: Bool
    public let documentation: String

    public init(name: String, value: Shape, isRequired: Bool = false, documentation: String) {
        self.name = name
        self.value = value
        self.isRequired = isRequired
        self.documentation = documentation
    }
}

/// What the shapes of the members of an object cannot say, such as how two of them go together. The JSON Schema does not have it.
public struct ObjectRule: Sendable {
    /// What is wrong with an object, and where: the names that lead there from the object. Nil when nothing is.
    public let problem: @Sendable (JSONObject) -> (place: [String], message: String)?

    public init(problem: @escaping @Sendable (JSONObject) -> (place: [String], message: String)?) {
        self.problem = problem
    }
}

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
