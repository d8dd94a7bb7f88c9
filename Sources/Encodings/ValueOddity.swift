/// What a shell, an editor or an env file may have put around a value that is taken as it is, with a warning. A secret may well end in `)`, so less is
/// odd here than in a value that was refused (`Wrapping`).
public enum ValueOddity: Sendable {
    case byteOrderMark, quotationMarks, whiteSpace, severalLines

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
        } else {
            return nil
        }
    }

    /// What a value does, and that it is meant literally.
    /// - Parameter whole: what the value is: "the secret".
    public func sentence(of whole: String) -> String {
        switch self {
        case .byteOrderMark: "begins with a byte order mark, which is part of \(whole)"
        case .quotationMarks: "is in quotation marks, which are part of \(whole)"
        case .whiteSpace: "begins or ends with white space, which is part of \(whole)"
        case .severalLines: "holds several lines, which are all part of \(whole)"
        }
    }
}
