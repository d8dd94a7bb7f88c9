import Encodings

extension String {
    /// The text without any white space, as the real server's JOSE library reads tokens: one from a file may end with a line feed.
    public var withoutWhiteSpace: String {
        guard utf8.contains(where: { $0 <= 0x20 || $0 >= 0x80 }) else { return self }
        return String(decoding: WhiteSpace.removed(from: Array(utf8)), as: UTF8.self)
    }

    /// The text without white space at its ends.
    public var withoutWhiteSpaceAround: String {
        let scalars = unicodeScalars
        guard let begin = scalars.first, let end = scalars.last else { return self }
        guard begin.properties.isWhitespace || end.properties.isWhitespace else { return self }
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// The text without line ends, as Go's base64 decoder reads it.
    public var withoutLineEnds: String {
        guard utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return self }
        return String(decoding: utf8.filter { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    }
}
