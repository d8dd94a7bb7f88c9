/// An organization, and the object that it was read from.
public struct DeclaredOrganization {
    public let id: String
    public let node: Node
}
