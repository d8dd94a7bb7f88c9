import Glibc

/// Addresses of hosts, written as numbers.
public enum IPAddress {
    /// Whether the text is an IPv6 address, without brackets.
    public static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return !text.utf8.contains(0) && inet_pton(AF_INET6, text, &address) == 1
    }

    /// Whether the text is an IPv4 or IPv6 address of the loopback interface, in whatever spelling (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3).
    /// An IPv4 address within an IPv6 one counts as that.
    public static func isLoopback(_ text: String) -> Bool {
        guard !text.utf8.contains(0) else { return false }
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return UInt32(bigEndian: v4.s_addr) >> 24 == 127 }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return false }
        let bytes = withUnsafeBytes(of: &v6) { Array($0) }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? bytes[12] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }
}
