import Encodings
import Provider
import ResourceFormat

/// Reads the members of a JSON object and collects everything that is wrong with them, unknown members included.
final class BodyReader {
    private let object: JSONObject
    private let pointer: String
    private let problems: ProblemList
    private var known: Set<String> = []

    /// What all readers of a body found.
    final class ProblemList {
        var all: [(pointer: String, detail: String)] = []
    }

    init(_ object: JSONObject, at pointer: String = "", _ problems: ProblemList = ProblemList()) {
        self.object = object
        self.pointer = pointer
        self.problems = problems
    }

    private func place(_ name: String) -> String { JSONPointer.appending(name, to: pointer) }

    func report(_ name: String, _ detail: String) { problems.all.append((place(name), detail)) }

    /// The value of a member; nil when it is absent or null.
    private func value(_ name: String) -> JSON? {
        known.insert(name)
        return object[name].flatMap { $0 == .null ? nil : $0 }
    }

    func isObject(_ name: String) -> Bool { object[name]?.object != nil }
    func has(_ name: String) -> Bool { object[name] != nil }

    private func read<Value>(_ name: String, _ expected: String, _ convert: (JSON) -> Value?) -> Value? {
        guard let value = value(name) else { return nil }
        guard let converted = convert(value) else {
            report(name, "is \(value.kind); expected \(expected)")
            return nil
        }
        return converted
    }

    func text(_ name: String) -> String? { read(name, "a string") { $0.string } }
    func bool(_ name: String) -> Bool? {
        read(name, "true or false") { if case .bool(let value) = $0 { value } else { nil } }
    }
    func object(_ name: String) -> JSONObject? { read(name, "an object") { $0.object } }

    func integer(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
        read(name, "a whole number from \(range.lowerBound) to \(range.upperBound)") {
            $0.wholeNumber.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
        read(name, "a number from \(range.lowerBound) to \(range.upperBound)") { json in
            let number: Double? =
                switch json {
                case .integer(let value): Double(value)
                case .decimal(let text): Double(text)
                default: nil
                }
            return number.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func texts(_ name: String) -> [String]? {
        read(name, "an array of strings") { json in
            guard let array = json.array else { return nil }
            let texts = array.compactMap(\.string)
            return texts.count == array.count ? texts : nil
        }
    }

    /// A string, or an array of strings.
    func textOrTexts(_ name: String) -> [String]? {
        object[name]?.string == nil ? texts(name) : text(name).map { [$0] }
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ name: String, _: Value.Type) -> Value?
    where Value.RawValue == String {
        guard let text = text(name) else { return nil }
        if let value = Value(rawValue: text) { return value }
        report(
            name,
            "is \"\(text.prefix(100))\"; expected one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }

    /// Milliseconds, from a duration such as "13h", "-90s" or "200ms".
    func milliseconds(_ name: String) -> Int64? {
        guard let text = text(name) else { return nil }
        if let value = GoDuration(text) { return value.milliseconds }
        report(name, "is \"\(text.prefix(100))\"; expected a duration such as \"13h\", \"-90s\" or \"200ms\"")
        return nil
    }

    func seconds(_ name: String) -> Int64? { milliseconds(name).map { $0 / 1000 } }

    func time(_ name: String) -> Timestamp? {
        guard let text = text(name) else { return nil }
        if let seconds = UTCDateTime.unix(rfc3339: text) { return Timestamp(seconds: seconds) }
        report(name, "is \"\(text.prefix(100))\"; expected a time such as \"2027-01-01T00:00:00Z\"")
        return nil
    }

    /// A reader of an object that is a member; nil when it is absent.
    func member(_ name: String) -> BodyReader? {
        object(name).map { BodyReader($0, at: place(name), problems) }
    }

    /// The members that are a name and a string each, such as headers.
    func textMembers() -> [(name: String, value: String)] {
        object.members.compactMap { member in
            known.insert(member.name)
            guard member.value != .null else { return nil }
            if let text = member.value.string { return (member.name, text) }
            report(member.name, "is \(member.value.kind); expected a string")
            return nil
        }
    }

    /// Reports members that nothing asked for.
    func finish() {
        for member in object.members
        where problems.all.count < Diagnostics.limit && !known.contains(member.name) && !member.name.hasPrefix("x-") {
            report(member.name, "unknown member; known are \(known.sorted().joined(separator: ", "))")
        }
    }

    /// - Throws: `Problem` with everything that is wrong, also what other readers of the same body found.
    func check() throws(Problem) {
        finish()
        guard problems.all.isEmpty else { throw Problem(invalidBody: problems.all) }
    }
}
