import Encodings

/// What strings of each shape must look like: as a check with a message, and as a pattern for the JSON Schema.
enum TextRules {
    /// What is wrong with a text; nil when nothing is.
    /// - Parameter isShown: whether anybody reads it; if not, what was probably meant is not looked for.
    static func problem(_ text: String, _ shape: Shape, isShown: Bool = true) -> String? {
        var shown: String { quoted(text) }
        switch shape {
        case .text(let minimum): return text.utf8.count < minimum ? "is empty; expected a text" : nil
        case .name:
            if text.isEmpty { return "is empty; expected a name" }
            // Only a text of more bytes can have more characters.
            guard text.utf8.count > Shape.nameLimit, text.unicodeScalars.count > Shape.nameLimit else { return nil }
            return "has \(text.unicodeScalars.count) characters; a name has at most \(Shape.nameLimit)"
        case .choice(let noun, let values):
            guard !values.containsBytes(of: text) else { return nil }
            return isShown ? "\(shown) is not \(noun); \(choice(of: values, near: text))" : ""
        case .id:
            let isID = (1...20).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
            return isID ? nil : "\(shown) is not an id; expected 1 to 20 decimal digits"
        case .duration(let maximum): return durationProblem(text, maximum)
        case .time:
            return UTCDateTime.unix(rfc3339: text) == nil
                ? "\(shown) is not a time; expected RFC 3339, such as \"2026-11-21T10:00:00Z\"" : nil
        case .uri, .redirectURI:
            if text.unicodeScalars.first?.properties.isWhitespace == true
                || text.unicodeScalars.last?.properties.isWhitespace == true
            {
                return "\(shown) has white space around it; leave that out"
            }
            guard isURI(text) else { return notURI(text, shape, shown) }
            guard case .redirectURI = shape, isHostAndPort(text) else { return nil }
            return "\(shown) has no scheme; expected a text such as \"http://\(text)\""
        case .origin:
            return WebOrigin.isValid(text)
                ? nil : "\(shown) is not an origin; expected \(WebOrigin.expectation)"
        case .host:
            return WebOrigin.isValidHost(text)
                ? nil
                : "\(shown) is not a host; expected a name such as \"localhost\" or \"auth.example:8080\", without scheme or path"
        case .token(let minimum):
            guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                return "holds spaces or characters outside ASCII; expected neither"
            }
            let count = text.utf8.count
            return count < minimum
                ? "has \(count) character\(count == 1 ? "" : "s"); expected at least \(minimum)" : nil
        case .path:
            if text.isEmpty { return "is empty; expected a path" }
            return text.utf8.contains(0) ? "holds the character U+0000, which no path can hold" : nil
        case .phone:
            return isPhone(text)
                ? nil : "\(shown) is not a phone number; expected digits, such as \"+41791234567\""
        case .email:
            return isEmail(text)
                ? nil : "\(shown) is not an email address; expected a text such as \"alice@acme.example\""
        case .language:
            return isLanguage(text)
                ? nil : "\(shown) is not a language tag (BCP 47); expected a text such as \"en\" or \"de-CH\""
        case .hash(let format):
            return format.parts(text) == nil ? "is not \(format.example) in base64url, as an export writes it" : nil
        case .pattern(let pattern): return pattern.isValid(text) ? nil : "is \(shown); expected \(pattern.expected)"
        default: return nil
        }
    }

    /// A text in quotes for a message: cut when it is long, with control characters escaped.
    static func quoted(_ text: String) -> String {
        let start = text.prefix(60)
        return JSON.string(start.endIndex < text.endIndex ? start + "…" : text).text
    }

    /// What to write instead of a word that is not one of several.
    static func choice(of values: [String], near text: String) -> String {
        Similarity.nearest(to: text, in: values).map { "did you mean \"\($0)\"?" } ?? "use \(alternatives(values))"
    }

    /// Whether strings of a shape are lengths of time, which some people write as a number of seconds.
    static func isDuration(_ shape: Shape) -> Bool {
        switch shape {
        case .duration: true
        case .pattern(let pattern): GoDuration(pattern.example) != nil
        default: false
        }
    }

    private static func notURI(_ text: String, _ shape: Shape, _ shown: String) -> String {
        if case .redirectURI = shape,
            WebURL("http://" + text)?.host.contains(where: { ".:[".contains($0) }) == true
                || text.hasPrefix("localhost/")
        {
            return "\(shown) has no scheme; expected \"http://…\" or \"https://…\""
        }
        return "\(shown) is not a URI; expected a text such as \"https://app.example/callback\""
    }

    private static func durationProblem(_ text: String, _ maximum: String?) -> String? {
        var shown: String { quoted(text) }
        let duration: GoDuration
        do { duration = try GoDuration.lifetime(text) } catch {
            switch error {
            case .malformed: return "\(shown) is not a duration; expected a text such as \"12h\", \"90m\" or \"30s\""
            case .tooLong:
                return "\(shown) is too long; expected less than 100 years (\"\(GoDuration.lifetimeLimit.text)\")"
            }
        }
        guard let maximum, let limit = GoDuration(lifetime: maximum), duration > limit else { return nil }
        return "\(shown) is too long; at most \"\(maximum)\" is allowed"
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

    /// `localhost:3000/callback`: by its form a URI with the scheme "localhost".
    private static func isHostAndPort(_ text: String) -> Bool {
        let rest = text.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst()
        let digits = rest.prefix { $0 >= 48 && $0 <= 57 }
        return !digits.isEmpty
            && [nil, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains(
                rest.dropFirst(digits.count).first)
    }

    /// Digits with an optional plus sign in front, and the separators that people write between them. Empty for none.
    private static func isPhone(_ text: String) -> Bool {
        guard !text.isEmpty else { return true }
        let rest = text.utf8.first == UInt8(ascii: "+") ? text.utf8.dropFirst() : text.utf8[...]
        let digits = rest.count { $0 >= 48 && $0 <= 57 }
        return (2...20).contains(digits) && rest.count <= 40
            && rest.allSatisfy { ($0 >= 48 && $0 <= 57) || " ()-./".utf8.contains($0) }
    }

    /// Something on both sides of an at sign, without white space. Empty for none.
    private static func isEmail(_ text: String) -> Bool {
        guard !text.isEmpty else { return true }
        let parts = text.split(separator: "@", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 2 && !parts.contains(where: \.isEmpty)
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace }
    }

    private static func isLanguage(_ text: String) -> Bool {
        let parts = text.split(separator: "-", maxSplits: 8, omittingEmptySubsequences: false)
        guard let language = parts.first, (2...3).contains(language.utf8.count),
            language.utf8.allSatisfy({ (65...90).contains($0 & 0xDF) })
        else { return false }
        return parts.dropFirst().allSatisfy { part in
            (1...8).contains(part.utf8.count)
                && part.utf8.allSatisfy { (65...90).contains($0 & 0xDF) || (48...57).contains($0) }
        }
    }

    /// A regular expression for the JSON Schema; nil for shapes without one.
    static func pattern(_ shape: Shape) -> String? {
        switch shape {
        case .name: "^[\\s\\S]{1,\(Shape.nameLimit)}$"
        case .id: "^[0-9]{1,20}$"
        case .duration: "^([0-9]+h([0-9]+m)?([0-9]+s)?|[0-9]+m([0-9]+s)?|[0-9]+s)$"
        case .time:
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"
        case .uri: "^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$"
        case .redirectURI: "^(?![A-Za-z0-9+.-]+:[0-9]+([/?#]|$))[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$"
        case .origin: "^[Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9.:_\\[\\]-]+$"
        case .host: "^[A-Za-z0-9.:_\\[\\]-]+$"
        case .token(let minimum): "^[!-~]{\(minimum),}$"
        case .path: "^[^\\u0000]+$"
        case .phone: "^([+]?[0-9 ()./-]{2,40})?$"
        case .email: "^([^@\\s\\u0000-\\u001f\\u007f]+@[^@\\s\\u0000-\\u001f\\u007f]+)?$"
        case .language: "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,8}$"
        case .hash(let format): format.pattern
        case .pattern(let pattern): pattern.expression
        default: nil
        }
    }
}

extension Formats {
    /// What is wrong with a text as the id of a resource; nil when nothing is.
    public static func problem(withID text: String) -> String? { TextRules.problem(text, .id) }

    /// What is wrong with a text as the name of a resource; nil when nothing is.
    public static func problem(withName text: String) -> String? { TextRules.problem(text, .name) }
}
