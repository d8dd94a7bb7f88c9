/// What the values of HTTP fields are made of: tokens and quoted strings (RFC 9110 section 5.6).
public enum FieldSyntax {
    /// RFC 9110 section 5.6.2: a character of a token, such as the name of a field.
    @inlinable
    public static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        case 33, 35, 36, 37, 38, 39, 42, 43, 45, 46, 94, 95, 96, 124, 126: true
        default: false
        }
    }

    public static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    /// RFC 2045 section 5.1, which Go's `mime` package and those made after it go by: braces are characters of a token there.
    @inlinable
    public static func isMIMETokenByte(_ byte: UInt8) -> Bool { isTokenByte(byte) || byte == 123 || byte == 125 }

    /// Takes the value of a parameter from the start of a text, as Go's `mime` package does: a token of RFC 2045, or a quoted string, in which a backslash
    /// quotes the next character.
    /// - Returns: nil when there is none; the text is then as it was.
    @inlinable
    public static func takeValue<Bytes: Collection<UInt8>>(_ text: inout Bytes) -> [UInt8]?
    where Bytes.SubSequence == Bytes {
        guard text.first == UInt8(ascii: "\"") else {
            let token = Array(text.prefix(while: isMIMETokenByte))
            text = text.dropFirst(token.count)
            return token.isEmpty ? nil : token
        }
        var value: [UInt8] = []
        var rest = text.dropFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                text = rest
                return value
            case UInt8(ascii: "\\"):
                if let quoted = rest.popFirst() { value.append(quoted) }
            case 0x0A, 0x0D: return nil
            default: value.append(byte)
            }
        }
        return nil
    }
}
