public import Encodings

/// An object of a document and its place. Reading a member gives nil when it is missing or has another type, which the shape's check has reported.
///
/// Where several files describe the same object, its members may have places of their own.
public struct Node {
    public private(set) var object: JSONObject
    public let location: SourceLocation
    /// The places of members that come from other files.
    private var memberPositions: [String: SourceLocation] = [:]
    /// Members that are objects, some of whose members come from other files.
    private var mergedNodes: [String: Node] = [:]
    /// Members that are lists, some of whose elements come from other files.
    private var mergedElements: [String: [Element]] = [:]

    /// A value in a list.
    struct Element {
        var value: JSON
        /// The place of the value, or of the list that it is in.
        private let base: SourceLocation
        private let index: Int?
        /// The value as an object whose members may have places of their own; nil for one that is as the document has it.
        var merged: Node?

        /// nil when the value is not an object.
        var node: Node? { merged ?? value.object.map { Node(object: $0, location: location) } }

        /// Worked out when it is asked for: of most values nobody does.
        var location: SourceLocation { index.map(base.element) ?? base }

        init(value: JSON, of list: SourceLocation, at index: Int) {
            self.value = value
            base = list
            self.index = index
        }

        init(_ node: Node) {
            value = .object(node.object)
            base = node.location
            index = nil
            merged = node
        }
    }

    public init(object: JSONObject, location: SourceLocation) {
        self.object = object
        self.location = location
    }

    func text(_ name: String) -> String? { object[name]?.string }
    func has(_ name: String) -> Bool { object[name] != nil }
    func member(_ name: String) -> SourceLocation { memberPositions[name] ?? location.member(name) }
    func strings(_ name: String) -> [String]? { object[name]?.array?.compactMap(\.string) }

    /// The member of a name, if it is an object.
    public func node(_ name: String) -> Node? {
        mergedNodes[name] ?? object[name]?.object.map { Node(object: $0, location: member(name)) }
    }

    /// The values of a list.
    func elements(_ name: String) -> [Element] {
        if let merged = mergedElements[name] { return merged }
        guard let values = object[name]?.array else { return [] }
        let location = member(name)
        return values.enumerated().map { Element(value: $1, of: location, at: $0) }
    }

    /// The objects of a list.
    public func nodes(_ name: String) -> [Node] { elements(name).compactMap(\.node) }

    /// The place of `id`, or of the whole object when its id is derived.
    var idLocation: SourceLocation { has("id") ? member("id") : location }

    // MARK: Merging

    /// Sets a member, forgetting what it was.
    mutating func replace(_ name: String, by value: JSON, at location: SourceLocation) {
        object.set(name, value)
        memberPositions[name] = location
        mergedNodes[name] = nil
        mergedElements[name] = nil
    }

    mutating func replace(_ name: String, by node: Node) {
        replace(name, by: .object(node.object), at: node.location)
        mergedNodes[name] = node
    }

    mutating func replace(_ name: String, by elements: [Element]) {
        replace(name, by: .array(elements.map(\.value)), at: member(name))
        mergedElements[name] = elements
    }

    mutating func remove(_ name: String) { object.members.removeAll { $0.name == name } }
}
