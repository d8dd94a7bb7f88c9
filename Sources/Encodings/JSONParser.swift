/// A strict RFC 8259 parser with bounded depth.
///
/// Invalid UTF-8 and lone surrogates become U+FFFD, as in Go's decoder, unless `strict` is set. With `strict`, an object that has a member twice
/// is an error, too: in a file that a human writes, a duplicate is a mistake.
public struct JSONParser {
    /// How deep arrays and objects may be nested.
    public static let depthLimit = 100
    /// The message about a string with other bytes.
    static let notUTF8 = "not UTF-8"

    private let bytes: [UInt8]
    private let strict: Bool
    private var position = 0
    private var depth = 0
    /// How many values may still follow.
    private var remainingValues: Int

    private init(_ bytes: [UInt8], strict: Bool, valueLimit: Int) {
        self.bytes = bytes
        self.strict = strict
        remainingValues = valueLimit
    }

    /// Parses one value and nothing after it.
    ///
    /// - Parameters:
    ///   - strict: whether to reject what Go's decoder tolerates, for files that humans write.
    ///   - valueLimit: how many values there may be in all; each needs tens of bytes, however short its text is.
    public static func parse(
        _ bytes: some Sequence<UInt8>, strict: Bool = false, valueLimit: Int = 1_000_000
    ) throws(JSONSyntaxError) -> JSON {
        var parser = JSONParser(Array(bytes), strict: strict, valueLimit: valueLimit)
        parser.skipSpaces()
        let value = try parser.value()
        parser.skipSpaces()
        guard parser.position == parser.bytes.count else {
            throw parser.failure("unexpected text after the end of the value")
        }
        return value
    }

    private var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private func failure(_ message: String, at location: Int? = nil) -> JSONSyntaxError {
        let end = min(location ?? position, bytes.count)
        let before = bytes[..<end]
        let line = before.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return JSONSyntaxError(line: line, column: end - lineStart + 1, message: message)
    }

