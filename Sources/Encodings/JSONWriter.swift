extension JSON {
    /// Compact JSON in UTF-8 as Go's `encoding/json` writes it since Go 1.22: no white space; `<`, `>`, `&`, U+2028, U+2029 and U+FFFD as `\\u…` escapes.
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

    /// JSON on several lines, indented by two spaces, for people.
    public func pretty(indent: Int = 0) -> String {
        let pad = String(repeating: " ", count: indent + 2)
        let close = String(repeating: " ", count: indent)
        switch self {
        case .array(let values) where !values.isEmpty:
            let simple = values.allSatisfy { $0.array == nil && $0.object == nil }
            if simple { return "[" + values.map(\.text).joined(separator: ", ") + "]" }
            return "[\n" + values.map { pad + $0.pretty(indent: indent + 2) }.joined(separator: ",\n") + "\n\(close)]"
        case .object(let object) where !object.members.isEmpty:
            let lines = object.members.map {
                pad + JSON.string($0.name).text + ": " + $0.value.pretty(indent: indent + 2)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(close)}"
        default: return text
        }
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)

    private static func write(_ text: String, to out: inout [UInt8]) {
        var text = text
        out.append(UInt8(ascii: "\""))
        text.withUTF8 { bytes in
            // Runs of characters that need no escape are copied as they are; nearly every text is one run.
            var start = 0
            for (index, byte) in bytes.enumerated() where needsEscape(byte) {
                out.append(contentsOf: bytes[start..<index])
                start = index + 1
                writeEscaped(byte, before: index, of: bytes, to: &out)
            }
            out.append(contentsOf: bytes[start...])
        }
        out.append(UInt8(ascii: "\""))
    }

    /// Whether the byte is escaped, or is the last one of a character that may have to be.
    private static func needsEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"),
            0xA8, 0xA9,
            0xBD:
            true
        default: false
        }
    }

    private static func writeEscaped(
        _ byte: UInt8, before index: Int, of bytes: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]
    ) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case UInt8(ascii: "\n"): out.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): out.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): out.append(contentsOf: "\\t".utf8)
        case 0x08: out.append(contentsOf: "\\b".utf8)
        case 0x0C: out.append(contentsOf: "\\f".utf8)
        case 0xA8, 0xA9, 0xBD:
            guard let escape = escapeOfCharacter(endingWith: byte, before: index, of: bytes) else {
                return out.append(byte)
            }
            out.removeLast(2)
            out.append(contentsOf: escape.utf8)
        default:
            out.append(contentsOf: "\\u00".utf8)
            out.append(contentsOf: [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]])
        }
    }

    /// The escapes of characters of three bytes.
    ///
    /// U+2028 and U+2029 (E2 80 A8, E2 80 A9) end a line in old JavaScript. Go writes `\\ufffd` for bytes that are not UTF-8, which is where a
    /// U+FFFD (EF BF BD) comes from here, too.
    private static func escapeOfCharacter(
        endingWith byte: UInt8, before index: Int, of bytes: UnsafeBufferPointer<UInt8>
    ) -> String? {
        guard index >= 2 else { return nil }
        return switch (bytes[index - 2], bytes[index - 1], byte) {
        case (0xE2, 0x80, 0xA8): "\\u2028"
        case (0xE2, 0x80, 0xA9): "\\u2029"
        case (0xEF, 0xBF, 0xBD): "\\ufffd"
        default: nil
        }
    }
}
