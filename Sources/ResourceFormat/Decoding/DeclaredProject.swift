/// A project, and the object that it was read from.
public struct DeclaredProject {
    public let id: String
    public let node: Node
}