    private mutating func skipSpaces() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func value() throws(JSONSyntaxError) -> JSON {
        guard remainingValues > 0 else { throw failure("too many values") }
        remainingValues -= 1
        switch current {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte): return try number()
        case nil: throw failure("the text ends where a value was expected")
        case let byte?: throw failure("unexpected character \(Self.name(byte)) where a value was expected")
        }
    }

    private static func name(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7F ? "'\(Character(UnicodeScalar(byte)))'" : "0x" + String(byte, radix: 16)
    }

    private mutating func literal(_ text: String, _ value: JSON) throws(JSONSyntaxError) -> JSON {
        guard bytes[position...].starts(with: text.utf8) else { throw failure("expected \(text)") }
        position += text.utf8.count
        return value
    }

    private mutating func enter() throws(JSONSyntaxError) {
        depth += 1
        guard depth <= Self.depthLimit else { throw failure("nested more than \(Self.depthLimit) deep") }
        position += 1
        skipSpaces()
    }

    /// Whether an object has a member already. A few are compared one by one, many are looked up.
    /// - Parameter names: those of the object, when there are many.
    private static func has(_ object: JSONObject, _ name: String, _ names: inout Set<ExactString>) -> Bool {
        guard object.members.count >= 16 else { return object.members.contains { $0.name.hasSameBytes(as: name) } }
        if names.isEmpty { names = object.members.lazy.map(\.name).exactStrings }
        return !names.insert(ExactString(name)).inserted
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONObject {
        try enter()
        defer { depth -= 1 }
        var object = JSONObject()
        var names: Set<ExactString> = []
        if current == UInt8(ascii: "}") {
            position += 1
            return object
        }
        while true {
            let start = position
            guard current == UInt8(ascii: "\"") else { throw failure("expected a member name in double quotes") }
            let name = try string()
            if strict, Self.has(object, name, &names) {
                throw failure("member \"\(name)\" occurs twice", at: start)
            }
            skipSpaces()
            guard current == UInt8(ascii: ":") else { throw failure("expected ':' after \"\(name)\"") }
            position += 1
            skipSpaces()
            object.append(name, try value())
            skipSpaces()
            switch current {
            case UInt8(ascii: ","): try skipComma(before: UInt8(ascii: "}"))
            case UInt8(ascii: "}"):
                position += 1
                return object
            default: throw failure("expected ',' or '}' after the value of \"\(name)\"")
            }
        }
    }

    private mutating func array() throws(JSONSyntaxError) -> [JSON] {
        try enter()
        defer { depth -= 1 }
        var array: [JSON] = []
        if current == UInt8(ascii: "]") {
            position += 1
            return array
        }
        while true {
            array.append(try value())
            skipSpaces()
            switch current {
            case UInt8(ascii: ","): try skipComma(before: UInt8(ascii: "]"))
            case UInt8(ascii: "]"):
                position += 1
                return array
            default: throw failure("expected ',' or ']'")
            }
        }
    }

    /// Moves to what a comma announces, which may not be the end of the list.
    private mutating func skipComma(before end: UInt8) throws(JSONSyntaxError) {
        let comma = position
        position += 1
        skipSpaces()
        guard current != end else { throw failure("a comma before \(Self.name(end)); leave it out", at: comma) }
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position - start
    }

    private mutating func number() throws(JSONSyntaxError) -> JSON {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        let leadingZero = current == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !leadingZero || whole == 1 else { throw failure("not a number", at: start) }
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard digits() > 0 else { throw failure("expected digits after the decimal point") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw failure("expected digits in the exponent") }
        }
        if isInteger, position - start <= 18 { return .integer(smallInteger(from: start)) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        return .decimal(text)
    }

    /// The value of at most 18 characters, a sign and digits, which ends at the present position.
    private func smallInteger(from start: Int) -> Int64 {
        let isNegative = bytes[start] == UInt8(ascii: "-")
        var value: Int64 = 0
        for index in (isNegative ? start + 1 : start)..<position { value = value * 10 + Int64(bytes[index] & 0x0F) }
        return isNegative ? -value : value
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        let start = position
        position += 1
        // Nearly every string is exactly the text between its quotes.
        while let byte = current, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
        var text = bytes[(start + 1)..<position]
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard StreamSafeText.isSafe(text) else { throw failure(StreamSafeText.problem, at: start) }
                if strict {
                    guard let valid = String(validating: text, as: UTF8.self) else {
                        throw failure(Self.notUTF8, at: start)
                    }
                    return valid
                }
                return String(repairing: text)
            case UInt8(ascii: "\\"):
                let scalar = try escape()
                if scalar.isASCII { text.append(UInt8(scalar.value)) } else { text.append(contentsOf: scalar.utf8) }
            case 0..<0x20: throw failure("control character in a string", at: position - 1)
            default: text.append(byte)
            }
        }
        throw failure("the string is not closed", at: start)
    }

    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        guard let byte = current else { throw failure("the text ends inside an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UnicodeScalar(byte)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw failure("unknown escape", at: position - 2)
        }
    }

    private mutating func unicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let start = position - 2
        let first = try fourHexDigits()
        if let scalar = UnicodeScalar(first) { return scalar }
        let mark = position
        if bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
            position += 2
            let second = try fourHexDigits()
            if first < 0xDC00, (0xDC00..<0xE000).contains(second) {
                let scalar = 0x10000 + (UInt32(first - 0xD800) << 10) + UInt32(second - 0xDC00)
                return UnicodeScalar(scalar) ?? "\u{FFFD}"
            }
        }
        guard !strict else { throw failure("half of a surrogate pair", at: start) }
        position = mark
        return "\u{FFFD}"
    }

    private mutating func fourHexDigits() throws(JSONSyntaxError) -> UInt16 {
        var value: UInt16 = 0
        for offset in 0..<4 {
            guard position + 4 <= bytes.count, let digit = PercentEncoding.digit(bytes[position + offset]) else {
                throw failure("expected four hexadecimal digits after \\u")
            }
            value = value << 4 | UInt16(digit)
        }
        position += 4
        return value
    }
}
