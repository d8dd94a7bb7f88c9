import Encodings
import HTTP
import Model
import OAuth

/// The name by which a request came, which makes the issuer of everything in its answer.
struct Origin: Equatable {
    /// scheme://host[:port], without path or trailing slash.
    let issuer: String

    /// Headers that should have named host or scheme, and count as not sent.
    let ignored: [String]

    /// The host has no instance; an empty one never has.
    struct UnknownHost: Error {
        let host: String
        let publicHost: String
        let scheme: String
    }

    /// The headers that may name the host and the scheme, in order of precedence. ZITADEL reads `X-Forwarded-For` as if it were `Forwarded`.
    private static let headers = [
        "x-zitadel-instance-host", "forwarded", "x-zitadel-forwarded", "x-forwarded-for", "x-forwarded-host",
        "x-forwarded-proto",
    ]

    /// A header that is empty or malformed counts as not sent.
    /// - Throws: `UnknownHost` when the instance has a list of domains and the host is not on it, and when no header names a host to make the issuer of.
    init(_ request: HTTPRequest, _ settings: InstanceSettings) throws(UnknownHost) {
        var named: String?
        var scheme: String?
        var ignored: [String] = []
        // Requests that came by no proxy have no header that begins as these do.
        let mayBeForwarded = request.headers.contains { field in
            field.name.utf8.first == UInt8(ascii: "x") || field.name.utf8.first == UInt8(ascii: "f")
        }
        for header in Self.headers where mayBeForwarded {
            var candidate = ForwardedElement()
            switch header {
            case "forwarded", "x-zitadel-forwarded", "x-forwarded-for":
                candidate = ForwardedElement(request.headers.filter { $0.name == header }.map(\.value))
            case "x-forwarded-proto": candidate.proto = request.header(header)
            default: candidate.host = request.header(header)
            }
            if named == nil, let host = candidate.host, Self.isHost(host) { named = host }
            if scheme == nil, let proto = candidate.proto, proto == "http" || proto == "https" { scheme = proto }
            // Proxies put addresses of clients into X-Forwarded-For, which is never an element of Forwarded.
            if header != "x-forwarded-for", !(request.header(header) ?? "").isEmpty, !Self.isRead(candidate) {
                ignored.append(header)
            }
        }
        let instanceHost = named ?? request.header("host") ?? ""
        let namedPublic = mayBeForwarded ? request.header("x-zitadel-public-host") : nil
        let publicHost = namedPublic.flatMap { Self.isHost($0) ? $0 : nil } ?? ""
        let host = publicHost.isEmpty ? instanceHost : publicHost
        let isNamed = !host.isEmpty || settings.issuer != nil
        guard isNamed, Self.isKnown(instanceHost, settings), publicHost.isEmpty || Self.isKnown(publicHost, settings)
        else {
            throw UnknownHost(host: instanceHost, publicHost: publicHost, scheme: scheme ?? "http")
        }
        self.ignored = settings.issuer == nil ? ignored : []
        issuer = settings.issuer ?? "\(scheme ?? "http")://\(host)"
    }

    /// Whether all that a header says of host and scheme can be used.
    private static func isRead(_ element: ForwardedElement) -> Bool {
        !element.isMalformed && element.host.map(isHost) != false
            && element.proto.map { ["http", "https"].contains($0) } != false
    }

    /// Whether the text is one host, with a port or without: not a list, and nothing that would end the authority of an address.
    private static func isHost(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= HTTPRequest.hostLimit, !text.containsByte(where: endsAuthority) else {
            return false
        }
        return GoURL("http://" + text)?.host.hasSameBytes(as: text) ?? false
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@"),
            UInt8(ascii: "\\"):
            true
        default: false
        }
    }

    /// A domain may be listed with its port or without.
    static func isKnown(_ host: String, _ settings: InstanceSettings) -> Bool {
        guard !settings.domains.isEmpty else { return true }
        let name = host.hasSuffix("]") ? host[...] : host[..<(host.lastIndex(of: ":") ?? host.endIndex)]
        return settings.domains.contains { $0.hasSameBytes(as: host) || $0.hasSameBytes(as: name) }
    }
}
