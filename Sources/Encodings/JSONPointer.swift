/// JSON pointers (RFC 6901).
public enum JSONPointer {
    /// The pointer to a member of the object that another pointer means.
    public static func appending(_ name: String, to pointer: String) -> String {
        guard name.containsByte(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            return pointer + "/" + name
        }
        // Byte by byte: a combining mark after a slash makes one character of both.
        var result = Array(pointer.utf8) + [UInt8(ascii: "/")]
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "~"): result += "~0".utf8
            case UInt8(ascii: "/"): result += "~1".utf8
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The names of members and the indices of elements that lead to what a pointer means, from the top.
    static func names(_ pointer: String) -> [String] {
        pointer.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst().map { part in
            guard part.contains(UInt8(ascii: "~")) else { return String(Substring(part)) }
            var bytes: [UInt8] = []
            var escapes = false
            for byte in part {
                switch byte {
                case UInt8(ascii: "0") where escapes: bytes.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1") where escapes: bytes.append(UInt8(ascii: "/"))
                case UInt8(ascii: "~"): break
                default: bytes.append(byte)
                }
                escapes = byte == UInt8(ascii: "~")
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
