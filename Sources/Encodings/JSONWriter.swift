extension JSON {
    /// Compact JSON, spelled as Go's encoder spells it: no blanks, `<`, `>`, `&`, U+2028 and U+2029 as `\u…` escapes.
    public func bytes() -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(512)
        write(to: &out)
        return out
    }

    /// The same as text.
    public var text: String { String(decoding: bytes(), as: UTF8.self) }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): out.append(contentsOf: String(value).utf8)
        case .decimal(let value): out.append(contentsOf: value.utf8)
        case .string(let value): Self.write(value, to: &out)
        case .array(let values):
            out.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                value.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let object):
            out.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// JSON on several lines, two blanks an indent, for people.
    public func pretty(indent: Int = 0) -> String {
        let pad = String(repeating: " ", count: indent + 2)
        let close = String(repeating: " ", count: indent)
        switch self {
        case .array(let values) where !values.isEmpty:
            let simple = values.allSatisfy { $0.array == nil && $0.object == nil }
            if simple { return "[" + values.map(\.text).joined(separator: ", ") + "]" }
            return "[\n" + values.map { pad + $0.pretty(indent: indent + 2) }.joined(separator: ",\n") + "\n\(close)]"
        case .object(let object) where !object.members.isEmpty:
            let lines = object.members.map { pad + JSON.string($0.name).text + ": " + $0.value.pretty(indent: indent + 2) }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(close)}"
        default: return text
        }
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)

    private static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var pending: (UInt8, UInt8) = (0, 0)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case UInt8(ascii: "\n"): out.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): out.append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\t"): out.append(contentsOf: "\\t".utf8)
            case 0..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
                out.append(contentsOf: "\\u00".utf8)
                out.append(contentsOf: [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]])
            // U+2028 and U+2029 are E2 80 A8 and E2 80 A9 in UTF-8; JavaScript once took them for line ends.
            case 0xA8 where pending == (0xE2, 0x80), 0xA9 where pending == (0xE2, 0x80):
                out.removeLast(2)
                out.append(contentsOf: (byte == 0xA8 ? "\\u2028" : "\\u2029").utf8)
            default: out.append(byte)
            }
            pending = (pending.1, byte)
        }
        out.append(UInt8(ascii: "\""))
    }
}
