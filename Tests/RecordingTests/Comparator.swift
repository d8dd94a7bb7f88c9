import Encodings

/// One way in which two answers differ.
struct Difference: Equatable, CustomStringConvertible {
    let what: String
    let expected: String
    let got: String

    var description: String { "\(what): expected \(Self.short(expected)) got \(Self.short(got))" }

    private static func short(_ text: String) -> String { text.count > 300 ? text.prefix(297) + "..." : text }
}

/// Compares two normalized answers to the byte: status, headers, values, the order of members, the spelling of the JSON.
enum Comparator {
    /// - Parameter options: of the recorded step: `ignore` names members and headers, `first` names lists of which the first element counts, `prefix` is
    ///   how much of a text counts.
    static func differences(_ expected: JSONObject, _ got: JSONObject, _ options: JSONObject = [:]) -> [Difference] {
        var found: [Difference] = []
        func note(_ what: String, _ expected: JSON?, _ got: JSON?) {
            found.append(Difference(what: what, expected: expected?.text ?? "(absent)", got: got?.text ?? "(absent)"))
        }
        let ignored = options["ignore"]?.array?.compactMap(\.string) ?? []
        if expected["status"] != got["status"] { note("status", expected["status"], got["status"]) }
        for name in Normalizer.headers where !ignored.contains(name) {
            let (before, after) = (expected["headers"]?.object?[name], got["headers"]?.object?[name])
            if before != after { note("header \(name)", before, after) }
        }
        let (before, after) = (expected["body"]?.object ?? [:], got["body"]?.object ?? [:])
        guard before["kind"] == after["kind"] else {
            note("body", .object(before), .object(after))
            return found
        }
        if let old = before["value"], let new = after["value"] {
            let first = options["first"]?.array?.compactMap(\.string) ?? []
            compare(cut(old, first), cut(new, first), "", ignored, note)
            if before["spelling"] != after["spelling"] { note("spelling", before["spelling"], after["spelling"]) }
        } else if before["text"] != after["text"] {
            let prefix = options["prefix"]?.string ?? ""
            let isSame =
                !prefix.isEmpty && [before, after].allSatisfy { $0["text"]?.string?.hasPrefix(prefix) == true }
            if !isSame { note("text", before["text"], after["text"]) }
        }
        return found
    }

    private static func cut(_ value: JSON, _ names: [String]) -> JSON {
        guard var object = value.object else { return value }
        for index in object.members.indices where names.contains(object.members[index].name) {
            if let list = object.members[index].value.array {
                object.members[index].value = .array(Array(list.prefix(1)))
            }
        }
        return .object(object)
    }

    private static func compare(
        _ expected: JSON, _ got: JSON, _ path: String, _ ignored: [String], _ note: (String, JSON?, JSON?) -> Void
    ) {
        switch (expected, got) {
        case (.object(let before), .object(let after)):
            let names = { (object: JSONObject) in object.members.map(\.name).filter { !ignored.contains($0) } }
            for name in names(before) {
                if let value = before[name], let other = after[name] {
                    compare(value, other, "\(path)/\(name)", ignored, note)
                } else {
                    note("\(path)/\(name)", before[name], nil)
                }
            }
            for name in names(after) where before[name] == nil { note("\(path)/\(name)", nil, after[name]) }
            if Set(names(before)) == Set(names(after)), names(before) != names(after) {
                note(
                    "order of members at \(path.isEmpty ? "/" : path)", .strings(names(before)), .strings(names(after)))
            }
        case (.array(let before), .array(let after)) where before.count == after.count:
            for (index, pair) in zip(before, after).enumerated() {
                compare(pair.0, pair.1, "\(path)/\(index)", ignored, note)
            }
        default: if expected != got { note(path.isEmpty ? "/" : path, expected, got) }
        }
    }
}
