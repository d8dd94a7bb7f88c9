import Encodings

/// A `Content-Type` header, checked as strictly as Go's `mime.ParseMediaType` does, because a malformed one is an error there.
public enum MediaType: Equatable, Sendable {
    case malformed
    /// Type and subtype in lower case, without parameters.
    case type(String)

    /// Bytes of a value that is read.
    private static let longest = 16_384
    private static let form = "application/x-www-form-urlencoded"

    /// - Parameter header: the header's value; nil when it was not sent.
    public static func parse(_ header: String?) -> MediaType {
        guard let header, !header.isEmpty else { return .type("application/octet-stream") }
        if header == form { return .type(form) }
        guard header.utf8.count <= longest else { return .malformed }
        let end = header.utf8.firstIndex(of: UInt8(ascii: ";")) ?? header.endIndex
        let type = trim(header[..<end]).lowercased()
        let halves = type.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count <= 2, halves.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(FieldSyntax.isMIMETokenByte) })
        else { return .malformed }
        var rest = trim(header[end...]).utf8[...]
        var parameters: [String: [UInt8]] = [:]
        // A single ';' at the end is forgiven.
        while !rest.isEmpty, !rest.elementsEqual(";".utf8) {
            guard rest.first == UInt8(ascii: ";") else { return .malformed }
            rest = skipSpaces(rest.dropFirst())
            let name = String(Substring(rest.prefix(while: FieldSyntax.isMIMETokenByte))).lowercased()
            rest = skipSpaces(rest.dropFirst(name.utf8.count))
            guard !name.isEmpty, rest.first == UInt8(ascii: "=") else { return .malformed }
            rest = skipSpaces(rest.dropFirst())
            guard let value = FieldSyntax.takeValue(&rest) else { return .malformed }
            guard parameters.updateValue(value, forKey: name).map({ $0 == value }) ?? true else { return .malformed }
            rest = skipSpaces(rest)
        }
        return .type(type)
    }

    private static func skipSpaces(_ text: Substring.UTF8View) -> Substring.UTF8View {
        text.drop { $0 == 0x20 || $0 == 0x09 }
    }

    private static func trim(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return start.lastIndex { $0 != " " && $0 != "\t" }.map { start[...$0] } ?? ""
    }
}
