public import Encodings

/// Checks a document against a shape: types, unknown and missing members, values that parse.
public struct ShapeChecker {
    /// Where a document comes from.
    public enum Source: Sendable {
        /// A file that a human writes.
        case file
        /// A program, which may send null for what it leaves out. A required member that is missing is reported at the place where it belongs.
        case call
    }

    /// Members of an object among which a mistyped one is looked for.
    private static let mostSearched = 1000

    let diagnostics: Diagnostics
    private let source: Source

    public init(_ diagnostics: Diagnostics, source: Source = .file) {
        self.diagnostics = diagnostics
        self.source = source
    }

    /// Reports what of a value does not fit a shape.
    public func check(_ value: JSON, _ shape: Shape, _ location: @autoclosure () -> SourceLocation) {
        switch shape {
        case .boolean:
            if value.bool == nil { expected("true or false", value, location()) }
        case .list(let element):
            guard let array = value.array else { return expected("an array", value, location()) }
            if let limit = element.elementLimit, array.count > limit {
                return diagnostics.addExcess(location(), "has \(array.count) elements; at most \(limit) are allowed")
            }
            checkElements(array, element, location())
        case .object(let object): check(value, object, location())
        case .variants(let tag, let noun, let variants):
            checkVariants(value, tag: tag, noun: noun, variants, location())
        case .textOrObject(let object):
            if value.string != nil {
                check(value, .name, location())
            } else if value.object != nil {
                check(value, object, location())
            } else {
                expected("a string or an object", value, location())
            }
        case .metadata: checkMetadata(value, location())
        case .anyObject:
            if value.object == nil { expected("an object", value, location()) }
        case .integer, .number, .oneOrList, .map, .either, .nullable, .any: checkFree(value, shape, location())
        default:
            guard let text = value.string else {
                return expected("a string", value, location(), hint: Self.hint(value, shape))
            }
            if text.utf8.contains(0) {
                diagnostics.add(location(), "holds the character U+0000, which ZITADEL's database cannot hold")
            } else if let problem = TextRules.problem(text, shape, isShown: !diagnostics.isFull) {
                diagnostics.add(location(), problem)
            }
        }
    }

    private func checkElements(_ array: [JSON], _ element: Shape, _ location: @autoclosure () -> SourceLocation) {
        // A description is taken out once: it is large.
        switch element {
        case .object(let object):
            for (index, item) in array.enumerated() { check(item, object, location().element(index)) }
        case .variants(let tag, let noun, let variants):
            for (index, item) in array.enumerated() {
                checkVariants(item, tag: tag, noun: noun, variants, location().element(index))
            }
        default:
            for (index, item) in array.enumerated() { check(item, element, location().element(index)) }
        }
    }

    private func checkFree(_ value: JSON, _ shape: Shape, _ location: @autoclosure () -> SourceLocation) {
        switch shape {
        case .integer(let range):
            if let number = value.wholeNumber, range.contains(number) { return }
            expected("a whole number from \(range.lowerBound) to \(range.upperBound)", value, location(), shown: true)
        case .number(let range):
            if let number = value.number, range.contains(number) { return }
            expected("a number from \(range.lowerBound) to \(range.upperBound)", value, location(), shown: true)
        case .oneOrList(let element):
            check(value, value.array == nil ? element : .list(element), location())
        case .map(let element):
            guard let object = value.object else { return expected("an object", value, location()) }
            for member in object.members { check(member.value, element, location().member(member.name)) }
        case .either(let other, let object): check(value, value.object == nil ? other : .object(object), location())
        case .nullable(let other):
            if value != .null { check(value, other, location()) }
        default: break
        }
    }

    /// How a number or boolean is written as the string that it should be; nil when it would not be valid as such.
    private static func hint(_ value: JSON, _ shape: Shape) -> String? {
        if case .path = shape { return nil }
        switch value {
        case .integer, .decimal, .bool:
            if TextRules.problem(value.text, shape) == nil { return "write \"\(value.text)\"" }
            return TextRules.problem(value.text + "s", shape) == nil && TextRules.isDuration(shape)
                ? "write \"\(value.text)s\" for seconds" : nil
        default: return nil
        }
    }

    private func expected(
        _ what: @autoclosure () -> String, _ value: JSON, _ location: @autoclosure () -> SourceLocation,
        hint: @autoclosure () -> String? = nil, shown: Bool = false
    ) {
        var found: String { shown && value.number != nil ? String(value.text.prefix(60)) : value.kind }
        diagnostics.add(location(), "is \(found); expected \(what())\(hint().map { ": \($0)" } ?? "")")
    }

    private func checkMetadata(_ value: JSON, _ location: @autoclosure () -> SourceLocation) {
        guard let object = value.object else { return expected("an object of strings", value, location()) }
        guard object.members.count <= Shape.countLimit else {
            return diagnostics.addExcess(
                location(), "has \(object.members.count) entries; at most \(Shape.countLimit) are allowed")
        }
        for member in object.members {
            if let problem = TextRules.problem(member.name, .name) {
                diagnostics.add(location(), "the key \(TextRules.quoted(member.name)) \(problem)")
            }
        }
        for member in object.members where member.value.string == nil {
            guard let bytes = member.value.object, bytes.members.count == 1, let text = bytes["base64"]?.string else {
                expected(
                    "a string", member.value, location().member(member.name),
                    hint: Self.hint(member.value, .text(minimumLength: 0)))
                continue
            }
            if Base64.decoded(Array(text.utf8)) == nil {
                diagnostics.add(location().member(member.name).member("base64"), "is not base64")
            }
        }
    }

