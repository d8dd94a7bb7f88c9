import Encodings

/// What got around a value on its way, and is not of it: white space, quotation marks, the name of a header or parameter, the parameters that followed it.
///
/// Only looked for in a value that was refused, to say what to send instead.
struct Wrapping {
    /// Words that follow the name of the value: what is around it, and what to send.
    let problem: String
    /// What was probably meant. Something may be around it in turn.
    let content: String

    /// Bytes of a value that is looked at; nothing that is longer is a token, an id or a secret.
    private static let longest = 32_768
    private static let marks = "\"'`“”„‘’‚«»‹›<>()[]".unicodeScalars

    /// - Returns: nil for a text with nothing around it.
    init?(_ text: String) {
        let scalars = text.unicodeScalars
        guard text.utf8.count <= Self.longest, let first = scalars.first, let last = scalars.last else { return nil }
        if Self.isPlaceholder(text) {
            self.init("is a variable that was not filled in; send its value", scalars[scalars.endIndex...])
        } else if first == "\u{FEFF}" {
            self.init(
                "begins with a byte order mark, as some editors put it into files; send only what follows it",
                scalars.dropFirst())
        } else if first == "{" {
            self.init("is a whole JSON object; send only the value of its member", scalars.dropFirst())
        } else if let end = Self.nextLine(scalars) {
            self.init("is followed by parameters on further lines; join parameters by \"&\"", scalars[..<end])
        } else if Self.marks.contains(first) || Self.marks.contains(last) {
            self.init(
                "is in quotation marks or brackets; send only what is between them",
                Self.trimmed(scalars, Self.marks.contains))
        } else if first.value == 0 || last.value == 0 {
            self.init(
                "has the character U+0000 around it; send it without", Self.trimmed(scalars) { $0.value == 0 })
        } else if Self.isSpace(first) || Self.isSpace(last) {
            self.init(
                "has white space around it, such as the line feed at the end of a file; send it without",
                Self.trimmed(scalars, Self.isSpace))
        } else if let name = Self.name(scalars) {
            self.init("begins with \"\(String(name))\"; send only what follows it", scalars[name.endIndex...])
        } else if let code = Self.parameterOfAddress(scalars) {
            self.init("is a whole address; send only the value of its parameter", code)
        } else if let end = Self.nextParameter(scalars) {
            self.init("is followed by other parameters; send only what is before the \"&\"", scalars[..<end])
        } else if let end = Self.fragment(scalars) {
            self.init("is followed by the fragment of an address; send only what is before the \"#\"", scalars[..<end])
        } else if last == "…" || scalars.suffix(3).elementsEqual("...".unicodeScalars) {
            self.init("is abbreviated at its end; send it in full", scalars.dropLast(last == "…" ? 1 : 3))
        } else {
            return nil
        }
    }

    /// What programs and shells send when there is no value: `undefined`, `[object Promise]`, `${TOKEN}`, `{{ token }}`, `<token>`, `$TOKEN`.
    static func isPlaceholder(_ text: String) -> Bool {
        guard text.utf8.count <= 100 else { return false }
        if ["undefined", "null", "None", "nil", "NaN", "%s", "{}", "[object Object]"].contains(text) { return true }
        let isObject = text.hasPrefix("[object ") || text.hasPrefix("<coroutine ") || text.hasPrefix("<function ")
        if isObject || text.hasPrefix("System.Threading.") { return true }
        let scalars = text.unicodeScalars
        let inner = scalars.drop { "#${<%".unicodeScalars.contains($0) }
        let start = inner.drop { $0 == " " }
        let isNumber = start.first.map { ("0"..."9").contains($0) } ?? false
        let name = start.prefix {
            isNumber
                ? ("0"..."9").contains($0)
                : $0 == "_" || $0 == "-" || $0 == "." || $0.isASCII && $0.properties.isAlphabetic
        }
        guard inner.count < scalars.count, !name.isEmpty, !isNumber || name.count < 3 else { return false }
        let end = inner[name.endIndex...].drop { $0 == " " }
        // A name of the environment alone, as in a shell that does not replace it.
        if end.isEmpty { return scalars.first == "$" && inner.count == scalars.count - 1 && isVariable(name) }
        return end.allSatisfy { "}>%".unicodeScalars.contains($0) }
    }

    private static func isVariable(_ name: Substring.UnicodeScalarView) -> Bool {
        name.count > 2 && name.allSatisfy { $0 == "_" || ("A"..."Z").contains($0) || ("0"..."9").contains($0) }
    }

    private init(_ problem: String, _ content: Substring.UnicodeScalarView) {
        self.problem = problem
        self.content = String(String.UnicodeScalarView(content))
    }

