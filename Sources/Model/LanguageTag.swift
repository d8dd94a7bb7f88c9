/// A language, as far as this server reads language tags (RFC 5646): language, script and region.
public struct LanguageTag: Sendable, Equatable {
    /// In canonical letter case, such as `de-CH`.
    public let text: String

    /// ISO 639-1. Languages of three letters are taken as they come.
    private static let languages = Set(
        """
        aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga \
        gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv \
        mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr \
        ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
        """.split(separator: " ").map(String.init))

    /// - Parameter text: subtags with `-` or `_` between them, in any letter case.
    public init?(_ text: some StringProtocol) {
        var subtags = text.lowercased().split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }[...]
        guard let language = subtags.popFirst(), Self.isAlphabetic(language),
            language.count == 3 || Self.languages.contains(String(language))
        else { return nil }
        var out = String(language)
        if let script = subtags.first, script.count == 4, Self.isAlphabetic(script) {
            out += "-" + script.prefix(1).uppercased() + script.dropFirst()
            subtags = subtags.dropFirst()
        }
        if let region = subtags.first {
            let isNumber = region.count == 3 && region.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isNumber || region.count == 2 && Self.isAlphabetic(region) else { return nil }
            out += "-" + region.uppercased()
            subtags = subtags.dropFirst()
        }
        guard subtags.isEmpty else { return nil }
        self.text = out
    }

    private static func isAlphabetic(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }
}
