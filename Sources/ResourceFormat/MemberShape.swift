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
