import Encodings
import HTTP
import Model

/// Hosts that no stranger's name server answers for. A web page of a stranger may give its own name the address of this server (DNS rebinding), and is of
/// the same origin then: only the header `Host` shows it, which no page can choose.
enum TrustedHost {
    /// Top-level domains that nobody can register (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`).
    private static let reservedDomains = [".localhost", ".test", ".internal", ".local", ".home.arpa"]

    /// - Parameters:
    ///   - host: with or without a port.
    ///   - settings: name the domains that the instance answers for, and perhaps its issuer.
    static func contains(_ host: String, _ settings: InstanceSettings) -> Bool {
        if settings.domains.contains(host) { return true }
        guard var name = GoURL("http://" + host)?.hostname.lowercased() else { return host.isEmpty }
        // The root of all names, as `localhost.` has it.
        if name.hasSuffix(".") { name.removeLast() }
        if settings.domains.contains(name) || !name.contains(".") { return true }
        if host.hasPrefix("[") { return IPAddress.isIPv6(name) }
        let isIPv4 = name.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 }
        if isIPv4 || reservedDomains.contains(where: { name.hasSuffix($0) }) { return true }
        let issuer = settings.issuer.flatMap { GoURL($0) }
        return issuer.map { $0.hostname.lowercased() == name } ?? false
    }

    /// What to do about a host that is not one of them.
    static let advice =
        "use localhost, an IP address, a name without dots or below .test, .internal or .local, one of instance.domains, or that of instance.issuer"
}

extension HTTPRequest {
    /// Whether the request came by the name of a host that no stranger can own.
    func hasTrustedHost(_ settings: InstanceSettings) -> Bool {
        TrustedHost.contains(header("host") ?? "", settings)
    }
}
