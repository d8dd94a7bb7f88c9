import Encodings
import HTTP
import OAuth
import Provider

/// Paths that ZITADEL serves besides those of OAuth and OpenID Connect, as far as clients and health checks meet them.
extension Application {
    /// The answer to a path that is written in an unusual way: the clean one, as gorilla/mux redirects; nil for any other.
    func cleaning(_ exchange: Exchange) -> HTTPResponse? {
        let request = exchange.request
        guard request.path.utf8.count + request.query.count <= Self.longestRedirected else { return nil }
        guard request.path != "*", let path = GoPath.redirect(request.path) else { return nil }
        let hasQuery = request.hasEmptyQuery || !request.query.isEmpty
        let query = hasQuery ? "?" + String(repairing: request.query) : ""
        func shown(_ path: String) -> String { path.cut(toBytes: 2 * JournalEntry.textLimit) }
        exchange.trace.rejection = Rejection(
            .pathUnclean,
            "the path is \"\(shown(request.path))\", and is redirected to \"\(shown(path))\", which clients do not follow with POST; an issuer or a base address that ends in a slash is the usual cause"
        )
        return HTTPResponse(
            status: 301, headers: [("Location", PercentEncoding.escapingUnprintable(path + query))])
    }

    /// Bytes of an address that is redirected. The new one may be nine times as long: a byte that is not UTF-8 becomes three escapes.
    private static let longestRedirected = 64 << 10

    func text(_ body: String) -> HTTPResponse {
        HTTPResponse(status: 200, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Array(body.utf8))
    }

    /// An answer of the gateway to ZITADEL's other APIs. A preflight never reaches what is behind it.
    func gateway(_ exchange: Exchange, status: Int, _ body: String) -> HTTPResponse {
        if let preflight = CORS.preflight(exchange.request, .gateway, exchange.snapshot.resources) {
            return preflight
        }
        var response = HTTPResponse(
            status: status, headers: [("Content-Type", "application/json"), ("Vary", "Origin")], body: Array(body.utf8))
        response.headers += CORS.headers(for: exchange.request, .gateway)
        if exchange.snapshot.behavior.sendsRequestID { response.headers.append(("X-Request-Id", exchange.id)) }
        return response
    }

    /// A path without an endpoint, outside of the OAuth and OpenID Connect endpoints.
    func unknownPath(_ exchange: Exchange) -> HTTPResponse {
        exchange.trace.rejection = Self.unknownPath(exchange.request.path)
        return gateway(exchange, status: 404, "{\"code\":5,\"message\":\"Not Found\"}")
    }

    /// Why there is nothing at a path, and which path was probably meant.
    static func unknownPath(_ path: String) -> Rejection {
        let withoutSlash = path.hasSuffix("/") ? String(path.dropLast()) : path
        let hint: String
        if knownPaths.contains(withoutSlash) {
            hint = "send \(withoutSlash), without the slash at the end"
        } else if let near = nearestPath(to: withoutSlash) {
            hint = "did you mean \(near)?"
        } else if otherInterfaces.contains(where: { path.hasPrefix($0) }) {
            hint =
                "ZITADEL's resource APIs are not implemented; resources come from seeds and from the control API below \(ControlAPI.prefix)"
        } else {
            hint = "see \(EndpointPath.discovery) for the available endpoints"
        }
        return Rejection(.pathUnknown, "unknown path; \(hint)")
    }

    /// What the paths of ZITADEL's other interfaces begin with.
    private static let otherInterfaces = [
        "/management/v1", "/admin/v1", "/auth/v1", "/system/v1", "/v2/", "/v2alpha/", "/v2beta/", "/v3alpha/",
        "/zitadel.", "/saml/v2", "/scim/v2", "/idps/", "/assets/v1", "/ui/console",
    ]

    /// How other servers call the endpoints, by the end of the path.
    private static let otherNames = [
        "logout": EndpointPath.endSession, "signout": EndpointPath.endSession, "jwks": EndpointPath.keys,
        "jwks.json": EndpointPath.keys, "certs": EndpointPath.keys, "auth": EndpointPath.authorize,
        "introspection": EndpointPath.introspection, "revocation": EndpointPath.revocation,
        "oauth-authorization-server": EndpointPath.discovery,
    ]

    private static let longestOtherName = otherNames.keys.map(\.utf8.count).max() ?? 0

    /// A path that was cut, has a slip in it, or ends as a known one does: other servers have the same endpoints elsewhere, or under other names.
    private static func nearestPath(to path: String) -> String? {
        let isLong = path.utf8.count > "/oauth/v2/".utf8.count
        let continued = endpointPaths.filter { isLong && $0.hasPrefix(path) }
        if continued.count == 1 { return continued.first }
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let end = path[path.utf8.index(after: slash)...]
        if end.utf8.count <= longestOtherName, let other = otherNames[end.lowercased()] { return other }
        if let near = Similarity.nearest(to: path, in: knownPaths) { return near }
        return end.isEmpty ? nil : endpointPaths.first { $0.hasSuffix(path[slash...]) }
    }

    /// Where the older sign-in sends a browser back to. Requests of the newer sign-in are not known there, and this server has no others.
    func authorizeCallback(_ exchange: Exchange, _ context: RequestContext) -> HTTPResponse {
        let id = context.form.last("id") ?? ""
        exchange.trace.rejection = Rejection(
            .authRequestUnknown,
            "this path is internal to ZITADEL's older sign-in; open the page that /oauth/v2/authorize redirects to")
        return plain(
            status: 400,
            id.isEmpty
                ? "auth request callback is missing id\n"
                : "ID=CACHE-d24aD Message=Errors.AuthRequest.NotFound Parent=(sql: no rows in result set)\n",
            exchange, vary: "Origin, Cookie")
    }
}