    private func check(_ value: JSON, _ shape: ObjectShape, _ location: @autoclosure () -> SourceLocation) {
        guard let object = value.object else { return expected("an object", value, location()) }
        let before = diagnostics.count
        var present: Set<String> = []
        // What is missing only because its name is mistyped is not a problem of its own.
        var meant: Set<String> = []
        for member in object.members where !member.name.hasPrefix("x-") {
            guard let known = shape.member(member.name) else {
                if let near = addUnknown(member.name, shape, location()) { meant.insert(near) }
                continue
            }
            if source == .call, member.value == .null { continue }
            present.insert(member.name)
            check(member.value, known.value, location().member(member.name))
        }
        checkPresence(shape, present: present, meant: meant, location())
        guard diagnostics.count == before else { return }
        for case let (place, message)? in shape.rules.map({ $0.problem(object) }) {
            diagnostics.add(place.reduce(location()) { $0.member($1) }, message)
        }
    }

    /// Reports an unknown member of an object.
    /// - Returns: the member that was probably meant; it is not looked for when the problem is only counted, because that takes longer than all else.
    private func addUnknown(
        _ name: String, _ shape: ObjectShape, _ location: @autoclosure () -> SourceLocation
    ) -> String? {
        guard !diagnostics.isFull else {
            diagnostics.add(location(), "")
            return nil
        }
        let names = shape.members.map(\.name).filter { $0 != "$schema" }
        let near = Self.meant(by: name, of: names)
        let hint =
            near.map { "did you mean \"\($0)\"?" }
            ?? (names.isEmpty ? "none is expected" : nil)
            ?? "known are \(names.joined(separator: ", ")), and names that start with x-"
        diagnostics.add(location().member(name), "unknown member; \(hint)")
        return near
    }

    /// The member that somebody probably meant: the nearest one, or one that the name begins with.
    private static func meant(by name: String, of names: [String]) -> String? {
        if name.hasSuffix("Path"), let file = names.first(where: { $0 == name.dropLast(4) + "File" }) { return file }
        return Similarity.nearest(to: name, in: names)
            ?? names.filter { $0.utf8.count > 3 && name.lowercased().hasPrefix($0.lowercased()) }
            .max { $0.utf8.count < $1.utf8.count }
    }

    /// The members of a shape that an object has under a mistyped name, among as many unknown ones as are reported.
    static func mistyped(in object: JSONObject, of shape: ObjectShape) -> Set<String> {
        let unknown = object.members.lazy.map(\.name).filter { !$0.hasPrefix("x-") && shape.member($0) == nil }
        let names = shape.members.map(\.name)
        return Set(unknown.prefix(Diagnostics.limit).compactMap { meant(by: $0, of: names) })
    }

    private func checkPresence(
        _ shape: ObjectShape, present: Set<String>, meant: Set<String>,
        _ location: @autoclosure () -> SourceLocation
    ) {
        for member in shape.members
        where member.isRequired && !present.contains(member.name) && !meant.contains(member.name) {
            switch source {
            case .file: diagnostics.add(location(), "has no member \"\(member.name)\", which is required")
            case .call: diagnostics.add(location().member(member.name), "is missing, and is required")
            }
        }
        checkRules(shape, present: present, meant: meant, location())
    }

    private func checkRules(
        _ shape: ObjectShape, present: Set<String>, meant: Set<String>,
        _ location: @autoclosure () -> SourceLocation
    ) {
        let isMistyped = { (names: [String]) in names.contains(where: meant.contains) }
        if !shape.exactlyOneOf.isEmpty, !isMistyped(shape.exactlyOneOf) {
            let given = shape.exactlyOneOf.filter(present.contains)
            if given.count != 1 {
                let found = given.isEmpty ? "none of them" : given.map { "\"\($0)\"" }.joined(separator: " and ")
                diagnostics.add(
                    location(), "has \(found); expected exactly one of \(alternatives(shape.exactlyOneOf))")
            }
        }
        if !shape.atLeastOneOf.isEmpty, !isMistyped(shape.atLeastOneOf),
            !shape.atLeastOneOf.contains(where: present.contains)
        {
            diagnostics.add(
                location(), "has no member \(alternatives(shape.atLeastOneOf)); at least one of them is required")
        }
        for set in shape.exclusive {
            let given = set.filter(present.contains)
            if given.count > 1 {
                let found = given.map { "\"\($0)\"" }.joined(separator: " and ")
                diagnostics.add(location(), "has \(found); expected only one of them")
            }
        }
    }

    private func checkVariants(
        _ value: JSON, tag: String, noun: String, _ variants: [(value: String, shape: ObjectShape)],
        _ location: @autoclosure () -> SourceLocation
    ) {
        guard let object = value.object else { return expected("an object", value, location()) }
        var names: [String] { variants.map(\.value) }
        guard let tagValue = object[tag] else {
            // A problem that is only counted is one in any case.
            let members = object.members.prefix(diagnostics.isFull ? 0 : Self.mostSearched)
            if let mistyped = members.first(where: { Similarity.nearest(to: $0.name, in: [tag]) != nil }) {
                return diagnostics.add(location().member(mistyped.name), "unknown member; did you mean \"\(tag)\"?")
            }
            return diagnostics.add(
                location(), "has no member \"\(tag)\", which is required; use \(alternatives(names))")
        }
        guard let name = tagValue.string, let variant = variants.first(where: { $0.value == name }) else {
            var hint: String { TextRules.choice(of: names, near: tagValue.string ?? "") }
            return diagnostics.add(
                location().member(tag),
                "\(tagValue.string.map(TextRules.quoted) ?? tagValue.text) is not \(noun); \(hint)")
        }
        check(value, variant.shape, location())
    }
}
