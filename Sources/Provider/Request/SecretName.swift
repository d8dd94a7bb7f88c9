/// Recognizes parameters and headers that hold a secret or a token by their names, in whatever spelling: `client_secret`, `clientSecret`, `X-Api-Key`.
enum SecretName {
    /// The letters of names.
    private static let names: Set<String> = [
        "clientassertion", "assertion", "idtokenhint", "code", "codeverifier", "devicecode", "usercode",
        "codechallenge", "csrf", "request", "authorization", "proxyauthorization", "cookie", "setcookie", "pin", "otp",
        "auth", "bearer", "pat", "key", "mfacode", "otpcode", "dpop",
    ]
    /// Words in names of all kinds.
    private static let words: [[UInt8]] = [
        "secret", "pass", "pwd", "apikey", "privatekey", "credential", "token",
    ].map { Array($0.utf8) }
    private static let typeWord = Array("type".utf8)
    private static let shortest = 3
    private static let longest = 64

    /// Parameters that callers write without the equals sign.
    private static let parameters = [
        "client_secret", "client_assertion", "code_verifier", "refresh_token", "access_token", "id_token_hint",
        "password", "assertion",
    ]

    static func isSecret(_ name: String) -> Bool { isSecret(Array(name.utf8)[...]) }

    /// The same for a name in a text. A text may hold hundreds of thousands of them.
    static func isSecret(_ name: ArraySlice<UInt8>) -> Bool {
        guard (shortest...longest).contains(name.count) else { return false }
        var letters: [UInt8] = []
        letters.reserveCapacity(longest)
        for byte in name {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): letters.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): letters.append(byte | 0x20)
            default: break
            }
        }
        guard letters.count >= shortest else { return false }
        if letters.count <= longestName, names.contains(String(decoding: letters, as: UTF8.self)) { return true }
        // Not the types of tokens.
        return words.contains { has($0, in: letters) } && !has(typeWord, in: letters)
    }

    /// Letters of the longest of the names.
    private static let longestName = 18

    private static func has(_ word: [UInt8], in letters: [UInt8]) -> Bool {
        guard letters.count >= word.count else { return false }
        for start in 0...(letters.count - word.count) where letters[start] == word[0] {
            if letters[start..<(start + word.count)].elementsEqual(word) { return true }
        }
        return false
    }

    static func isSecretHeader(_ name: String) -> Bool {
        isSecret(name) || ["auth", "key", "session", "oidc"].contains { name.lowercased().contains($0) }
    }

    /// The name that a text begins with and does not end with, as "client_secretabc" does; nil for none.
    static func beginning(of text: String) -> String? {
        parameters.first { name in
            let rest = text.utf8.dropFirst(name.utf8.count).first
            return text.lowercased().hasPrefix(name) && rest.map { $0 != UInt8(ascii: "_") } ?? false
        }
    }
}
