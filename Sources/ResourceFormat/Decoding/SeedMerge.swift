import Encodings
import Model

/// Makes one document of several files: a later one extends what earlier ones describe, and replaces members of it.
///
/// Nothing is checked here. What cannot be merged, such as the second object of one name in the same file, is kept next to the first, and is then
/// reported like any other duplicate.
struct SeedMerge {
    /// What becomes of a member that both files have.
    private indirect enum Rule: Sendable {
        case replaced
        /// Elements are added.
        case appended
        /// Elements are added that are not there yet.
        case united
        /// An object whose members are merged.
        case object([String: Rule])
        /// A list of objects that are known by a name, in which those of the same name are merged.
        case named(Kind)
    }

    /// What a list of named objects holds.
    private struct Kind: Sendable {
        /// The member that names one.
        let name: String
        /// A further member that distinguishes those of one name.
        var qualifier: String?
        /// nil for one that has no id.
        let id: Resource.Kind?
        var rules: [String: Rule] = [:]
        /// Of each of these sets of members, the one of the later file replaces the others.
        var exclusive: [[String]] = []
    }

    private static let app = Kind(
        name: "name", id: .app, rules: ["keys": .appended],
        // An app has a secret or keys.
        exclusive: Formats.format(of: App.Kind.api).shape.exclusive.flatMap { secrets in
            [secrets] + secrets.map { [$0, "keys"] }
        })
    private static let user = Kind(
        name: "userName", id: .user,
        rules: [
            "keys": .appended, "personalAccessTokens": .appended, "metadata": .object([:]),
            "grants": .named(Kind(name: "project", qualifier: "organization", id: nil, rules: ["roles": .united])),
        ],
        exclusive: User.KindName.allCases.flatMap { Formats.format(of: $0).shape.exclusive })
    private static let project = Kind(
        name: "name", id: .project,
        rules: [
            "roles": .named(Kind(name: "key", id: nil)), "apps": .named(app),
            "grants": .named(Kind(name: "organization", id: nil, rules: ["roles": .united])),
        ])
    private static let organization = Kind(
        name: "name", id: .organization,
        rules: ["domains": .united, "projects": .named(project), "users": .named(user)])
    private static let seed: [String: Rule] = [
        "instance": .object(["lifetimes": .object([:])]), "organizations": .named(organization),
    ]

    let newID: (_ kind: String, _ path: [String]) -> String

    /// One document with the members of all.
    func merged(_ documents: [Node]) -> Node? {
        guard var result = documents.first else { return nil }
        for document in documents.dropFirst() { result = merged(result, document, Self.seed, path: []) }
        return result
    }

    /// - Parameter path: the names of the enclosing objects and of this one.
    private func merged(_ base: Node, _ later: Node, _ rules: [String: Rule], path: [String]) -> Node {
        var result = base
        for (name, value) in later.object.members.map({ ($0.name, $0.value) }) {
            let rule = base.has(name) ? rules[name] ?? .replaced : .replaced
            switch rule {
            case .replaced:
                result.replace(name, by: value, at: later.member(name))
            case .object(let rules):
                if let old = base.node(name), let new = later.node(name) {
                    result.replace(name, by: merged(old, new, rules, path: path))
                }
            case .appended:
                result.replace(name, by: base.elements(name) + later.elements(name))
            case .united:
                let known = Set(base.elements(name).map(\.value.text))
                let added = later.elements(name).filter { !known.contains($0.value.text) }
                result.replace(name, by: base.elements(name) + added)
            case .named(let kind):
                result.replace(name, by: merged(base.elements(name), later.elements(name), kind, path))
            }
        }
        return result
    }

    private func merged(
        _ base: [Node.Element], _ later: [Node.Element], _ kind: Kind, _ path: [String]
    ) -> [Node.Element] {
        var result = base
        var index = Index()
        for (position, element) in base.enumerated() {
            let node = Self.node(element, kind)
            let ownID = node.flatMap { id(of: $0, kind, path) }
            index.add(node, id: ownID, named: Self.name(of: node, kind), at: position)
        }
        // What this file has described already is not described a second time.
        var touched: Set<Int> = []
        for element in later {
            guard let node = Self.node(element, kind),
                let position = index.position(of: node, named: Self.name(of: node, kind)),
                touched.insert(position).inserted,
                let old = Self.node(result[position], kind), Self.isSame(old, as: node, of: kind)
            else {
                result.append(element)
                continue
            }
            var kept = old
            for set in kind.exclusive where set.contains(where: node.has) {
                for member in set where !node.has(member) { kept.remove(member) }
            }
            let name = old.text(kind.name) ?? ""
            result[position] = Node.Element(merged(kept, node, kind.rules, path: path + [name]))
        }
        return result
    }

    /// An element as an object; a role may be its key alone.
    private static func node(_ element: Node.Element, _ kind: Kind) -> Node? {
        if kind.id == nil, let key = element.value.string {
            var node = Node(object: [:], location: element.location)
            node.replace(kind.name, by: .string(key), at: element.location)
            return node
        }
        return element.node
    }

    /// What is unique in a list besides the id: the name, and what distinguishes those of one name.
    private static func name(of node: Node?, _ kind: Kind) -> ExactString? {
        node?.text(kind.name).map { name in
            ExactString(name + (kind.qualifier.flatMap { node?.text($0) }.map { "\0" + $0 } ?? ""))
        }
    }

    /// Whether neither name nor type say that something else is meant.
    private static func isSame(_ old: Node, as new: Node, of kind: Kind) -> Bool {
        [kind.name, "type"].allSatisfy { member in
            guard let before = old.text(member), let after = new.text(member) else { return true }
            return before.hasSameBytes(as: after)
        }
    }

    /// The id that an object has or will have.
    private func id(of node: Node, _ kind: Kind, _ path: [String]) -> String? {
        if let id = node.text("id") { return id }
        guard let id = kind.id else { return nil }
        return node.text(kind.name).map { newID(id.noun, path + [$0]) }
    }

    /// Where objects are in a list, by id and by name.
    private struct Index {
        private var ids: [String: Int] = [:]
        private var names: [ExactString: Int] = [:]
        /// Those whose ids are derived from their names.
        private var unnumbered: Set<Int> = []

        mutating func add(_ node: Node?, id: String?, named name: ExactString?, at position: Int) {
            if let id, ids[id] == nil { ids[id] = position }
            if let node, !node.has("id") { unnumbered.insert(position) }
            if let name, names[name] == nil { names[name] = position }
        }

        /// An object with an id is the one with that id; if there is none, the one with its name that was described without an id.
        func position(of node: Node, named name: ExactString?) -> Int? {
            let sameName = name.flatMap { names[$0] }
            guard let id = node.text("id") else { return sameName }
            return ids[id] ?? sameName.flatMap { unnumbered.contains($0) ? $0 : nil }
        }
    }
}
