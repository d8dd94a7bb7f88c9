/// The parts of an absolute address (RFC 3986 section 3) that decide where it leads.
public struct WebURL: Sendable, Equatable {
    /// In lower case.
    public let scheme: String
    /// In lower case, without port and brackets. Empty when there is none.
    public let host: String
    /// nil when none is written.
    public let port: Int?
    /// Empty or beginning with a slash.
    public let path: String
    /// Without the question mark.
    public let query: String

    /// - Returns: nil for a text without `scheme://`, with a port that is none, or with characters in front of the path that do not belong there:
    ///   browsers take `\\` for a slash, so `http://evil\\@localhost` leads elsewhere than it seems.
    public init?(_ text: String) {
        guard let colon = text.firstRange(of: "://"), colon.lowerBound != text.startIndex else { return nil }
        scheme = text[..<colon.lowerBound].lowercased()
        let rest = text[colon.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard authority.utf8.allSatisfy(Self.isAllowedInAuthority) else { return nil }
        let location = rest[authority.endIndex...]
        path = String(location.prefix { $0 != "?" })
        query = String(location.drop { $0 != "?" }.dropFirst())
        let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let isBracketed = hostAndPort.hasPrefix("[")
        let name = isBracketed ? hostAndPort.dropFirst().prefix { $0 != "]" } : hostAndPort.prefix { $0 != ":" }
        host = name.lowercased()
        let suffix = isBracketed ? hostAndPort[name.endIndex...].dropFirst() : hostAndPort[name.endIndex...]
        guard suffix.isEmpty || suffix == ":" else {
            guard suffix.first == ":", let number = Int(suffix.dropFirst()), (1...65535).contains(number) else {
                return nil
            }
            port = number
            return
        }
        port = nil
    }

    /// RFC 3986 section 3.2
    private static func isAllowedInAuthority(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~%!$&'()*+,;=:@[]".utf8.contains(byte)
        }
    }
}
