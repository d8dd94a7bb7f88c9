/// Text files as editors of different systems write them.
public enum TextFile {
    /// The content without a UTF-8 byte order mark.
    public static func withoutByteOrderMark(_ content: [UInt8]) -> ArraySlice<UInt8> {
        content.starts(with: [0xEF, 0xBB, 0xBF]) ? content[3...] : content[...]
    }

    /// Whether the content begins with a byte order mark of UTF-16.
    public static func isUTF16(_ content: [UInt8]) -> Bool {
        content.starts(with: [0xFF, 0xFE]) || content.starts(with: [0xFE, 0xFF])
    }
}

extension String {
    /// The text without one line end (LF, CR LF or CR) at its end.
    public var withoutLineEnd: String {
        var bytes = utf8[...]
        if bytes.last == 0x0A { bytes = bytes.dropLast() }
        if bytes.last == 0x0D { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
