/// Percent escapes in the parts of an address, as Go's `net/url` has them.
enum URLEscaping {
    enum Part {
        case path, host, userPassword, fragment
    }

    /// Letters and digits; the marks that are unreserved too count in each part of their own.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isLiteral(_ byte: UInt8, _ part: Part) -> Bool {
        guard byte < 0x80 else { return false }
        if isUnreserved(byte) { return true }
        let marks: StaticString =
            switch part {
            case .path: "-_.~$&+,/:;=@"
            case .host: "-_.~!$&'()*+,;=:[]<>\""
            case .userPassword: "-_.~$&+,;="
            case .fragment: "-_.~!()*$&+,/:;=?@"
            }
        return marks.withUTF8Buffer { $0.contains(byte) }
    }

    /// The bytes that the text means; nil for a malformed escape, and for a host with characters or escapes that it must not have.
    static func decoded(_ text: ArraySlice<UInt8>, _ part: Part) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < text.endIndex, let high = PercentEncoding.digit(text[index + 1]),
                    let low = PercentEncoding.digit(text[index + 2])
                else { return nil }
                let value = high << 4 | low
                // RFC 6874 lets a zone identifier begin with %25; all other escapes of a host must be of bytes that are not ASCII.
                guard part != .host || value >= 0x80 || value == 0x25 else { return nil }
                out.append(value)
                index += 3
                continue
            }
            guard part != .host || byte >= 0x80 || isLiteral(byte, .host) else { return nil }
            out.append(byte)
            index += 1
        }
        return out
    }

    static func encoded(_ bytes: [UInt8], _ part: Part) -> String {
        let size = bytes.count + 2 * bytes.count { !isLiteral($0, part) }
        guard size > bytes.count else { return String(decoding: bytes, as: UTF8.self) }
        // Written in place: a path of a megabyte that is not UTF-8 becomes nine of them.
        return String(unsafeUninitializedCapacity: size) { out in
            var end = 0
            func append(_ byte: UInt8) {
                out[end] = byte
                end += 1
            }
            for byte in bytes {
                if isLiteral(byte, part) {
                    append(byte)
                } else {
                    append(UInt8(ascii: "%"))
                    append(PercentEncoding.hexadecimalDigit(byte >> 4))
                    append(PercentEncoding.hexadecimalDigit(byte & 15))
                }
            }
            return end
        }
    }
}
