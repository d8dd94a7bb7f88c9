import Encodings
import HTTP
import Provider

/// The routes of the endpoints and pages. Which method a path has, and so 404 and 405, follow from the tables.
extension Application {
    typealias Row = Router<EndpointRoute>.Route

    private static let rows = [healthRoutes, crawlerRoutes, endpointRoutes, pageRoutes, assetRoutes].flatMap { $0 }
    private static let routes = Router<EndpointRoute>(rows, comparing: .asSent)

    /// The paths that take any method, as those of the protocol do: one look-up finds them, and the general search is left to the others.
    private static let anyMethodRoutes = Dictionary(grouping: rows) { ExactString($0.pattern) }
        .filter { pattern, rows in !pattern.text.contains("{") && rows.allSatisfy(\.methods.isEmpty) }
        .compactMapValues { $0.first?.endpoint }

    /// The paths of the endpoints and pages, for messages.
    static let knownPaths = endpointPaths + [pageRoutes, healthRoutes, crawlerRoutes].flatMap { $0 }.map(\.pattern)

    /// Those of OAuth and OpenID Connect.
    static let endpointPaths = endpointRoutes.filter { $0.endpoint.name != .unknown }.map(\.pattern)

    private static let crawlerRoutes: [Row] = [
        row(
            "", "/robots.txt", .unknown,
            .operational { application, _ in application.text("User-agent: *\nDisallow: /\n") })
    ]

    /// OAuth and OpenID Connect. ZITADEL's endpoints take any method.
    private static let endpointRoutes: [Row] = [
        row(
            "", EndpointPath.discovery, .discovery,
            .oidc { $0.response(.object(Discovery($1.snapshot).document(issuer: $2)), $1) }),
        row(
            "", EndpointPath.keys, .keys,
            .oidc { application, exchange, issuer in
                application.answer(exchange, issuer, .other) { _ in try application.keys(exchange) }
            }),
        row(
            "", EndpointPath.introspection, .introspect,
            endpoint(.introspection) { try IntrospectionEndpoint($0).introspect() }),
        row("", EndpointPath.token, .token, endpoint(.token) { try TokenEndpoint($0).exchange() }),
        row("", EndpointPath.revocation, .revoke, endpoint(.revocation) { try RevocationEndpoint($0).revoke() }),
        row("", EndpointPath.userInfo, .userinfo, endpoint(.userInfo) { try UserInfoEndpoint($0).userInfo() }),
        row(
            "", EndpointPath.deviceAuthorization, .deviceAuthorization,
            endpoint(.deviceAuthorization) { try DeviceAuthorizationEndpoint($0).authorize() }),
        row("", EndpointPath.authorize, .authorize, browserEndpoint(.other) { try $0.authorize($1, $2) }),
        row("", "/oauth/v2/authorize/callback", .unknown, browserEndpoint(.other) { $0.authorizeCallback($1, $2) }),
        row("", EndpointPath.endSession, .endSession, browserEndpoint(.endSession) { try $0.endSession($1, $2) }),
    ]

    /// Opening a page can answer the app, and only a user should do that, so HEAD is not allowed.
    private static let pageRoutes: [Row] = [
        page("/") { $0.start($1) },
        page(PagePath.signIn) { try $0.signIn($1) },
        page(PagePath.signInV1) { try $0.signIn($1) },
        page(PagePath.signOut) { try $0.logout($1) },
        page(PagePath.signedOut) { application, _ in application.signedOut },
        page(PagePath.signedOutV1) { application, _ in application.signedOut },
        page(PagePath.signedOutV2) { application, _ in application.signedOut },
        page(PagePath.device) { try $0.device($1) },
        // GET and POST are answered at the short path too, which saves clients a redirect.
        row("", PagePath.device, .page, .operational { $0.deviceRedirect($1) }),
        page(PagePath.deviceV2) { try $0.device($1) },
        page(PagePath.deviceV1) { try $0.device($1) },
    ]

    private static let assetRoutes: [Row] = PageAsset.all.map { asset in
        row("", asset.path, .page, .page { _, _, _ in asset.response })
    }

    // MARK: Rows

    static func row(
        _ methods: String, _ path: String, _ name: EndpointName, _ handler: EndpointRoute.Handler
    ) -> Row {
        Row(methods, path, EndpointRoute(name, handler))
    }

    private static func page(
        _ path: String, _ show: @escaping @Sendable (Application, PageRequest) throws -> HTTPResponse
    ) -> Row {
        row("GET POST", path, .page, .page { try $0.page($1, $2, show) })
    }

