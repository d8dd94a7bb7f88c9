/// An address as Go's `net/url` reads and writes it: ZITADEL compares and rewrites redirect URIs in this form, so its quirks are visible on the wire.
///
/// Different from RFC 3986 in that any escape of a path may come back in another spelling, and that a text without a scheme is a path.
public struct GoURL: Sendable, Equatable {
    /// In lower case; empty for a relative address.
    public let scheme: String
    /// What follows the scheme when no slash does.
    public let opaque: String
    /// Escaped as it is written; nil without an `@`.
    private let userInfo: String?
    /// With port and brackets, in the letter case of the text.
    public let host: String
    /// Decoded.
    public let path: [UInt8]
    /// As it was written, when that is not how the decoded path would be escaped.
    private let rawPath: String
    /// Without the question mark.
    public var query: String
    private var hasEmptyQuery: Bool
    /// Decoded.
    public var fragment: [UInt8]
    private var rawFragment: String

    /// - Returns: nil where Go reports an error: control characters, a malformed escape, host, port or user information, an empty scheme.
    public init?(_ text: String) {
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        let bytes = Array(text.utf8)
        let hash = bytes.firstIndex(of: UInt8(ascii: "#"))
        let written = hash.map { bytes[($0 + 1)...] } ?? []
        guard let fragment = URLEscaping.decoded(written, .fragment) else { return nil }
        self.fragment = fragment
        rawFragment = URLEscaping.encoded(fragment, .fragment).utf8.elementsEqual(written) ? "" : Self.text(written)

        var rest = bytes[..<(hash ?? bytes.endIndex)]
        guard let scheme = Self.takeScheme(&rest) else { return nil }
        self.scheme = scheme
        let mark = rest.firstIndex(of: UInt8(ascii: "?"))
        query = Self.text(mark.map { rest[($0 + 1)...] } ?? [])
        hasEmptyQuery = mark != nil && query.isEmpty
        rest = rest[..<(mark ?? rest.endIndex)]

        guard rest.first == UInt8(ascii: "/") || scheme.isEmpty else {
            opaque = Self.text(rest)
            (userInfo, host, path, rawPath) = (nil, "", [], "")
            return
        }
        opaque = ""
        guard let authority = Self.takeAuthority(&rest, hasScheme: !scheme.isEmpty) else { return nil }
        (userInfo, host) = authority
        guard let path = URLEscaping.decoded(rest, .path) else { return nil }
        self.path = path
        rawPath = URLEscaping.encoded(path, .path).utf8.elementsEqual(rest) ? "" : Self.text(rest)
    }

    private static func text(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        return StreamSafeText.isSafe(bytes[...]) ? String(repairing: bytes) : "\u{FFFD}"
    }

    /// Takes the slashes and the authority off.
    /// - Returns: an empty host when there is none; nil for one that is malformed, and for a relative path that would be read as a scheme.
    private static func takeAuthority(
        _ rest: inout ArraySlice<UInt8>, hasScheme: Bool
    ) -> (userInfo: String?, host: String)? {
        guard rest.first == UInt8(ascii: "/") else {
            // A colon in the first segment would make the text before it a scheme (RFC 3986 section 4.2).
            let segment = rest.prefix { $0 != UInt8(ascii: "/") }
            return segment.contains(UInt8(ascii: ":")) ? nil : (nil, "")
        }
        guard rest.starts(with: "//".utf8), hasScheme || !rest.starts(with: "///".utf8) else { return (nil, "") }
        let authority = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
        rest = rest[authority.endIndex...]
        return parts(of: authority)
    }

