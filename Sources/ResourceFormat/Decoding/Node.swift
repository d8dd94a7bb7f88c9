public import Encodings

/// An object of a document and its place. Reading a member gives nil when it is missing or has another type, which the shape's check has reported.
///
/// Where several files describe the same object, its members may have places of their own.
public struct Node {
    public private(set) var object: JSONObject
    public let place: SourceLocation
    /// The places of members that come from other files.
    private var memberPlaces: [String: SourceLocation] = [:]
    /// Members that are objects, some of whose members come from other files.
    private var mergedNodes: [String: Node] = [:]
    /// Members that are lists, some of whose elements come from other files.
    private var mergedElements: [String: [Element]] = [:]

    /// A value in a list.
    struct Element {
        var value: JSON
        let place: SourceLocation
        /// The value as an object whose members may have places of their own; nil for one that is as the document has it.
        var merged: Node?

        /// nil when the value is no object.
        var node: Node? { merged ?? value.object.map { Node(object: $0, place: place) } }

        init(value: JSON, place: SourceLocation) {
            self.value = value
            self.place = place
        }

        init(_ node: Node) {
            value = .object(node.object)
            place = node.place
            merged = node
        }
    }

    public init(object: JSONObject, place: SourceLocation) {
        self.object = object
        self.place = place
    }

    func text(_ name: String) -> String? { object[name]?.string }
    func has(_ name: String) -> Bool { object[name] != nil }
    func member(_ name: String) -> SourceLocation { memberPlaces[name] ?? place.member(name) }
    func strings(_ name: String) -> [String]? { object[name]?.array?.compactMap(\.string) }

    /// The member of a name, if it is an object.
    public func node(_ name: String) -> Node? {
        mergedNodes[name] ?? object[name]?.object.map { Node(object: $0, place: member(name)) }
    }

    /// The values of a list.
    func elements(_ name: String) -> [Element] {
        mergedElements[name]
            ?? (object[name]?.array ?? []).enumerated().map { Element(value: $1, place: member(name).element($0)) }
    }

    /// The objects of a list.
    public func nodes(_ name: String) -> [Node] { elements(name).compactMap(\.node) }

    /// The place of `id`, or of the whole object when its id is derived.
    var idPlace: SourceLocation { has("id") ? member("id") : place }

    // MARK: Merging

    /// Sets a member, forgetting what it was.
    mutating func replace(_ name: String, by value: JSON, at place: SourceLocation) {
        object.set(name, value)
        memberPlaces[name] = place
        mergedNodes[name] = nil
        mergedElements[name] = nil
    }

    mutating func replace(_ name: String, by node: Node) {
        replace(name, by: .object(node.object), at: node.place)
        mergedNodes[name] = node
    }

    mutating func replace(_ name: String, by elements: [Element]) {
        replace(name, by: .array(elements.map(\.value)), at: member(name))
        mergedElements[name] = elements
    }

    mutating func remove(_ name: String) { object.members.removeAll { $0.name == name } }
}
