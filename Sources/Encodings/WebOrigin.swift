/// Origins of the web (RFC 6454): `http://` or `https://` and a host with an optional port, and nothing else. Issuers are of this form, too.
public enum WebOrigin {
    /// For messages.
    public static let expectation =
        "http:// or https:// and a host, perhaps with a port from 1 to 65535, without path or trailing slash"

    /// Whether a text is an origin (RFC 6454): scheme, host and perhaps a port, without a path.
    public static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let separator = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let scheme = text[..<separator].lowercased()
        guard scheme == "http" || scheme == "https", bytes.dropFirst(scheme.utf8.count).starts(with: "://".utf8) else {
            return false
        }
        return isValidHost(String(decoding: bytes.dropFirst(scheme.utf8.count + 3), as: UTF8.self))
    }

    /// Whether a text is a host with an optional port: a name, an IPv4 address, or an IPv6 address in brackets.
    public static func isValidHost(_ text: String) -> Bool {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            guard isIPv6(rest[rest.index(after: rest.startIndex)..<end]) else { return false }
            rest = rest[rest.index(after: end)...]
        } else {
            let name = rest.prefix { $0 != UInt8(ascii: ":") }
            guard isName(name) else { return false }
            rest = rest[name.endIndex...]
        }
        return rest.isEmpty || (rest.first == UInt8(ascii: ":") && isPort(rest.dropFirst()))
    }

    /// Labels of letters, digits, hyphens and underscores (which service names in container networks have), separated by dots.
    private static func isName(_ name: Substring.UTF8View) -> Bool {
        guard (1...253).contains(name.count) else { return false }
        let labels = name.split(separator: UInt8(ascii: "."), maxSplits: 128, omittingEmptySubsequences: false)
        // A dot at the end makes a name absolute.
        let checked = labels.count > 1 && labels.last?.isEmpty == true ? labels.dropLast() : labels[...]
        return checked.allSatisfy { label in
            (1...63).contains(label.count)
                && label.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
    }

    private static func isPort(_ digits: Substring.UTF8View) -> Bool {
        guard (1...5).contains(digits.count), digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return false }
        return (1...65535).contains(digits.reduce(0) { $0 * 10 + Int($1 - 48) })
    }

    /// RFC 4291 section 2.2, without zone.
    private static func isIPv6(_ text: Substring.UTF8View) -> Bool {
        guard (2...45).contains(text.count) else { return false }
        let groups = text.split(separator: UInt8(ascii: ":"), maxSplits: 9, omittingEmptySubsequences: false)
        let isShort = Substring(text).contains("::")
        let empty = groups.count { $0.isEmpty }
        guard groups.count >= 3, groups.count <= 9 else { return false }
        var count = 0
        for (index, group) in groups.enumerated() where !group.isEmpty {
            if index == groups.count - 1, group.contains(UInt8(ascii: ".")) {
                guard isIPv4(group) else { return false }
                count += 2
                continue
            }
            guard group.count <= 4,
                group.allSatisfy({ ($0 >= 48 && $0 <= 57) || (0x41...0x46).contains($0 & 0xDF) })
            else { return false }
            count += 1
        }
        guard isShort else { return empty == 0 && count == 8 }
        let atEdge = groups[0].isEmpty || groups[groups.count - 1].isEmpty
        let allowed = groups.count == 3 && groups.allSatisfy(\.isEmpty) ? 3 : atEdge ? 2 : 1
        return empty <= allowed && count <= 7
    }

    private static func isIPv4(_ text: Substring.UTF8View) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { $0 >= 48 && $0 <= 57 }
                    && part.reduce(0) { $0 * 10 + Int($1 - 48) } <= 255
            }
    }
}
