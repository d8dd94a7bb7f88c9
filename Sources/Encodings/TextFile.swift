/// Text files as editors of different systems write them.
public enum TextFile {
    /// The content without a UTF-8 byte order mark.
    public static func withoutByteOrderMark(_ content: [UInt8]) -> ArraySlice<UInt8> {
        content.starts(with: [0xEF, 0xBB, 0xBF]) ? content[3...] : content[...]
    }

    /// `UTF-16` or `UTF-32`, when the content is one of them: by its byte order mark, or by the zeros beside a first character of ASCII.
    public static func wideEncoding(_ content: [UInt8]) -> String? {
        func begins(_ bytes: UInt8...) -> Bool { content.starts(with: bytes) }
        if begins(0xFF, 0xFE, 0, 0) || begins(0, 0, 0xFE, 0xFF) { return "UTF-32" }
        if begins(0xFF, 0xFE) || begins(0xFE, 0xFF) { return "UTF-16" }
        let zeros = content.prefix(4).map { $0 == 0 }
        switch zeros {
        case [false, true, true, true], [true, true, true, false]: return "UTF-32"
        case [false, true, false, true], [true, false, true, false], [false, true], [true, false]: return "UTF-16"
        default: return nil
        }
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
