/// Recognizes parameters and headers that hold a secret or a token by their names, in whatever spelling: `client_secret`, `clientSecret`, `X-Api-Key`.
enum SecretName {
    /// The letters of names.
    private static let names: Set<String> = [
        "clientassertion", "assertion", "idtokenhint", "code", "codeverifier", "devicecode", "usercode",
        "codechallenge", "csrf", "request", "authorization", "proxyauthorization", "cookie", "setcookie", "pin", "otp",
    ]
    /// Words in names of all kinds.
    private static let words = ["secret", "passw", "pwd", "apikey", "privatekey", "credential", "token"]
    /// Parameters that callers write without the equals sign.
    private static let parameters = [
        "client_secret", "client_assertion", "code_verifier", "refresh_token", "access_token", "id_token_hint",
        "password", "assertion",
    ]

    static func isSecret(_ name: String) -> Bool {
        guard name.utf8.count <= 64 else { return false }
        let letters = name.lowercased().filter { $0.isLetter || $0.isNumber }
        if names.contains(letters) { return true }
        // Not the types of tokens.
        return words.contains { letters.contains($0) } && !letters.contains("type")
    }

    static func isSecretHeader(_ name: String) -> Bool {
        isSecret(name) || ["auth", "key", "session"].contains { name.lowercased().contains($0) }
    }

    /// The name that a text begins with and does not end with, as "client_secretabc" does; nil for none.
    static func beginning(of text: String) -> String? {
        parameters.first { name in
            let rest = text.utf8.dropFirst(name.utf8.count).first
            return text.lowercased().hasPrefix(name) && rest.map { $0 != UInt8(ascii: "_") } ?? false
        }
    }
}
