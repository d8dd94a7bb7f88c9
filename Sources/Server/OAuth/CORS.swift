import Encodings
import HTTP
import Model
import Provider

/// Cross-origin requests (WHATWG Fetch section 3.2): every origin may call, with credentials.
enum CORS {
    /// The answer to a preflight; nil for any other request. It comes before everything else, even before the instance is looked for.
    ///
    /// Of a header that is there more than once the first line decides, but for the list of headers, and all are returned.
    /// - Parameter resources: the apps whose own origins may send `mock-` headers.
    static func preflight(_ request: HTTPRequest, _ options: CORSOptions, _ resources: ResourceIndex) -> HTTPResponse? {
        guard isPreflight(request) else { return nil }
        let methods = request.allValues(of: "access-control-request-method")
        let method = methods.first ?? ""
        var response = HTTPResponse(status: 204, headers: [("Vary", options.preflightVary)])
        let origins = request.allValues(of: "origin")
        let lists = request.allValues(of: "access-control-request-headers")
        let isAllowed =
            origins.first?.isEmpty == false && options.methods.contains(method)
            && options.allows(lists, mayCarryMockHeaders: origins.allSatisfy { isOwn($0, request, resources) })
        guard isAllowed else { return response }
        response.headers += origins.map { ("Access-Control-Allow-Origin", $0) }
        response.headers += methods.map { ("Access-Control-Allow-Methods", $0) }
        if lists.first?.isEmpty == false {
            response.headers += lists.map { ("Access-Control-Allow-Headers", $0) }
        }
        response.headers.append(("Access-Control-Allow-Credentials", "true"))
        return response
    }

    /// Whether a browser asks what a page may send.
    static func isPreflight(_ request: HTTPRequest) -> Bool {
        request.method == "OPTIONS" && request.header("access-control-request-method")?.isEmpty == false
    }

    /// Whether an origin is one of those who use this server: of this computer, of the server's own host if it is a trusted one, or of an app.
    ///
    /// Their pages may send the headers that only this server knows, which drivers of browsers set on all requests (with `Mock-Login-As` a page
    /// could sign in as anybody), and commands of the control API. Any other web site may not.
    static func isOwn(_ origin: String, _ request: HTTPRequest, _ resources: ResourceIndex) -> Bool {
        guard let caller = GoURL(origin), !caller.host.isEmpty else { return false }
        let name = caller.hostname.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") || IPAddress.isLoopback(name) { return true }
        // A stranger's page may have given its own name the address of this server.
        if request.hasTrustedHost(resources.settings),
            GoURL("http://" + (request.header("host") ?? ""))?.hostname.lowercased() == name
        {
            return true
        }
        return resources.resources.apps.contains { app in
            guard let oidc = app.oidc else { return false }
            return (oidc.redirectUris + oidc.additionalOrigins).contains { address in
                GoURL(address).map { $0.scheme == caller.scheme && $0.host.hasSameBytes(as: caller.host) } ?? false
            }
        }
    }

    /// What an answer to a request with an `Origin` carries: nothing for methods that pages may not use.
    static func headers(for request: HTTPRequest, _ options: CORSOptions) -> [(name: String, value: String)] {
        let origins = request.allValues(of: "origin")
        guard origins.first?.isEmpty == false, options.methods.contains(request.method) else { return [] }
        return origins.map { ("Access-Control-Allow-Origin", $0) } + [
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", options.exposedHeaders),
        ]
    }
}
