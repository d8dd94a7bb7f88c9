import HTTP
import Model
import OAuth

/// By which name a request came, which makes the issuer of everything that it is answered.
struct Origin: Equatable {
    /// scheme://host[:port], without path or trailing slash.
    let issuer: String

    /// The host has no instance.
    struct UnknownHost: Error {
        let host: String
        let publicHost: String
        let scheme: String
    }

    /// - Throws: `UnknownHost` when the instance has a list of domains and the host is not on it.
    init(_ request: HTTPRequest, _ settings: InstanceSettings) throws(UnknownHost) {
        let forwarded = Forwarded(request.header("forwarded") ?? request.header("x-zitadel-forwarded") ?? "")
        let instanceHost =
            request.header("x-zitadel-instance-host") ?? forwarded.host ?? Self.first(request.header("x-forwarded-host")) ?? request.header("host") ?? ""
        let publicHost = request.header("x-zitadel-public-host") ?? ""
        let proto = forwarded.proto ?? Self.first(request.header("x-forwarded-proto")) ?? "http"
        let scheme = proto.lowercased() == "https" ? "https" : "http"
        guard Self.isKnown(instanceHost, settings), publicHost.isEmpty || Self.isKnown(publicHost, settings) else {
            throw UnknownHost(host: instanceHost, publicHost: publicHost, scheme: scheme)
        }
        issuer = settings.issuer ?? "\(scheme)://\(publicHost.isEmpty ? instanceHost : publicHost)"
    }

    private static func first(_ list: String?) -> String? {
        list?.split(separator: ",").first.map { String($0.drop { $0 == " " }.prefix { $0 != " " }) }.flatMap { $0.isEmpty ? nil : $0 }
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
            guard sides.count == 2 else { continue }
            let name = sides[0].filter { $0 != " " }.lowercased()
            let value = sides[1].filter { $0 != " " && $0 != "\"" }
            if name == "host" { host = value }
            if name == "proto" { proto = value }
        }
    }
}
