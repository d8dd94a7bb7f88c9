public import Encodings

/// A resource as JSON, described once: its members with their documentation, shape, default, and both directions.
///
/// The check of documents, the JSON Schema, decoding, encoding and merge patches all follow from it.
public struct Format<Root: Sendable>: Sendable {
    let fields: [Field<Root>]
    /// What documents must look like.
    public let shape: ObjectShape

    /// - Parameters:
    ///   - defaults: a resource in which every member has its default.
    ///   - listLimit: how many another resource has at most.
    init(
        _ name: String, defaults: Root, _ fields: [Field<Root>], exactlyOneOf: [String] = [],
        atLeastOneOf: [String] = [], exclusive: [[String]] = [], listLimit: Int? = nil
    ) {
        self.fields = fields
        let members = fields.map { field in
            let standard = field.describeDefault(defaults).map { "Default: \($0)." }
            return MemberShape(
                name: field.name, value: field.shape, isRequired: field.isRequired,
                documentation: [field.documentation, standard].compactMap { $0 }.filter { !$0.isEmpty }
                    .joined(separator: " "))
        }
        var shape = ObjectShape(
            name: name, members: members, exactlyOneOf: exactlyOneOf, atLeastOneOf: atLeastOneOf, exclusive: exclusive)
        shape.listLimit = listLimit
        self.shape = shape
    }

    /// Sets the members that an object has. The object has been checked against the shape; what is wrong with a member was reported then.
    func decode(_ node: Node, into root: inout Root, _ decoder: ResourceDecoder?) {
        for field in fields {
            guard let decode = field.decode, let value = node.object[field.name] else { continue }
            decode(value, &root, FieldContext(node: node, name: field.name, decoder: decoder))
        }
    }

    /// Reads an object that `encode` wrote, which needs no check and names nothing outside of itself. What does not fit is ignored.
    public func decode(_ object: JSONObject, into root: inout Root) {
        decode(Node(object: object, location: SourceLocation(file: "")), into: &root, nil)
    }

    /// Writes all members, without those that have another resource as value.
    public func encode(_ root: Root) -> JSONObject {
        var object = JSONObject()
        for field in fields {
            if let value = field.encode?(root) { object.append(field.name, value) }
        }
        return object
    }

    /// The document of a resource after a merge patch (RFC 7396), to be checked and decoded like a new one.
    ///
    /// Of members that exclude each other, the one in the patch replaces the others: a new `clientSecret` the hash of the old one.
    /// - Parameter omitted: members that are left out unless the patch has them, so that they are derived anew.
    public func patched(_ root: Root, with patch: JSONObject, without omitted: [String] = []) -> JSONObject {
        var document = encode(root)
        document.members.removeAll { omitted.contains($0.name) }
        let sets = shape.exclusive + [shape.exactlyOneOf]
        let names = Set(sets.joined())
        let sent = Set(patch.members.filter { names.contains($0.name) && $0.value != .null }.map(\.name))
        for set in sets where set.contains(where: sent.contains) {
            document.members.removeAll { set.contains($0.name) && !sent.contains($0.name) }
        }
        return JSON.object(document).merged(with: .object(patch)).object ?? document
    }
}
