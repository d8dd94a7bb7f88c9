import HTTP
import Model
import OAuth

/// By which name a request came, which makes the issuer of everything that it is answered.
struct Origin: Equatable {
    /// Bytes of a host with its port: 255 for a name (RFC 1035 section 2.3.4), and some for the port.
    private static let hostLimit = 262

    /// scheme://host[:port], without path or trailing slash.
    let issuer: String

    /// The host has no instance; an empty one never has.
    struct UnknownHost: Error {
        let host: String
        let publicHost: String
        let scheme: String
    }

    /// A header that is empty counts as not sent.
    /// - Throws: `UnknownHost` when the instance has a list of domains and the host is not on it, and when no header names a host to make the issuer of.
    init(_ request: HTTPRequest, _ settings: InstanceSettings) throws(UnknownHost) {
        func sent(_ name: String) -> String? { request.header(name).flatMap { $0.isEmpty ? nil : $0 } }
        let forwarded = Forwarded(sent("forwarded") ?? sent("x-zitadel-forwarded") ?? "")
        let instanceHost =
            sent("x-zitadel-instance-host") ?? forwarded.host ?? Self.first(request.header("x-forwarded-host")) ?? sent(
                "host") ?? ""
        let publicHost = sent("x-zitadel-public-host") ?? ""
        let host = publicHost.isEmpty ? instanceHost : publicHost
        let proto = forwarded.proto ?? Self.first(request.header("x-forwarded-proto")) ?? "http"
        let scheme = proto.lowercased() == "https" ? "https" : "http"
        let isNamed = !host.isEmpty || settings.issuer != nil
        guard isNamed, max(host.utf8.count, instanceHost.utf8.count) <= Self.hostLimit,
            Self.isKnown(instanceHost, settings), publicHost.isEmpty || Self.isKnown(publicHost, settings)
        else {
            throw UnknownHost(host: instanceHost, publicHost: publicHost, scheme: scheme)
        }
        issuer = settings.issuer ?? "\(scheme)://\(host)"
    }

    private static func first(_ list: String?) -> String? {
        list?.split(separator: ",").first.map { String($0.drop { $0 == " " }.prefix { $0 != " " }) }.flatMap {
            $0.isEmpty ? nil : $0
        }
    }

    /// A domain may be listed with its port or without.
    private static func isKnown(_ host: String, _ settings: InstanceSettings) -> Bool {
        guard !settings.domains.isEmpty else { return true }
        let name = host.hasSuffix("]") ? host[...] : host[..<(host.lastIndex(of: ":") ?? host.endIndex)]
        return settings.domains.contains { $0 == host || $0 == name }
    }
}

/// The first element of a `Forwarded` header (RFC 7239), as far as it names host and scheme.
private struct Forwarded {
    var host: String?
    var proto: String?

    init(_ header: String) {
        for pair in header.split(separator: ",").first?.split(separator: ";") ?? [] {
            let sides = pair.split(separator: "=", maxSplits: 1)
            let value = sides.count == 2 ? sides[1].filter { $0 != " " && $0 != "\"" } : ""
            guard !value.isEmpty else { continue }
            let name = sides[0].filter { $0 != " " }.lowercased()
            if name == "host" { host = value }
            if name == "proto" { proto = value }
        }
    }
}
