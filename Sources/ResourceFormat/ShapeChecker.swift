public import Encodings

/// Checks a document against a shape: types, unknown and missing members, values that parse.
public struct ShapeChecker {
    /// Where a document comes from.
    public enum Source: Sendable {
        /// A file that a person writes.
        case file
        /// A program, which may send null for what it leaves out. A required member that is missing is reported at the place where it belongs.
        case call
    }

    let diagnostics: Diagnostics
    private let source: Source

    public init(_ diagnostics: Diagnostics, source: Source = .file) {
        self.diagnostics = diagnostics
        self.source = source
    }

    public func check(_ value: JSON, _ shape: Shape, _ place: SourceLocation) {
        switch shape {
        case .boolean:
            if value.bool == nil { expected("true or false", value, place) }
        case .list(let element):
            guard let array = value.array else { return expected("an array", value, place) }
            for (index, item) in array.enumerated() { check(item, element, place.element(index)) }
        case .object(let object): check(value, object, place)
        case .variants(let tag, let noun, let variants): checkVariants(value, tag, noun, variants, place)
        case .textOrObject(let object):
            if let text = value.string {
                if text.isEmpty { diagnostics.add(place, "is empty; expected a name") }
            } else if value.object != nil {
                check(value, object, place)
            } else {
                expected("a string or an object", value, place)
            }
        case .metadata: checkMetadata(value, place)
        case .anyObject:
            if value.object == nil { expected("an object", value, place) }
        case .integer, .number, .oneOrList, .map, .either, .nullable, .any: checkFree(value, shape, place)
        default:
            guard let text = value.string else {
                return expected("a string", value, place, hint: Self.hint(value, shape))
            }
            if let problem = TextRules.problem(text, shape) { diagnostics.add(place, problem) }
        }
    }

    private func checkFree(_ value: JSON, _ shape: Shape, _ place: SourceLocation) {
        switch shape {
        case .integer(let range):
            if let number = value.wholeNumber, range.contains(number) { return }
            expected("a whole number from \(range.lowerBound) to \(range.upperBound)", value, place, shown: true)
        case .number(let range):
            if let number = value.number, range.contains(number) { return }
            expected("a number from \(range.lowerBound) to \(range.upperBound)", value, place, shown: true)
        case .oneOrList(let element):
            check(value, value.array == nil ? element : .list(element), place)
        case .map(let element):
            guard let object = value.object else { return expected("an object", value, place) }
            for member in object.members { check(member.value, element, place.member(member.name)) }
        case .either(let other, let object): check(value, value.object == nil ? other : .object(object), place)
        case .nullable(let other):
            if value != .null { check(value, other, place) }
        default: break
        }
    }

    /// How a number or boolean is written as the string that it should be.
    private static func hint(_ value: JSON, _ shape: Shape) -> String? {
        switch (value, shape) {
        case (.integer(let number), .duration): number >= 0 ? "write \"\(number)s\" for seconds" : nil
        case (.integer, _), (.bool, _), (.decimal, .text), (.decimal, .phone), (.decimal, .id):
            "write \"\(value.text)\""
        default: nil
        }
    }

    private func expected(
        _ what: String, _ value: JSON, _ place: SourceLocation, hint: String? = nil, shown: Bool = false
    ) {
        var found: String { shown && value.number != nil ? String(value.text.prefix(60)) : value.kind }
        diagnostics.add(place, "is \(found); expected \(what)\(hint.map { ": \($0)" } ?? "")")
    }

    private func checkMetadata(_ value: JSON, _ place: SourceLocation) {
        guard let object = value.object else { return expected("an object of strings", value, place) }
        for member in object.members where member.value.string == nil {
            let here = place.member(member.name)
            guard let bytes = member.value.object, bytes.members.count == 1, let text = bytes["base64"]?.string else {
                expected("a string", member.value, here, hint: Self.hint(member.value, .text(minimumLength: 0)))
                continue
            }
            if Base64.decoded(Array(text.utf8)) == nil { diagnostics.add(here.member("base64"), "is not base64") }
        }
    }

    private func check(_ value: JSON, _ shape: ObjectShape, _ place: SourceLocation) {
        guard let object = value.object else { return expected("an object", value, place) }
        var present: Set<String> = []
        for member in object.members where !member.name.hasPrefix("x-") {
            if source == .call, member.value == .null, shape.member(member.name) != nil { continue }
            if let known = shape.member(member.name) {
                present.insert(member.name)
                check(member.value, known.value, place.member(member.name))
            } else {
                diagnostics.add(place.member(member.name), "unknown member; \(hint(member.name, shape))")
            }
        }
        for member in shape.members where member.isRequired && !present.contains(member.name) {
            switch source {
            case .file: diagnostics.add(place, "has no member \"\(member.name)\", which is required")
            case .call: diagnostics.add(place.member(member.name), "is missing, and is required")
            }
        }
        checkRules(shape, present, place)
    }

    private func hint(_ name: String, _ shape: ObjectShape) -> String {
        let names = shape.members.map(\.name).filter { $0 != "$schema" }
        return Similarity.nearest(to: name, in: names).map { "did you mean \"\($0)\"?" }
            ?? "known are \(names.joined(separator: ", ")), and names that start with x-"
    }

    private func checkRules(_ shape: ObjectShape, _ present: Set<String>, _ place: SourceLocation) {
        if !shape.exactlyOneOf.isEmpty {
            let given = shape.exactlyOneOf.filter(present.contains)
            if given.count != 1 {
                let found = given.isEmpty ? "none of them" : given.map { "\"\($0)\"" }.joined(separator: " and ")
                diagnostics.add(place, "has \(found); expected exactly one of \(alternatives(shape.exactlyOneOf))")
            }
        }
        if !shape.atLeastOneOf.isEmpty, !shape.atLeastOneOf.contains(where: present.contains) {
            diagnostics.add(
                place, "has no member \(alternatives(shape.atLeastOneOf)); at least one of them is required")
        }
        for set in shape.exclusive {
            let given = set.filter(present.contains)
            if given.count > 1 {
                let found = given.map { "\"\($0)\"" }.joined(separator: " and ")
                diagnostics.add(place, "has \(found); expected only one of them")
            }
        }
    }

    private func checkVariants(
        _ value: JSON, _ tag: String, _ noun: String, _ variants: [(value: String, shape: ObjectShape)],
        _ place: SourceLocation
    ) {
        guard let object = value.object else { return expected("an object", value, place) }
        let names = variants.map(\.value)
        guard let tagValue = object[tag] else {
            return diagnostics.add(place, "has no member \"\(tag)\", which is required; use \(alternatives(names))")
        }
        guard let name = tagValue.string, let variant = variants.first(where: { $0.value == name }) else {
            let near = tagValue.string.flatMap { Similarity.nearest(to: $0, in: names) }
            let hint = near.map { "did you mean \"\($0)\"?" } ?? "use \(alternatives(names))"
            return diagnostics.add(
                place.member(tag), "\(tagValue.string.map(TextRules.quoted) ?? tagValue.text) is not \(noun); \(hint)")
        }
        check(value, variant.shape, place)
    }
}

extension JSON {
    fileprivate var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .decimal(let text): Double(text)
        default: nil
        }
    }
}
