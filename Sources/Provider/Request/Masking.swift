import Encodings

/// Hides secrets in what is kept for people to look at.
public enum Masking {
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
        if SecretName.isSecret(name) { return value.isEmpty ? "" : masked(value) }
        return cut(freeParameters.contains(name.lowercased()) ? value : withoutCodes(value))
    }

    /// The name of a parameter. What is not spelled as one may be a whole body, or a secret that lost its equals sign.
    public static func name(_ name: String) -> String {
        if let known = SecretName.beginning(of: name) { return known + "…" }
        let isName =
            name.utf8.count <= longestName
            && name.utf8.allSatisfy { isOfToken($0) || " :[]".utf8.contains($0) }
        return isName ? withoutCodes(name) : masked(name)
    }

    /// Bytes of the name of a parameter.
    private static let longestName = 40

    public static func header(_ name: String, _ value: String) -> String {
        guard SecretName.isSecretHeader(name) else { return cut(withoutCodes(value)) }
        // The scheme is worth knowing; what precedes the first space of a cookie is one.
        guard let space = value.firstIndex(of: " "), value[..<space].utf8.allSatisfy({ isOfToken($0) }) else {
            return masked(value)
        }
        return value[..<space] + " " + masked(String(value[value.index(after: space)...]))
    }

    private static func cut(_ value: String) -> String {
        let value = withoutTokens(value)
        return value.utf8.count <= longest ? value : String(value.unicodeScalars.prefix(longest)) + "…"
    }

    /// The text with those words masked that are secrets nothing else shows to be some, such as tokens of a seed.
    /// - Parameters:
    ///   - text: what follows the first 4096 bytes is not searched, since less than that is shown.
    ///   - isSecret: asked for words of at least 16 bytes, which personal access tokens have.
    public static func hiding(_ text: String, where isSecret: (String) -> Bool) -> String {
        guard text.utf8.count >= shortestSecret else { return text }
        let searched = text.utf8.count <= longestSearched ? text : text.cut(toBytes: longestSearched)
        var result = ""
        var rest = searched[...]
        while let start = rest.utf8.firstIndex(where: isOfToken) {
            let end = rest.utf8[start...].firstIndex { !isOfToken($0) } ?? rest.endIndex
            let word = rest[start..<end]
            result += rest[..<start]
            result += word.utf8.count >= shortestSecret && isSecret(String(word)) ? masked(String(word)) : String(word)
            rest = rest[end...]
        }
        return result + rest + String(Substring(text.utf8.dropFirst(searched.utf8.count)))
    }

    private static let shortestSecret = 16
    private static let longestSearched = 4096

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
        var text = withoutCredentials(withoutParameters(withoutTokens(text)))
        guard text.utf8.count >= 8 else { return text }
        return text.withUTF8(maskingCodes) ?? text
    }

    /// The text without the values of secret parameters, such as in an address or in a form that is quoted: `client_secret=…`, `"password":"…"`.
    private static func withoutParameters(_ text: String) -> String {
        guard text.containsByte(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        while let sign = bytes[index...].firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) {
            index = sign + 1
            let isJSON = bytes[sign] == UInt8(ascii: ":")
            let isQuoted = sign > 0 && (bytes[sign - 1] == UInt8(ascii: "\"") || bytes[sign - 1] == UInt8(ascii: "'"))
            let nameEnd = isJSON && isQuoted ? sign - 1 : sign
            guard !isJSON || nameEnd < sign else { continue }
            var nameStart = nameEnd
            while nameStart > 0, nameEnd - nameStart < longestName, isOfToken(bytes[nameStart - 1]) { nameStart -= 1 }
            guard SecretName.isSecret(bytes[nameStart..<nameEnd]) else { continue }
            let start =
                bytes[index...].firstIndex { !" \"'".utf8.contains($0) } ?? bytes.count
            let end = bytes[start...].firstIndex(where: endsValue) ?? bytes.count
            guard start < end, !isJSON || start > index else { continue }
            result += bytes[copied..<start]
            result += masked(String(decoding: bytes[start..<end], as: UTF8.self)).utf8
            (copied, index) = (end, end)
        }
        return copied == 0 ? text : String(decoding: result + bytes[copied...], as: UTF8.self)
    }

    /// The text without the credentials that follow the name of a scheme, or that an address has in front of its host.
    private static func withoutCredentials(_ text: String) -> String {
        guard text.containsByte(where: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "@") }) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var copied = 0
        func mask(_ start: Int, _ end: Int) {
            // A word of a sentence has small letters only.
            guard end - start >= shortestCredential, start >= copied,
                bytes[start..<end].contains(where: { !(0x61...0x7A).contains($0) })
            else { return }
            result += bytes[copied..<start]
            result += masked(String(decoding: bytes[start..<end], as: UTF8.self)).utf8
            copied = end
        }
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: " ") where endsWithScheme(bytes[..<index]):
                let end = bytes[(index + 1)...].firstIndex(where: endsValue) ?? bytes.count
                mask(index + 1, end)
            case UInt8(ascii: "@"):
                let start = bytes[..<index].suffix(longest).lastIndex { !isOfToken($0) } ?? index
                let isAfterName =
                    start > 0 && bytes[start] == UInt8(ascii: ":") && bytes[start - 1] != UInt8(ascii: "/")
                guard isAfterName, bytes[..<start].suffix(longest).contains(UInt8(ascii: "/")) else { continue }
                mask(start + 1, index)
            default: break
            }
        }
        return copied == 0 ? text : String(decoding: result + bytes[copied...], as: UTF8.self)
    }

    /// Shorter words after "Basic" or "Bearer" are those of a sentence.
    private static let shortestCredential = 8

    private static func endsWithScheme(_ text: ArraySlice<UInt8>) -> Bool {
        ["basic", "bearer"].contains { scheme in
            let end = text.suffix(scheme.utf8.count)
            return end.count == scheme.utf8.count && zip(end, scheme.utf8).allSatisfy { $0 | 0x20 == $1 }
        }
    }

    /// What a value that is quoted from a form, an address or JSON ends before. `?` stands for a line feed in what is quoted.
    private static func endsValue(_ byte: UInt8) -> Bool { byte <= 0x20 || "&;\"'?#,}".utf8.contains(byte) }

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