    /// An endpoint whose answer is JSON.
    private static func endpoint(
        _ endpoint: Endpoint, _ run: @escaping @Sendable (RequestContext) throws -> EndpointResult
    ) -> EndpointRoute.Handler {
        .oidc { application, exchange, issuer in
            application.answer(exchange, issuer, endpoint) { application.response(try run($0), exchange) }
        }
    }

    /// An endpoint that browsers come to, and that redirects.
    private static func browserEndpoint(
        _ endpoint: Endpoint,
        _ run: @escaping @Sendable (Application, Exchange, RequestContext) throws -> HTTPResponse
    ) -> EndpointRoute.Handler {
        .oidc { application, exchange, issuer in
            application.answer(exchange, issuer, endpoint) { try run(application, exchange, $0) }
        }
    }

    // MARK: Answering

    static func destination(of request: HTTPRequest) -> EndpointRoute.Destination {
        if let route = anyMethodRoutes[ExactString(request.path)] { return .found(route) }
        switch routes.match(method: request.method, path: request.path) {
        case .found(let route, _): return .found(route)
        case .methodNotAllowed(let allowed):
            guard let route = routes.endpoints(ofPath: request.path).first else { return .notFound }
            return .methodNotAllowed(route, allowed: allowed)
        case .notFound: return .notFound
        }
    }

    func route(_ exchange: Exchange) -> HTTPResponse {
        let request = exchange.request
        // As Go's net/http answers for every server.
        if request.method == "OPTIONS", request.path == "*" { return HTTPResponse(status: 200) }
        switch exchange.destination {
        case .found(let route):
            switch route.handler {
            case .operational(let respond): return respond(self, exchange)
            case .gateway(let body): return gateway(exchange, status: 200, body)
            case .oidc(let respond): return oidc(exchange) { respond(self, exchange, $0) }
            case .page(let respond): return page(exchange) { try respond(self, exchange, $0) }
            }
        case .methodNotAllowed(let route, let allowed):
            exchange.trace.rejection = Rejection(
                .methodNotAllowed,
                "the method is \"\(request.method.prefix(40))\"; \(request.path) takes \(allowed.joined(separator: " or "))"
            )
            guard case .page = route.handler else {
                return gateway(exchange, status: 405, "{\"code\":12,\"message\":\"Method Not Allowed\"}")
            }
            return page(exchange) { _ in
                HTTPResponse(
                    status: 405,
                    headers: [("Allow", allowed.joined(separator: ", ")), ("Cache-Control", "no-store")])
            }
        case .notFound:
            let path = GoPath.decoded(request.path) ?? Array(request.path.utf8)
            let isOIDC = ["/oauth/v2", "/oidc/v1", EndpointPath.discovery].contains {
                path.starts(with: $0.utf8)
            }
            guard isOIDC else { return unknownPath(exchange) }
            return oidc(exchange) { _ in self.notFound(exchange, vary: "Origin, Cookie") }
        }
    }

    /// - Parameter respond: gets the issuer.
    func oidc(_ exchange: Exchange, _ respond: (String) -> HTTPResponse) -> HTTPResponse {
        let request = exchange.request
        if let preflight = CORS.preflight(request, .oidc, exchange.snapshot.resources) { return preflight }
        return atHost(exchange) { issuer in
            var response = respond(issuer)
            response.headers += CORS.headers(for: request, .oidc)
            return response
        }
    }

    private func page(_ exchange: Exchange, _ respond: (RequestContext) throws -> HTTPResponse) -> HTTPResponse {
        atHost(exchange) { answer(exchange, $0, .other, respond) }
    }

    private func atHost(_ exchange: Exchange, _ respond: (String) -> HTTPResponse) -> HTTPResponse {
        let origin: Origin
        do { origin = try Origin(exchange.request, exchange.snapshot.settings) } catch {
            return unknownHost(error, exchange)
        }
        if let header = origin.ignored.first {
            let value = (exchange.request.header(header) ?? "").prefix(80)
            let detail = "\(header) \"\(value)\" does not name one host or the scheme http or https, so it is ignored"
            exchange.trace.warn([Warning(.proxyHeaderIgnored, detail)])
        }
        var response = respond(origin.issuer)
        if exchange.snapshot.behavior.sendsRequestID { response.headers.append(("X-Request-Id", exchange.id)) }
        return response
    }
}
