import Encodings

extension String {
    /// The text without any white space, as the real server's JOSE library reads tokens: one from a file may end with a line feed.
    public var withoutWhiteSpace: String {
        guard containsByte(where: { $0 <= 0x20 || $0 >= 0x80 }) else { return self }
        return String(decoding: WhiteSpace.removed(from: Array(utf8)), as: UTF8.self)
    }

    /// The text without white space at its ends.
    public var withoutWhiteSpaceAround: String {
        let bytes = Array(utf8)
        let trimmed = WhiteSpace.trimmed(bytes)
        return trimmed.count == bytes.count ? self : String(decoding: trimmed, as: UTF8.self)
    }

    /// The text without line ends, as Go's base64 decoder reads it.
    public var withoutLineEnds: String {
        guard containsByte(where: { $0 == 0x0A || $0 == 0x0D }) else { return self }
        return String(decoding: utf8.filter { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    }
}
