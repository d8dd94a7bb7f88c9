/// What the lines of a `Forwarded` header (RFC 7239) say of the request as the first proxy got it: the first `host` and the first `proto` of all elements.
///
/// Read as strictly as ZITADEL reads them: one malformed pair, such as a host with a port outside of quotes, and nothing of the header counts.
struct ForwardedElement: Equatable {
    var host: String?
    var proto: String?

    init() {}

    /// - Parameter lines: the values of all headers of the name, in their order.
    init(_ lines: [String]) {
        var found = ForwardedElement()
        for line in lines {
            var rest = Array(line.utf8)[...]
            while true {
                rest = Self.withoutBlanks(rest)
                if rest.isEmpty { break }
                guard let (name, value) = Self.takePair(&rest) else {
                    // A semicolon at the end is not an error, but it ends the reading.
                    if Self.trimmed(rest).elementsEqual(";".utf8) { self = found }
                    return
                }
                if name == "host", found.host == nil { found.host = value }
                if name == "proto", found.proto == nil { found.proto = value }
            }
        }
        self = found
    }

    private static func takePair(_ rest: inout ArraySlice<UInt8>) -> (name: String, value: String)? {
        var text = rest
        if text.first == UInt8(ascii: ";") || text.first == UInt8(ascii: ",") { text = withoutBlanks(text.dropFirst()) }
        let name = text.prefix(while: isTokenByte)
        text = withoutBlanks(text.dropFirst(name.count))
        guard !name.isEmpty, text.first == UInt8(ascii: "=") else { return nil }
        text = withoutBlanks(text.dropFirst())
        guard let value = takeValue(&text) else { return nil }
        rest = text
        return (String(decoding: name, as: UTF8.self).lowercased(), value)
    }

    /// A token, or a quoted string in which a backslash quotes the next character.
    private static func takeValue(_ text: inout ArraySlice<UInt8>) -> String? {
        guard text.first == UInt8(ascii: "\"") else {
            let token = text.prefix(while: isTokenByte)
            text = text.dropFirst(token.count)
            return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
        }
        var value: [UInt8] = []
        var index = text.startIndex + 1
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "\""):
                text = text[(index + 1)...]
                return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"):
                index += 1
                if index < text.endIndex { value.append(text[index]) }
            case 0x0A, 0x0D: return nil
            default: value.append(text[index])
            }
            index += 1
        }
        return nil
    }

    private static func withoutBlanks(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> { text.drop(while: isBlank) }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = withoutBlanks(text)
        return start.lastIndex { !isBlank($0) }.map { start[...$0] } ?? []
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?=".utf8.contains(byte)
    }
}
