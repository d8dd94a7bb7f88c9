/// Hides secrets in what is kept for people to look at.
public enum Masking {
    /// Parameters that hold a secret or a token.
    private static let secretParameters: Set<String> = [
        "client_secret", "client_assertion", "assertion", "password", "token", "access_token", "refresh_token",
        "id_token_hint", "subject_token", "actor_token", "code", "code_verifier", "device_code", "logout_token", "csrf",
        "request", "user_code",
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

    public static func parameter(_ name: String, _ value: String) -> String {
        secretParameters.contains(name.lowercased()) ? (value.isEmpty ? "" : masked(value)) : cut(value)
    }

    public static func header(_ name: String, _ value: String) -> String {
        guard secretHeaders.contains(name.lowercased()) else { return cut(value) }
        // The scheme is worth knowing.
        guard let space = value.firstIndex(of: " ") else { return masked(value) }
        return value[..<space] + " " + masked(String(value[value.index(after: space)...]))
    }

    private static func cut(_ value: String) -> String {
        value.utf8.count <= longest ? value : String(value.unicodeScalars.prefix(longest)) + "…"
    }
}
