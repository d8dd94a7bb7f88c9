import Model
import OAuth

/// What got around a token on its way, and is not of it.
enum Wrapping {
    private static let marks = "\"'`".unicodeScalars

    /// Words that follow "the token", and say what to send instead; nil for a text that is not wrapped.
    static func problem(of text: String) -> String? {
        if text.unicodeScalars.first == "\u{FEFF}" {
            return "begins with a byte order mark, as some editors put it into files; send only what follows it"
        }
        if text.utf8.prefix(7).elementsEqual("bearer ".utf8, by: { $0 | 0x20 == $1 }) {
            return "begins with \"Bearer \"; send only what follows it"
        }
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return nil }
        if marks.contains(first) || marks.contains(last) {
            return "is in quotation marks; send only what is between them"
        }
        if first.properties.isWhitespace || last.properties.isWhitespace {
            return "has white space around it, such as the line feed at the end of a file; send it without"
        }
        return nil
    }
}

extension OpaqueTokenFormat {
    /// An opaque token, code or refresh token as it was sent, in the form in which it is looked for: white space of a JWE does not count, nor do line ends of
    /// plain base64url.
    func canonical(_ text: String) -> String {
        switch self {
        case .jwe: text.withoutWhiteSpace
        case .classic: text.withoutLineEnds
        }
    }

    /// What is around an opaque token as it was sent, and keeps it from being found.
    func wrapping(of text: String) -> String? {
        Wrapping.problem(of: self == .jwe ? text.withoutWhiteSpaceAround : text.withoutLineEnds)
    }
}