    /// The value without anything around it.
    static func unwrapped(_ text: String) -> String {
        var text = text
        for _ in 0..<8 {
            guard let wrapping = Wrapping(text) else { break }
            text = wrapping.content
        }
        return text
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .format || scalar.value < 0x20
    }

    private static func trimmed(
        _ scalars: String.UnicodeScalarView, _ isAround: (Unicode.Scalar) -> Bool
    ) -> Substring.UnicodeScalarView {
        var rest = scalars.drop(while: isAround)
        while let last = rest.last, isAround(last) { rest.removeLast() }
        return rest
    }

    /// What people copy along with a value. Other words before a colon belong to it, as in a URN or an address, or are secret.
    private static let names: Set<String> = [
        "authorization", "bearer", "basic", "dpop", "jwt", "cookie", "x-api-key", "token", "access_token",
        "refresh_token", "id_token", "id_token_hint", "subject_token", "actor_token", "code", "code_verifier",
        "code_challenge", "device_code", "user_code", "assertion", "client_assertion", "client_assertion_type",
        "client_id", "client_secret", "clientid", "clientsecret", "secret", "password", "username", "state", "nonce",
        "scope", "redirect_uri", "post_logout_redirect_uri", "grant_type", "response_type", "prompt", "value",
    ]

    /// `Bearer `, `Authorization: `, `access_token=` and the like: a name, and what sets it off from the value.
    private static func name(_ scalars: String.UnicodeScalarView) -> Substring.UnicodeScalarView? {
        let word = scalars.prefix(30).prefix { $0 == "_" || $0 == "-" || $0.properties.isAlphabetic && $0.isASCII }
        guard names.contains(String(word).lowercased()) else { return nil }
        let separator = scalars[word.endIndex...].prefix { " :=".unicodeScalars.contains($0) }
        let end = separator.endIndex
        // A text in base64 may end with equals signs, and an address begins with its scheme.
        guard !separator.isEmpty, end < scalars.endIndex, scalars[end] != "/" else { return nil }
        return scalars[..<end]
    }

    /// Where a value ends that a fragment follows, such as the `#_=_` that some sign-in services add.
    private static func fragment(_ scalars: String.UnicodeScalarView) -> String.UnicodeScalarView.Index? {
        guard let end = scalars.lastIndex(of: "#"), end > scalars.startIndex, scalars[end...].count <= 8 else {
            return nil
        }
        return end
    }

    /// Where a value ends that parameters follow on lines of their own, as in a file.
    private static func nextLine(_ scalars: String.UnicodeScalarView) -> String.UnicodeScalarView.Index? {
        guard let end = scalars.firstIndex(where: { $0 == "\n" || $0 == "\r" }) else { return nil }
        return scalars[end...].prefix(40).contains("=") ? end : nil
    }

    /// The code or token in an address that was copied whole, such as the redirect to an app.
    private static func parameterOfAddress(_ scalars: String.UnicodeScalarView) -> Substring.UnicodeScalarView? {
        guard scalars.starts(with: "http".unicodeScalars),
            let query = scalars.firstIndex(where: { $0 == "?" || $0 == "#" })
        else { return nil }
        for part in scalars[query...].dropFirst().split(maxSplits: 20, whereSeparator: { $0 == "&" || $0 == "#" }) {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let name = String(part[..<equals])
            if ["code", "access_token", "id_token", "token", "user_code"].contains(name) {
                return part[equals...].dropFirst()
            }
        }
        return nil
    }

    /// Where a value ends that was copied with the parameters after it.
    private static func nextParameter(_ scalars: String.UnicodeScalarView) -> String.UnicodeScalarView.Index? {
        guard let end = scalars.firstIndex(of: "&") else { return nil }
        return scalars[end...].prefix(40).contains("=") ? end : nil
    }
}

extension String {
    /// "; it is in quotation marks …", to follow a message about a value that is refused; empty for a value with nothing around it.
    var wrappingHint: String { Wrapping(self).map { "; it \($0.problem)" } ?? "" }

    /// What a value of a closed list was probably meant to be, to follow a message that refuses it; empty when nothing is near.
    func hint(among values: some Sequence<String>) -> String {
        let hint = wrappingHint
        guard hint.isEmpty else { return hint }
        // The short name of a URN, or another URN that ends so.
        let end = utf8.count <= 200 ? split(separator: ":").last.map { ":" + $0 } : nil
        let meant = Similarity.nearest(to: self, in: values) ?? values.first { end.map($0.hasSuffix) ?? false }
        return meant.map { "; did you mean \($0)?" } ?? ""
    }
}
