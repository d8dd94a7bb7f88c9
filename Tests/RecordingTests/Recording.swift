import Encodings
import TestSupport

/// What one running ZITADEL server answered to all cases.
struct Recording {
    struct Case {
        let id: String
        let title: String
        let endpoint: String
        /// Why the case has no answers; nil when it has.
        let notRecorded: String?
        /// What a server must be able to do for the case, such as a movable clock.
        let needs: [String]
        let steps: [JSONObject]
        /// The answers to those steps that are requests.
        let answers: [JSONObject]
        /// Changes that undo those of the steps.
        var cleanup: [JSONObject] = []
    }

    struct Unreadable: Error {
        let file: String
    }

    let cases: [Case]
    /// How the tokens are got that several cases share.
    let recipes: JSONObject

    static let base = "2026-07"
    static let older = ["v4.13", "v3.4", "v2.71"]

    /// Reads a recording: the base, or an older version as its differences from the base.
    init(version: String) throws {
        let base = try Self.read(Self.base)
        recipes = base["tokens"]?.object ?? [:]
        var list = (base["cases"]?.array ?? []).compactMap(\.object)
        if version != Self.base {
            let overlay = try Self.read(version)
            let missing = overlay["missing"]?.array?.compactMap(\.string) ?? []
            list.removeAll { missing.contains($0["id"]?.string ?? "") }
            for change in (overlay["cases"]?.array ?? []).compactMap(\.object) { Self.apply(change, to: &list) }
        }
        cases = list.map(Self.readCase)
    }

    /// Reads random sequences, which one version answered.
    init(random name: String) throws {
        let file = try Self.read(name)
        recipes = file["tokens"]?.object ?? [:]
        cases = (file["cases"]?.array ?? []).compactMap(\.object).map(Self.readCase)
    }

    static func read(_ name: String) throws -> JSONObject {
        let path = "\(packageRoot)/Tests/Recordings/\(name).json"
        guard let text = readText(path), let object = try JSONParser.parse(text.utf8).object else {
            throw Unreadable(file: path)
        }
        return object
    }

    private static func apply(_ change: JSONObject, to list: inout [JSONObject]) {
        guard let index = list.firstIndex(where: { $0["id"] == change["id"] }) else {
            if let added = change["case"]?.object { list.append(added) }
            return
        }
        for place in change["differences"]?.array ?? [] {
            guard let pair = place.array, pair.count == 2, let pointer = pair[0].string else { continue }
            let parts = pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
                unescaped(String($0))
            }
            if let changed = replaced(.object(list[index]), parts[...], pair[1]).object { list[index] = changed }
        }
    }

    /// RFC 6901 section 4
    private static func unescaped(_ part: String) -> String {
        part.replacing("~1", with: "/").replacing("~0", with: "~")
    }

    private static func replaced(_ value: JSON, _ pointer: ArraySlice<String>, _ new: JSON) -> JSON {
        guard let head = pointer.first else { return new }
        switch value {
        case .object(var object):
            for index in object.members.indices where object.members[index].name == head {
                object.members[index].value = replaced(object.members[index].value, pointer.dropFirst(), new)
            }
            return .object(object)
        case .array(var array):
            if let index = Int(head), array.indices.contains(index) {
                array[index] = replaced(array[index], pointer.dropFirst(), new)
            }
            return .array(array)
        default: return value
        }
    }

    private static func readCase(_ object: JSONObject) -> Case {
        func objects(_ name: String) -> [JSONObject] { object[name]?.array?.compactMap(\.object) ?? [] }
        return Case(
            id: object["id"]?.string ?? "", title: object["title"]?.string ?? "",
            endpoint: object["endpoint"]?.string ?? "",
            notRecorded: object["notRecorded"]?.string, needs: object["needs"]?.array?.compactMap(\.string) ?? [],
            steps: objects("steps"),
            answers: objects("answers"), cleanup: objects("cleanup"))
    }
}
