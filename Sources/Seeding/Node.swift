import Encodings

/// An object of a seed and its place. Reading a member gives nil when it is missing or does not fit the format: that was told already.
struct Node {
    let object: JSONObject
    let place: Place

    func text(_ name: String) -> String? { object[name]?.string }
    func flag(_ name: String) -> Bool { object[name]?.bool ?? false }
    func has(_ name: String) -> Bool { object[name] != nil }
    func member(_ name: String) -> Place { place.member(name) }
    func time(_ name: String) -> Int64? { text(name).flatMap(UTCDateTime.unix(rfc3339:)) }
    func duration(_ name: String) -> Seconds? { text(name).flatMap(Seconds.init(parsing:)) }

    func choice<Choice: RawRepresentable<String>>(_ name: String, _ standard: Choice) -> Choice {
        text(name).flatMap(Choice.init) ?? standard
    }

    func strings(_ name: String) -> [String]? { object[name]?.array?.compactMap(\.string) }

    func node(_ name: String) -> Node? { object[name]?.object.map { Node(object: $0, place: member(name)) } }

    /// The objects of a list.
    func nodes(_ name: String) -> [Node] {
        (object[name]?.array ?? []).enumerated().compactMap { index, value in
            value.object.map { Node(object: $0, place: member(name).element(index)) }
        }
    }
}
