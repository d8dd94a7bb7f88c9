import Encodings
import HTTP
import Model

/// Cross-origin requests (WHATWG Fetch section 3.2): every origin may call, with credentials.
enum CORS {
    private static let methods = ["GET", "HEAD", "POST", "OPTIONS"]
    private static let headers = [
        "accept", "accept-language", "authorization", "content-type", "origin", "x-requested-with",
    ]

    /// Bytes of a list of header names; no browser has a longer one for the few that are allowed.
    private static let listLimit = 4096

    /// The answer to a preflight; nil for any other request. It comes before everything else, even before the instance is looked for.
    /// - Parameter resources: the apps whose own origins may send `mock-` headers.
    static func preflight(_ request: HTTPRequest, _ resources: Resources) -> HTTPResponse? {
        guard request.method == "OPTIONS", let method = request.header("access-control-request-method"), !method.isEmpty
        else { return nil }
        var response = HTTPResponse(
            status: 204, headers: [("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")])
        let asked = request.header("access-control-request-headers")
        if let origin = request.header("origin"), !origin.isEmpty, methods.contains(method),
            isAllowed(asked ?? "", mayCarryMockHeaders: isOwn(origin, request, resources))
        {
            response.headers.append(("Access-Control-Allow-Origin", origin))
            response.headers.append(("Access-Control-Allow-Methods", method))
            if let asked, !asked.isEmpty { response.headers.append(("Access-Control-Allow-Headers", asked)) }
            response.headers.append(("Access-Control-Allow-Credentials", "true"))
        }
        return response
    }

    /// Browsers send the names in lower case, sorted, each once; a list that is not was not written by a browser.
    private static func isAllowed(_ list: String, mayCarryMockHeaders: @autoclosure () -> Bool) -> Bool {
        guard !list.isEmpty else { return true }
        guard list.utf8.count <= listLimit else { return false }
        let names = list.utf8.split(separator: UInt8(ascii: ",")).map { name in
            String(decoding: name.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }, as: UTF8.self)
        }.filter { !$0.isEmpty }
        let own = names.filter { $0.hasPrefix("mock-") }
        guard own.isEmpty || mayCarryMockHeaders() else { return false }
        let others = names.filter { !$0.hasPrefix("mock-") }
        return others.allSatisfy(headers.contains) && zip(others, others.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// Whether an origin is one of those who use this server: of this computer, of the server's own host if it is a trusted one, or of an app.
    ///
    /// Their pages may send the headers that only this server knows, which drivers of browsers set on all requests (with `Mock-Login-As` a page
    /// could sign in as anybody), and commands of the control API. Any other web site may not.
    static func isOwn(_ origin: String, _ request: HTTPRequest, _ resources: Resources) -> Bool {
        guard let caller = GoURL(origin), !caller.host.isEmpty else { return false }
        let name = caller.hostname.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") || IPAddress.isLoopback(name) { return true }
        // A stranger's page may have given its own name the address of this server.
        if request.hasTrustedHost(domains: resources.settings.domains),
            GoURL("http://" + (request.header("host") ?? ""))?.hostname.lowercased() == name
        {
            return true
        }
        return resources.apps.contains { app in
            guard let oidc = app.oidc else { return false }
            return (oidc.redirectUris + oidc.additionalOrigins).contains { address in
                GoURL(address).map { $0.scheme == caller.scheme && $0.host.hasSameBytes(as: caller.host) } ?? false
            }
        }
    }

    /// What an answer to a request with an `Origin` carries: nothing for methods that pages may not use.
    /// - Parameters:
    ///   - exposing: further headers that pages may read.
    ///   - anyMethod: whether pages may use every method.
    static func headers(
        for request: HTTPRequest, exposing: String = "", anyMethod: Bool = false
    )
        -> [(name: String, value: String)]
    {
        let origins = request.headers.filter { $0.name == "origin" }.map(\.value)
        guard let first = origins.first, !first.isEmpty, anyMethod || methods.contains(request.method) else {
            return []
        }
        return origins.map { ("Access-Control-Allow-Origin", $0) } + [
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", "Location, Content-Length" + exposing),
        ]
    }
}
