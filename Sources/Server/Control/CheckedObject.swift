import Encodings
import Provider
import ResourceFormat

/// An object that fits its description: the body of a call, a member of it, or the parameters of its query. It is read, and not checked again.
///
/// A member that is absent or null is read as nil.
struct CheckedObject {
    private let object: JSONObject

    /// - Parameter object: one that was checked.
    init(_ object: JSONObject) { self.object = object }

    /// Checks an object.
    /// - Throws: `Problem` with everything that is wrong.
    init(_ object: JSONObject, as shape: ObjectShape) throws(Problem) {
        let diagnostics = Diagnostics()
        ShapeChecker(diagnostics, source: .call).check(.object(object), .object(shape), SourceLocation(file: ""))
        guard diagnostics.problems.isEmpty else {
            throw Problem(invalidBody: diagnostics.problems.map { ($0.pointer ?? "", $0.message) })
        }
        self.object = object
    }

    private func value(_ name: String) -> JSON? { object[name].flatMap { $0 == .null ? nil : $0 } }

    func has(_ name: String) -> Bool { value(name) != nil }

    func text(_ name: String) -> String? { value(name)?.string }
    func bool(_ name: String) -> Bool? { value(name)?.bool }
    func integer(_ name: String) -> Int? { value(name)?.wholeNumber.map(Int.init) }
    func number(_ name: String) -> Double? { value(name)?.number }
    func texts(_ name: String) -> [String]? { value(name)?.array?.compactMap(\.string) }
    /// A string, or an array of strings.
    func textOrTexts(_ name: String) -> [String]? { text(name).map { [$0] } ?? texts(name) }
    func choice<Value: RawRepresentable<String>>(_ name: String, _: Value.Type) -> Value? {
        text(name).flatMap(Value.init)
    }

    func object(_ name: String) -> JSONObject? { value(name)?.object }
    func member(_ name: String) -> CheckedObject? { object(name).map { CheckedObject($0) } }

    /// From a duration such as "13h", "-90s" or "200ms".
    func milliseconds(_ name: String) -> Int64? { text(name).flatMap { GoDuration($0)?.milliseconds } }
    func seconds(_ name: String) -> Int64? { milliseconds(name).map { $0 / 1000 } }
    func time(_ name: String) -> Timestamp? {
        text(name).flatMap(UTCDateTime.unix(rfc3339:)).map { Timestamp(seconds: $0) }
    }

    /// All members, which are strings.
    var texts: [(name: String, value: String)] {
        object.members.compactMap { member in member.value.string.map { (member.name, $0) } }
    }

    /// As it was sent, without members that are null.
    var withoutNulls: JSONObject { JSON.object(object).withoutNulls.object ?? [:] }
}

extension ObjectRule {
    /// A rule for an object whose members fit their shapes.
    init(_ problem: @escaping @Sendable (CheckedObject) -> (place: [String], message: String)?) {
        self.init(problem: { problem(CheckedObject($0)) })
    }
}
