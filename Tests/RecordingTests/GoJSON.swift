import Encodings

/// JSON as Go's encoder spells it, written down a second time: the product's own writer is what is tested.
enum GoJSON {
    static func text(_ value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): "\(number)"
        case .decimal(let number): number
        case .string(let text): quoted(text)
        case .array(let values): "[" + values.map(text).joined(separator: ",") + "]"
        case .object(let object):
            "{" + object.members.map { quoted($0.name) + ":" + text($0.value) }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": return "\\\""
            case "\\": return "\\\\"
            case "\n": return "\\n"
            case "\r": return "\\r"
            case "\t": return "\\t"
            case "\u{08}": return "\\b"
            case "\u{0C}": return "\\f"
            case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{FFFD}": return unicode(scalar)
            default: return scalar.value < 0x20 ? unicode(scalar) : String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }

    private static func unicode(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
