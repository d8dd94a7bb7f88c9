public import Encodings

/// An object of a document and its place. Reading a member gives nil when it is missing or has another type, which the shape's check has reported.
public struct Node {
    public let object: JSONObject
    public let place: SourceLocation

    public init(object: JSONObject, place: SourceLocation) {
        self.object = object
        self.place = place
    }

    func text(_ name: String) -> String? { object[name]?.string }
    func has(_ name: String) -> Bool { object[name] != nil }
    func member(_ name: String) -> SourceLocation { place.member(name) }
    func strings(_ name: String) -> [String]? { object[name]?.array?.compactMap(\.string) }
    /// The member of a name, if it is an object.
    public func node(_ name: String) -> Node? { object[name]?.object.map { Node(object: $0, place: member(name)) } }

    /// The objects of a list.
    public func nodes(_ name: String) -> [Node] {
        (object[name]?.array ?? []).enumerated().compactMap { index, value in
            value.object.map { Node(object: $0, place: member(name).element(index)) }
        }
    }

    /// The place of `id`, or of the whole object when its id is derived.
    var idPlace: SourceLocation { has("id") ? member("id") : place }
}
