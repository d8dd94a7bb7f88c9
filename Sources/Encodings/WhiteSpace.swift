/// White space as Unicode's property White_Space and Go's `unicode.IsSpace` have it. The list is closed, and looking at bytes is far faster than asking for the
/// properties of each scalar.
public enum WhiteSpace {
    /// The number of bytes of the white space character that begins at an index of UTF-8; 0 when none does.
    public static func length(at index: Int, in bytes: [UInt8]) -> Int {
        let first = bytes[index]
        switch first {
        case 0x09...0x0D, 0x20: return 1
        case 0xC2 where index + 1 < bytes.endIndex: return bytes[index + 1] == 0x85 || bytes[index + 1] == 0xA0 ? 2 : 0
        case 0xE1...0xE3 where index + 2 < bytes.endIndex:
            switch (first, bytes[index + 1], bytes[index + 2]) {
            case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
                (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
                return 3
            default: return 0
            }
        default: return 0
        }
    }

    /// The bytes without white space at both ends.
    public static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var (start, end) = (0, bytes.count)
        while start < end {
            let length = length(at: start, in: bytes)
            guard length > 0 else { break }
            start += length
        }
        while start < end {
            var last = end - 1
            while last > start, bytes[last] & 0xC0 == 0x80 { last -= 1 }
            guard last + length(at: last, in: bytes) == end else { break }
            end = last
        }
        return bytes[start..<end]
    }

    /// Whether white space may begin with a byte.
    private static func mayBegin(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0xC2 || (0xE1...0xE3).contains(byte) }

    /// The bytes without any white space.
    public static func removed(from bytes: [UInt8]) -> [UInt8] {
        guard var index = bytes.firstIndex(where: mayBegin) else { return bytes }
        var out = Array(bytes[..<index])
        out.reserveCapacity(bytes.count)
        while index < bytes.count {
            let length = length(at: index, in: bytes)
            if length == 0 { out.append(bytes[index]) }
            index += max(1, length)
        }
        return out
    }
}
