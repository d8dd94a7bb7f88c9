/// `application/x-www-form-urlencoded` text (WHATWG URL section 5): `+` is a space, `%XX` a byte.
public enum PercentEncoding {
    /// The decoded text; nil for a `%` without two hexadecimal digits, and for text that is not `StreamSafeText`. Bytes that are not UTF-8 become U+FFFD.
    public static func formDecoded(_ text: some Collection<UInt8>) -> String? {
        Array(text).withUnsafeBufferPointer { decoded($0) }
    }

    /// The same for a part of an array, which is what every request brings: generic code of another module runs unspecialised and copies it byte by byte.
    public static func formDecoded(_ text: ArraySlice<UInt8>) -> String? {
        text.withUnsafeBufferPointer { decoded($0) }
    }

    /// Whether there is a `%` without two hexadecimal digits.
    public static func hasBadEscape(_ text: ArraySlice<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { bytes($0, false) == nil }
    }

    /// A decoded segment of a path (RFC 3986 section 2.1), where `+` is literal; nil as for `formDecoded`.
    public static func pathDecoded(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        return Array(text.utf8).withUnsafeBufferPointer { decoded($0, plusIsSpace: false) }
    }

    private static func decoded(_ text: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool = true) -> String? {
        func read(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
            StreamSafeText.isSafe(bytes) ? String(repairing: bytes) : nil
        }
        // Nearly no text has escapes.
        guard text.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "%") }) else { return read(text) }
        return bytes(text, plusIsSpace)?.withUnsafeBufferPointer(read)
    }

    private static func bytes(_ text: UnsafeBufferPointer<UInt8>, _ plusIsSpace: Bool) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "+") where plusIsSpace: out.append(0x20)
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
    public static func formEncoded(_ text: String) -> String { encoded(text, space: nil) }

    /// The text as Go's `url.QueryEscape` writes it: like `formEncoded`, and a space is `+`.
    public static func queryEscaped(_ text: String) -> String { encoded(text, space: UInt8(ascii: "+")) }

    /// - Parameter space: what stands for a space; nil for its escape.
    private static func encoded(_ text: String, space: UInt8?) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                out.append(byte)
            case UInt8(ascii: " "):
                if let space { out.append(space) } else { appendEscape(of: byte, to: &out) }
            default: appendEscape(of: byte, to: &out)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// An address as a header can hold it: spaces, controls and what is not ASCII are escaped.
    public static func escapingUnprintable(_ address: String) -> String {
        guard address.containsByte(where: { $0 <= 0x20 || $0 >= 0x7F }) else { return address }
        var out: [UInt8] = []
        out.reserveCapacity(address.utf8.count)
        for byte in address.utf8 {
            if (0x21..<0x7F).contains(byte) { out.append(byte) } else { appendEscape(of: byte, to: &out) }
        }
        return String(decoding: out, as: UTF8.self)
    }

    @inline(__always)
    static func appendEscape(of byte: UInt8, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "%"))
        out.append(hexadecimalDigit(byte >> 4))
        out.append(hexadecimalDigit(byte & 15))
    }

    /// A capital hexadecimal digit.
    /// - Parameter value: 0 to 15.
    @inline(__always)
    static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") - 10 + value
    }

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
