/// A `Content-Type` header, checked as strictly as Go's `mime.ParseMediaType` does, because a malformed one is an error there.
public enum MediaType: Equatable, Sendable {
    case malformed
    /// Type and subtype in lower case, without parameters.
    case type(String)

    private static let form = "application/x-www-form-urlencoded"

    /// - Parameter header: the header's value; nil when it was not sent.
    public static func parse(_ header: String?) -> MediaType {
        guard let header else { return .type("application/octet-stream") }
        if header == form { return .type(form) }
        var parts = header.split(separator: ";", omittingEmptySubsequences: false).map(trim)
        let type = parts.removeFirst().lowercased()
        let halves = type.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count <= 2, halves.allSatisfy({ isToken($0) }) else { return .malformed }
        if parts.last == "" { parts.removeLast() }
        for parameter in parts {
            let sides = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, isToken(sides[0]) else { return .malformed }
            let value = sides[1]
            let isQuoted = value.utf8.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
            guard isQuoted || isToken(value) else { return .malformed }
        }
        return .type(type)
    }

    private static func trim(_ text: Substring) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    /// RFC 9110 section 5.6.2.
    private static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()<>@,;:\\\"/[]?=".utf8.contains($0) }
    }
}
