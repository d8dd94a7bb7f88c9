/// The parts of an address that decide about redirects.
struct WebAddress: Equatable {
    let scheme: String
    /// Without port and brackets.
    let host: String
    let path: String
    let query: String

    /// - Returns: nil for a text without `scheme://`.
    init?(_ text: String) {
        guard let colon = text.firstRange(of: "://"), colon.lowerBound != text.startIndex else { return nil }
        scheme = text[..<colon.lowerBound].lowercased()
        let rest = text[colon.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let location = rest[authority.endIndex...]
        path = String(location.prefix { $0 != "?" })
        query = String(location.drop { $0 != "?" }.dropFirst())
        let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if hostAndPort.hasPrefix("[") {
            host = String(hostAndPort.dropFirst().prefix { $0 != "]" })
        } else {
            host = hostAndPort.prefix { $0 != ":" }.lowercased()
        }
    }

    /// RFC 8252 section 7.3, and `localhost`, which ZITADEL takes for the same.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && numbers.allSatisfy { $0 != nil }
    }
}
