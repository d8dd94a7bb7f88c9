/// JSON as editors, shells and tools of different systems hand it over.
public enum JSONDocument {
    /// Why a content is not read.
    public struct Problem: Error, Equatable {
        /// Counted from 1, columns in bytes; nil when the content as a whole is not UTF-8.
        public let line: Int?
        public let column: Int?
        /// What is wrong and what to do; about the whole content, it begins with "is".
        public let message: String
    }

    /// Parses a content, without a byte order mark.
    /// - Parameters:
    ///   - strict: whether to reject what Go's decoder tolerates, for files that humans write.
    ///   - verb: what is done with a text in another encoding: "save" for a file, "send" for a body.
    public static func parse(
        _ content: [UInt8], strict: Bool = false, verb: String = "save"
    ) throws(Problem) -> JSON {
        if let encoding = TextFile.wideEncoding(content) {
            throw Problem(line: nil, column: nil, message: "is \(encoding); \(verb) it as UTF-8")
        }
        if content.starts(with: [0x1F, 0x8B]) {
            throw Problem(line: nil, column: nil, message: "is compressed by gzip; \(verb) it uncompressed")
        }
        let text = TextFile.withoutByteOrderMark(content)
        do { return try JSONParser.parse(text, strict: strict) } catch {
            let isEmpty = text.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
            let message = isEmpty ? "the text is empty; expected a value" : error.message + hint(text, error, verb)
            throw Problem(line: error.line, column: error.column, message: message)
        }
    }

    /// What was probably meant by the text where the parser stopped.
    private static func hint(_ text: ArraySlice<UInt8>, _ error: JSONSyntaxError, _ verb: String) -> String {
        let lines = text.split(separator: 0x0A, maxSplits: error.line, omittingEmptySubsequences: false)
        guard error.line <= lines.count else { return "" }
        let rest = lines[error.line - 1].dropFirst(error.column - 1)
        func begins(_ text: String) -> Bool { rest.starts(with: text.utf8) }
        func isBlank(_ text: some Sequence<UInt8>) -> Bool {
            text.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
        }
        if isBlank(rest), lines[error.line...].allSatisfy(isBlank) {
            return error.message.contains("the text ends") ? "" : "; the text ends here, and its end is missing"
        }
        if error.message.contains("unknown escape") { return "; write \\\\ for a backslash, and / in paths" }
        if error.message.contains("control character") { return "; write \\n for a line end, \\t for a tab" }
        let isAtStart =
            lines[..<(error.line - 1)].allSatisfy(isBlank) && isBlank(lines[error.line - 1].prefix(error.column - 1))
        if isAtStart, let format = otherFormat(rest) { return "; it looks like \(format), and JSON is expected" }
        if begins("//") || begins("/*") || begins("#") {
            return "; JSON has no comments, use a member \"x-note\""
        }
        if begins("'") { return "; JSON has double quotes only" }
        if ["\u{2018}", "\u{2019}", "\u{201A}", "\u{201C}", "\u{201D}", "\u{201E}", "\u{AB}", "\u{BB}"].contains(
            where: begins)
        {
            return "; it is a typographic quotation mark, write \""
        }
        if ["\u{A0}", "\u{202F}", "\u{2007}", "\u{3000}", "\u{200B}", "\u{FEFF}"].contains(where: begins) {
            return "; it is a space that JSON does not have, such as a no-break space: write a plain one"
        }
        if let word = words.first(where: { begins($0.written) }) { return "; write \(word.meant)" }
        let isForeign = rest.first.map { $0 >= 0x80 } ?? false
        guard error.message == JSONParser.notUTF8 || isForeign && String(validating: text, as: UTF8.self) == nil else {
            return ""
        }
        return "; \(verb) it as UTF-8"
    }

    /// The format that a text begins as.
    private static func otherFormat(_ text: ArraySlice<UInt8>) -> String? {
        if text.starts(with: "-----BEGIN".utf8) { return "PEM" }
        if text.starts(with: "<".utf8) { return "XML or HTML" }
        let key = text.prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 == 0x5F || $0 == 0x2D }
        let rest = text.dropFirst(key.count)
        if text.starts(with: "---".utf8) || text.starts(with: "- ".utf8) { return "YAML" }
        return !key.isEmpty && rest.first == UInt8(ascii: ":") ? "YAML" : nil
    }

    /// Values as other languages write them.
    private static let words: [(written: String, meant: String)] = [
        ("True", "true"), ("TRUE", "true"), ("False", "false"), ("FALSE", "false"), ("None", "null"), ("NULL", "null"),
        ("Null", "null"), ("nil", "null"), ("undefined", "null"),
    ]
}
