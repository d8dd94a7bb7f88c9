import Encodings

/// Checks the shape of a seed against the format: types, unknown and missing members, values that parse.
struct FormatChecker {
    let problems: Problems

    func check(_ value: JSON, _ format: ValueFormat, _ place: Place) {
        switch format {
        case .flag:
            if value.bool == nil { expected("true or false", value, place) }
        case .list(let element):
            guard let array = value.array else { return expected("an array", value, place) }
            for (index, item) in array.enumerated() { check(item, element, place.element(index)) }
        case .object(let object): check(value, object, place)
        case .variants(let tag, let noun, let variants): checkVariants(value, tag, noun, variants, place)
        case .textOrObject(let object):
            if let text = value.string {
                if text.isEmpty { problems.add(place, "is empty; expected a name") }
            } else if value.object != nil {
                check(value, object, place)
            } else {
                expected("a string or an object", value, place)
            }
        case .stringMap:
            guard let object = value.object else { return expected("an object of strings", value, place) }
            for member in object.members where member.value.string == nil {
                expected("a string", member.value, place.member(member.name))
            }
        case .anyObject:
            if value.object == nil { expected("an object", value, place) }
        case .text, .choice, .id, .duration, .time, .uri, .origin, .host, .token:
            guard let text = value.string else { return expected("a string", value, place) }
            if let wrong = Self.wrong(text, format) { problems.add(place, wrong) }
        }
    }

    private func expected(_ what: String, _ value: JSON, _ place: Place) {
        problems.add(place, "is \(value.kind); expected \(what)")
    }

    private func check(_ value: JSON, _ format: ObjectFormat, _ place: Place) {
        guard let object = value.object else { return expected("an object", value, place) }
        for member in object.members where !member.name.hasPrefix("x-") {
            if let known = format.members.first(where: { $0.name == member.name }) {
                check(member.value, known.value, place.member(member.name))
            } else {
                let names = format.members.map(\.name).filter { $0 != "$schema" }
                let near = names.first { $0.lowercased() == member.name.lowercased() || Self.isNear($0, member.name) }
                let hint =
                    near.map { "did you mean \"\($0)\"?" }
                    ?? "known are \(names.joined(separator: ", ")), and names that start with x-"
                problems.add(place.member(member.name), "unknown member; \(hint)")
            }
        }
        for member in format.members where member.isRequired && object[member.name] == nil {
            problems.add(place, "has no member \"\(member.name)\", which is required")
        }
        guard !format.exactlyOneOf.isEmpty else { return }
        let given = format.exactlyOneOf.filter { object[$0] != nil }
        if given.count != 1 {
            let met = given.isEmpty ? "none of them" : given.map { "\"\($0)\"" }.joined(separator: " and ")
            problems.add(place, "has \(met); expected exactly one of \(alternatives(format.exactlyOneOf))")
        }
    }

    private func checkVariants(
        _ value: JSON, _ tag: String, _ noun: String, _ variants: [(value: String, format: ObjectFormat)],
        _ place: Place
    ) {
        guard let object = value.object else { return expected("an object", value, place) }
        let names = variants.map(\.value)
        guard let tagValue = object[tag] else {
            return problems.add(place, "has no member \"\(tag)\", which is required; use \(alternatives(names))")
        }
        guard let name = tagValue.string, let variant = variants.first(where: { $0.value == name }) else {
            return problems.add(place.member(tag), "\(tagValue.text) is not \(noun); use \(alternatives(names))")
        }
        check(value, variant.format, place)
    }

    /// One letter changed, added, dropped or swapped.
    private static func isNear(_ left: String, _ right: String) -> Bool {
        let a = Array(left.lowercased().utf8)
        let b = Array(right.lowercased().utf8)
        guard abs(a.count - b.count) <= 1, a.count > 3 else { return false }
        let head = zip(a, b).prefix { $0 == $1 }.count
        let tail = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count
        return head + tail >= min(a.count, b.count) - 1 && head + tail >= max(a.count, b.count) - 2
    }

    // MARK: Texts

    /// What is wrong with a text; nil when nothing is.
    static func wrong(_ text: String, _ format: ValueFormat) -> String? {
        let shown = JSON.string(text.count > 60 ? String(text.prefix(60)) + "…" : text).text
        switch format {
        case .text(let minimum): return text.count < minimum ? "is empty; expected a text" : nil
        case .choice(let noun, let values):
            return values.contains(text) ? nil : "\(shown) is not \(noun); use \(alternatives(values))"
        case .id:
            let isID = (1...20).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
            return isID ? nil : "\(shown) is not an id; expected 1 to 20 decimal digits"
        case .duration(let maximum):
            let duration: Seconds
            do { duration = try Seconds.read(text) } catch {
                switch error {
                case .malformed:
                    return "\(shown) is not a duration; expected a text such as \"12h\", \"90m\" or \"30s\""
                case .tooLong: return "\(shown) is too long; expected less than 100 years (\"\(Seconds.limit.text)\")"
                }
            }
            if let maximum, let limit = Seconds(parsing: maximum), duration > limit {
                return "\(shown) is too long; at most \"\(maximum)\" is allowed"
            }
            return nil
        case .time:
            return UTCDateTime.unix(rfc3339: text) == nil
                ? "\(shown) is not a time; expected RFC 3339, such as \"2026-11-21T10:00:00Z\"" : nil
        case .uri:
            return isURI(text) ? nil : "\(shown) is not a URI; expected a text such as \"https://app.example/callback\""
        case .origin:
            return isOrigin(text)
                ? nil
                : "\(shown) is not an origin; expected http:// or https:// and a host, without path or trailing slash"
        case .host:
            return isHost(text)
                ? nil
                : "\(shown) is not a host; expected a name such as \"localhost\" or \"auth.example:8080\", without scheme or path"
        case .token(let minimum):
            guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                return "holds blanks or characters outside ASCII; expected neither"
            }
            return text.utf8.count < minimum ? "has \(text.utf8.count) characters; expected at least \(minimum)" : nil
        default: return nil
        }
    }

    private static func isURI(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: 58), colon > text.utf8.startIndex,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return false }
        let scheme = text.utf8[..<colon]
        guard let first = scheme.first, (65...90).contains(first & 0xDF) else { return false }
        let isScheme = scheme.allSatisfy {
            (65...90).contains($0 & 0xDF) || (48...57).contains($0) || [43, 45, 46].contains($0)
        }
        return isScheme && text.utf8.index(after: colon) < text.utf8.endIndex
    }

    private static func isOrigin(_ text: String) -> Bool {
        for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
            return isHost(String(text.dropFirst(scheme.count)))
        }
        return false
    }

    private static func isHost(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: [45, 46, 58, 91, 93, 95].contains(byte)
                }
            }
    }
}
