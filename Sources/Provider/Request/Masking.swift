import Encodings

/// Hides secrets in what is kept for people to look at.
public enum Masking {
    /// Parameters that hold a secret or a token.
    private static let secretParameters: Set<String> = [
        "client_secret", "client_assertion", "assertion", "password", "token", "access_token", "refresh_token",
        "id_token_hint", "subject_token", "actor_token", "code", "code_verifier", "device_code", "logout_token", "csrf",
        "request", "user_code", "code_challenge",
    ]
    /// Headers that hold a secret or a token.
    private static let secretHeaders: Set<String> = ["authorization", "cookie", "proxy-authorization"]
    /// Longer values are cut.
    private static let longest = 500

    /// The first and last four characters; nothing of a value that is so short that this would be most of it.
    public static func masked(_ value: String) -> String {
        value.unicodeScalars.count < 16
            ? "…" : String(value.unicodeScalars.prefix(4)) + "…" + String(value.unicodeScalars.suffix(4))
    }

    /// Parameters whose values clients make up at random.
    private static let freeParameters: Set<String> = ["state", "nonce"]

    public static func parameter(_ name: String, _ value: String) -> String {
        let name = name.lowercased()
        if secretParameters.contains(name) { return value.isEmpty ? "" : masked(value) }
        return cut(freeParameters.contains(name) ? value : withoutCodes(value))
    }

    public static func header(_ name: String, _ value: String) -> String {
        guard secretHeaders.contains(name.lowercased()) else { return cut(withoutCodes(value)) }
        // The scheme is worth knowing.
        guard let space = value.firstIndex(of: " ") else { return masked(value) }
        return value[..<space] + " " + masked(String(value[value.index(after: space)...]))
    }

    private static func cut(_ value: String) -> String {
        let value = withoutTokens(value)
        return value.utf8.count <= longest ? value : String(value.unicodeScalars.prefix(longest)) + "…"
    }

    /// The text with all tokens in it masked that can be recognized: those that begin with the base64url of `{"`, as JWTs and opaque tokens do. For what
    /// should hold none, but does when somebody puts a token into a path or a client id.
    public static func withoutTokens(_ text: String) -> String {
        guard text.utf8.count >= shortestToken, mayHoldToken(text), var start = beginOfToken(text[...]) else {
            return text
        }
        var (result, rest) = ("", text[...])
        while true {
            let end = rest.utf8[start...].firstIndex { !isOfToken($0) } ?? rest.endIndex
            let word = String(rest[start..<end])
            result += rest[..<start]
            result += word.utf8.count < shortestToken ? word : masked(word)
            rest = rest[end...]
            guard let next = beginOfToken(rest) else { return result + rest }
            start = next
        }
    }

    /// The text without tokens, and without what looks like an authorization code or a user code: for what a client sends where none belongs, such as a
    /// path, and for sentences that quote it.
    public static func withoutCodes(_ text: String) -> String {
        var text = withoutTokens(text)
        guard text.utf8.count >= 8 else { return text }
        return text.withUTF8(maskingCodes) ?? text
    }

    /// nil when there is no code, as in nearly all texts, of which every request has some.
    private static func maskingCodes(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        var result: [UInt8] = []
        // Up to where the text is in the result.
        var (copied, start) = (0, 0)
        while start < text.count {
            var end = start
            while end < text.count, isOfCode(text[end]) { end += 1 }
            let word = UnsafeBufferPointer(rebasing: text[start..<end])
            if looksLikeCode(word) {
                result += text[copied..<start]
                result += masked(String(decoding: word, as: UTF8.self)).utf8
                copied = end
            }
            start = end + 1
        }
        return copied == 0 ? nil : String(decoding: result + text[copied...], as: UTF8.self)
    }

    /// Bytes of the shortest code.
    private static let shortestCode = 40

    /// Whether a word is as random as a code, or has the letters of a user code, among which no vowels are.
    private static func looksLikeCode(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        func has(_ range: ClosedRange<UInt8>) -> Bool { word.contains { range.contains($0) } }
        if word.count >= shortestCode { return has(0x30...0x39) && has(0x41...0x5A) && has(0x61...0x7A) }
        guard (8...9).contains(word.count) else { return false }
        let hyphens = word.count { $0 == UInt8(ascii: "-") }
        return word.count - hyphens == 8
            && word.allSatisfy { $0 == UInt8(ascii: "-") || isUserCodeLetter($0 & 0xDF) }
    }

    private static func isUserCodeLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A"), UInt8(ascii: "E"), UInt8(ascii: "I"), UInt8(ascii: "O"), UInt8(ascii: "U"),
            UInt8(ascii: "Y"):
            false
        default: (UInt8(ascii: "B")...UInt8(ascii: "Z")).contains(byte)
        }
    }

    private static func isOfCode(_ byte: UInt8) -> Bool { byte != UInt8(ascii: ".") && isOfToken(byte) }

    /// Whether "eyJ" may be in a text. Every request passes here, and indices of text are slow.
    private static func mayHoldToken(_ text: String) -> Bool {
        var last: UInt8 = 0
        return text.containsByte { byte in
            defer { last = byte }
            return byte == UInt8(ascii: "J") && last == UInt8(ascii: "y")
        }
    }

    /// Where "eyJ" is, with which the JSON of a header begins in base64.
    private static func beginOfToken(_ text: Substring) -> Substring.Index? {
        let bytes = text.utf8
        var matched = 0
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "e"): matched = 1
            case UInt8(ascii: "y") where matched == 1: matched = 2
            case UInt8(ascii: "J") where matched == 2: return bytes.index(index, offsetBy: -2)
            default: matched = 0
            }
        }
        return nil
    }

    /// A token with a shorter header than this does not exist.
    private static let shortestToken = 20

    private static func isOfToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
