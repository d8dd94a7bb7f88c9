/// What Go's decoders refuse in a text that is JSON.
extension JSON {
    /// Whether every number in the value is within the range of a double, as Go's decoder demands of values that it makes no claims about.
    public var hasOnlyFiniteNumbers: Bool {
        switch self {
        case .decimal(let text): Double(text)?.isFinite ?? false
        case .array(let values): values.allSatisfy(\.hasOnlyFiniteNumbers)
        case .object(let object): object.members.allSatisfy(\.value.hasOnlyFiniteNumbers)
        case .null, .bool, .integer, .string: true
        }
    }

    /// Whether no object in the value has a member twice; letter case matters.
    public var hasOnlyUniqueMembers: Bool {
        switch self {
        case .array(let values): values.allSatisfy(\.hasOnlyUniqueMembers)
        case .object(let object): object.hasUniqueNames && object.members.allSatisfy(\.value.hasOnlyUniqueMembers)
        case .null, .bool, .integer, .decimal, .string: true
        }
    }
}

extension JSONObject {
    /// Whether no member of the object itself is there twice; letter case matters.
    public var hasUniqueNames: Bool {
        members.count < 2 || Set(members.map { ExactString($0.name) }).count == members.count
    }
}
