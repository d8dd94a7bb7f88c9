/// What a shell, an editor or an env file may have put around a value that is taken as it is, with a warning. A secret may well end in `)`, so less is
/// odd here than in a value that was refused (`Wrapping`).
public enum ValueOddity: Sendable {
    case byteOrderMark, quotationMarks, whiteSpace, severalLines, assignment

    /// The first oddity of a value; nil for none.
    public init?(_ value: String) {
        let scalars = value.unicodeScalars
        func isSpace(_ scalar: Unicode.Scalar?) -> Bool { scalar?.properties.isWhitespace == true }
        if scalars.first == "\u{FEFF}" {
            self = .byteOrderMark
        } else if scalars.count > 1, let first = scalars.first, first == scalars.last,
            "\"'".unicodeScalars.contains(first)
        {
            self = .quotationMarks
        } else if isSpace(scalars.first) || isSpace(scalars.last) {
            self = .whiteSpace
        } else if value.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) {
            self = .severalLines
        } else if Self.isAssignment(value) {
            self = .assignment
        } else {
            return nil
        }
    }

    /// `CLIENT_SECRET=…`, a line of an env file. A name has an underscore, and base64 ends with its equals signs.
    private static func isAssignment(_ value: String) -> Bool {
        let name = value.utf8.prefix { (65...90).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
        let rest = value.utf8.dropFirst(name.count)
        return name.contains(UInt8(ascii: "_")) && name.first.map { $0 > 57 } == true
            && rest.first == UInt8(ascii: "=") && rest.contains { $0 != UInt8(ascii: "=") }
    }

    /// What a value does, and that it is meant literally.
    /// - Parameter whole: what the value is: "the secret".
    public func sentence(of whole: String) -> String {
        switch self {
        case .byteOrderMark: "begins with a byte order mark, which is part of \(whole)"
        case .quotationMarks: "is in quotation marks, which are part of \(whole)"
        case .whiteSpace: "begins or ends with white space, which is part of \(whole)"
        case .assignment: "begins with a name and an equals sign, which are part of \(whole)"
        case .severalLines: "holds several lines, which are all part of \(whole)"
        }
    }
}
