/// Where a member is read, and what reading it may need.
struct FieldContext {
    /// The object that has the member.
    let node: Node
    let name: String
    private let given: ResourceDecoder?

    /// - Parameter decoder: nil for an object that the program wrote itself, which needs one nearly never.
    init(node: Node, name: String, decoder: ResourceDecoder?) {
        self.node = node
        self.name = name
        given = decoder
    }

    var decoder: ResourceDecoder {
        given
            ?? ResourceDecoder(
                DecodingEnvironment(now: 0, randomBytes: { _ in [] }, newID: { _, _ in "" }), diagnostics: Diagnostics()
            )
    }

    var location: SourceLocation { node.member(name) }
}