    /// Takes the scheme and its colon off.
    /// - Returns: empty when there is none, nil when the text begins with a colon.
    private static func takeScheme(_ rest: inout ArraySlice<UInt8>) -> String? {
        for (offset, byte) in rest.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                if offset == 0 { return "" }
            case UInt8(ascii: ":"):
                if offset == 0 { return nil }
                let scheme = text(rest.prefix(offset)).lowercased()
                rest = rest.dropFirst(offset + 1)
                return scheme
            default: return ""
            }
        }
        return ""
    }

    private static func parts(of authority: ArraySlice<UInt8>) -> (userInfo: String?, host: String)? {
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else {
            return checkedHost(authority).map { (nil, $0) }
        }
        let user = authority[..<at]
        let isValid = user.allSatisfy { URLEscaping.isUnreserved($0) || "-._:~!$&'()*+,;=%@".utf8.contains($0) }
        guard isValid, let host = checkedHost(authority[(at + 1)...]) else { return nil }
        let sides = user.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        var escaped: [String] = []
        for side in sides {
            guard let decoded = URLEscaping.decoded(side, .userPassword) else { return nil }
            escaped.append(URLEscaping.encoded(decoded, .userPassword))
        }
        return (escaped.joined(separator: ":"), host)
    }

    /// The host with its port, if both are well formed.
    private static func checkedHost(_ host: ArraySlice<UInt8>) -> String? {
        let port: ArraySlice<UInt8>
        if host.first == UInt8(ascii: "[") {
            guard let bracket = host.lastIndex(of: UInt8(ascii: "]")) else { return nil }
            port = host[(bracket + 1)...]
        } else {
            port = host.lastIndex(of: UInt8(ascii: ":")).map { host[$0...] } ?? []
        }
        let digits = port.dropFirst()
        guard port.isEmpty || port.first == UInt8(ascii: ":"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let decoded = URLEscaping.decoded(host, .host)
        else { return nil }
        return text(decoded)
    }

    /// The host without its port and brackets, in the letter case of the text.
    public var hostname: String {
        var name = Substring(host)
        if let colon = name.lastIndex(of: ":"),
            name[colon...].dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            !name.hasPrefix("[") || name[..<colon].hasSuffix("]")
        {
            name = name[..<colon]
        }
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        return String(name)
    }

    /// The digits of the port; empty when there is none.
    public var port: Substring {
        guard let colon = host.lastIndex(of: ":"),
            host[colon...].dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return "" }
        return host[colon...].dropFirst()
    }

    /// The text of the address, as Go writes it.
    public var text: String {
        var text = scheme.isEmpty ? "" : scheme + ":"
        if !opaque.isEmpty {
            text += opaque
        } else {
            let hasHost = !host.isEmpty || userInfo != nil
            if hasHost {
                text += "//" + (userInfo.map { $0 + "@" } ?? "") + URLEscaping.encoded(Array(host.utf8), .host)
            }
            let path = escapedPath
            if !path.isEmpty, !path.hasPrefix("/"), !host.isEmpty { text += "/" }
            text += path
        }
        if hasEmptyQuery || !query.isEmpty { text += "?" + query }
        if !fragment.isEmpty { text += "#" + escapedFragment }
        return text
    }

    private var escapedPath: String {
        let isValid = rawPath.utf8.allSatisfy {
            URLEscaping.isUnreserved($0) || "!$&'()*+,;=:@[]%/-._~".utf8.contains($0)
        }
        return !rawPath.isEmpty && isValid ? rawPath : URLEscaping.encoded(path, .path)
    }

    private var escapedFragment: String {
        let isKept =
            !rawFragment.isEmpty && URLEscaping.decoded(Array(rawFragment.utf8)[...], .fragment) == fragment
            && rawFragment.utf8.allSatisfy {
                URLEscaping.isUnreserved($0) || "!$&'()*+,;=:@[]%/?-._~".utf8.contains($0)
            }
        return isKept ? rawFragment : URLEscaping.encoded(fragment, .fragment)
    }

    /// The parameters of the query as Go's `Query` reads them: malformed ones are dropped.
    public var queryParameters: [(name: String, value: String)] {
        query.utf8.split(separator: UInt8(ascii: "&")).compactMap { pair in
            guard !pair.contains(UInt8(ascii: ";")) else { return nil }
            let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.formDecoded(Array(sides[0])),
                let value = PercentEncoding.formDecoded(sides.count > 1 ? Array(sides[1]) : [])
            else { return nil }
            return (name, value)
        }
    }

    /// Parameters as Go's `Values.Encode` writes them: sorted by name, those of one name in their order.
    public static func encoded(_ parameters: [(name: String, value: String)]) -> String {
        let sorted = parameters.enumerated().sorted { left, right in
            let (a, b) = (left.element.name.utf8, right.element.name.utf8)
            return a.elementsEqual(b) ? left.offset < right.offset : a.lexicographicallyPrecedes(b)
        }
        return sorted.map {
            PercentEncoding.queryEscaped($0.element.name) + "=" + PercentEncoding.queryEscaped($0.element.value)
        }.joined(separator: "&")
    }

    /// The address with more parameters in its query, all of which are written anew.
    public func adding(_ parameters: [(name: String, value: String)]) -> GoURL {
        var copy = self
        copy.query = Self.encoded(queryParameters + parameters)
        copy.hasEmptyQuery = copy.query.isEmpty && hasEmptyQuery
        return copy
    }

    /// The address with a fragment of these characters, none of which count as escapes.
    public func settingFragment(_ text: String) -> GoURL {
        var copy = self
        copy.fragment = Array(text.utf8)
        copy.rawFragment = ""
        return copy
    }

    /// The address with a fragment that is escaped already.
    public func settingEscapedFragment(_ text: String) -> GoURL {
        var copy = self
        copy.fragment = URLEscaping.decoded(Array(text.utf8)[...], .fragment) ?? Array(text.utf8)
        copy.rawFragment = text
        return copy
    }
}
