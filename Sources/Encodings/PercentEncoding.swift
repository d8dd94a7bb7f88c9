/// `application/x-www-form-urlencoded` text (WHATWG URL section 5): `+` is a space, `%XX` a byte.
public enum PercentEncoding {
    /// The decoded text; nil for a `%` without two hexadecimal digits. Bytes that are not UTF-8 become U+FFFD.
    public static func formDecoded(_ text: some Collection<UInt8>) -> String? {
        decode(Array(text)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The same for a part of an array, which is what every request brings: generic code of another module runs unspecialised and copies it byte by byte.
    public static func formDecoded(_ text: ArraySlice<UInt8>) -> String? {
        decode(Array(text)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A decoded segment of a path (RFC 3986 section 2.1), where `+` is literal; nil for a `%` without two hexadecimal digits.
    public static func pathDecoded(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        return decode(Array(text.utf8), plusIsBlank: false).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func decode(_ text: [UInt8], plusIsBlank: Bool = true) -> [UInt8]? {
        let isPlain = text.withUnsafeBufferPointer { bytes in
            for byte in bytes where byte == UInt8(ascii: "+") || byte == UInt8(ascii: "%") { return false }
            return true
        }
        if isPlain { return text }
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "+") where plusIsBlank: out.append(0x20)
            case UInt8(ascii: "%"):
                guard index + 2 < text.count, let high = digit(text[index + 1]), let low = digit(text[index + 2]) else {
                    return nil
                }
                out.append(high << 4 | low)
                index += 2
            default: out.append(text[index])
            }
            index += 1
        }
        return out
    }

    /// The text with everything but unreserved characters (RFC 3986 section 2.3) escaped.
    public static func formEncoded(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                out.unicodeScalars.append(UnicodeScalar(byte))
            default: out += formEncoded(byte)
            }
        }
        return out
    }

    /// The text as Go's `url.QueryEscape` writes it: like `formEncoded`, and a space is `+`.
    public static func queryEscaped(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { formEncoded(String($0)) }.joined(
            separator: "+")
    }

    /// An address as a header can hold it: spaces, controls and what is not ASCII are escaped.
    public static func escapingUnprintable(_ address: String) -> String {
        guard address.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else { return address }
        return address.utf8.map { byte in
            (0x21..<0x7F).contains(byte) ? String(UnicodeScalar(byte)) : formEncoded(byte)
        }.joined()
    }

    private static func formEncoded(_ byte: UInt8) -> String {
        "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    /// The three bytes of an escape.
    static func escaped(_ byte: UInt8) -> [UInt8] { Array(formEncoded(byte).utf8) }

    /// The value of a hexadecimal digit.
    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
