import Model
import ResourceFormat

/// What follows from the shape that a resource has in seeds.
extension ResourceCollection {
    private var name: String { kind.rawValue }

    /// What is answered: members of a seed, those that are derived, and secrets when they are new.
    var responseShape: Shape {
        switch shape {
        case .variants(let tag, let noun, let variants):
            .variants(tag: tag, noun: noun, variants.map { ($0.value, answer($0.shape, $0.shape.name)) })
        default: .object(answer(shape.objects.first ?? ObjectShape(name: name, members: []), name))
        }
    }

    private func answer(_ object: ObjectShape, _ name: String) -> ObjectShape {
        let derived = Set(answered.map(\.name))
        let members = object.members.filter { !derived.contains($0.name) }.map(\.answered)
        return ObjectShape(
            name: name + "Answer",
            members: members + answered + [.may("details", .object(ResourceShapes.details), "Not in lists.")])
    }

    /// All members that a patch may have, of whatever variant.
    var patchShape: ObjectShape {
        let members = shape.objects.flatMap(\.members).reduce(into: [MemberShape]()) { list, member in
            if !list.contains(where: { $0.name == member.name }) { list.append(member) }
        }
        return ObjectShape(name: name, members: members)
    }
}

extension MemberShape {
    /// The same in an answer, where a secret may be next to its hash.
    fileprivate var answered: MemberShape {
        MemberShape(name: name, value: value.answered, isRequired: isRequired, documentation: documentation)
    }
}

extension Shape {
    fileprivate var answered: Shape {
        func part(_ object: ObjectShape) -> ObjectShape {
            ObjectShape(name: object.name + "Part", members: object.members.map(\.answered))
        }
        switch self {
        case .list(let element): return .list(element.answered)
        case .object(let object): return .object(part(object))
        case .textOrObject(let object): return .textOrObject(part(object))
        case .variants(let tag, let noun, let variants):
            return .variants(tag: tag, noun: noun, variants.map { ($0.value, part($0.shape)) })
        default: return self
        }
    }
}

extension Shape {
    /// The objects that it may be.
    var objects: [ObjectShape] {
        switch self {
        case .object(let object): [object]
        case .variants(_, _, let variants): variants.map(\.shape)
        default: []
        }
    }

    /// The same where it is not part of a seed, whose files extend what earlier ones have.
    var ofNew: Shape {
        switch self {
        case .list(let element): .list(element.ofNew)
        case .object(let object): .object(object.ofNew)
        default: self
        }
    }
}

extension ObjectShape {
    /// The same for a resource that has a name of its own, and not only the id of one in an earlier file.
    var ofNew: ObjectShape {
        guard atLeastOneOf == ["name", "id"] else { return self }
        return ObjectShape(
            name: "new" + name.prefix(1).uppercased() + name.dropFirst(),
            members: members.map {
                MemberShape(
                    name: $0.name, value: $0.value.ofNew, isRequired: $0.isRequired || $0.name == "name",
                    documentation: $0.documentation)
            }, exactlyOneOf: exactlyOneOf, exclusive: exclusive, rules: rules)
    }
}
