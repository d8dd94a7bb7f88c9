import Crypto
import Encodings
import HTTP
import Model
import OAuth
import Provider
import Storage
import System

/// The control API: what tests of other projects say to a running server, below `/mock/v1`.
enum ControlAPI {
    static let prefix = "/mock/v1"

    static let routes: [ControlRoute] =
        [
            ControlRoute("GET", "", "All routes of the control API, and the issuer", query: []) { request in
                .ok([
                    "issuer": .string(request.context.issuer),
                    "routes": .array(
                        routes.map {
                            .object([
                                "method": .string($0.method), "path": .string(prefix + $0.path),
                                "summary": .string($0.summary),
                            ])
                        }),
                ])
            }
        ] + ClockRoutes.routes + InstanceRoutes.routes + ScenarioRoutes.routes + SigningKeyRoutes.routes
        + InstanceSettingsRoutes.routes + SeedRoutes.routes + ResetRoutes.routes
        + ResourceRoutes.routes + SessionRoutes.routes + TokenRoutes.routes + IssuedTokenRoutes.routes
        + FaultRoutes.routes + JournalRoutes.routes + OpenAPIRoutes.routes

    private static let router = Router<ControlRoute>(routes.map { .init($0.method, prefix + $0.path, $0) })

    /// - Throws: `Problem`, `Rejection`, or errors of the server.
    static func route(_ request: HTTPRequest) throws(Problem) -> (ControlRoute, PathParameters) {
        switch router.match(method: request.method, path: request.path) {
        case .found(let route, let parameters): return (route, parameters)
        case .notFound:
            throw Problem(.notFound, "there is no route \(request.path.prefix(200)); GET \(prefix) lists all")
        case .methodNotAllowed(let methods):
            var problem = Problem(
                .methodNotAllowed,
                "\(request.method.prefix(20)) is not allowed here; allowed are \(methods.joined(separator: ", "))")
            problem.headers = [("Allow", methods.joined(separator: ", "))]
            throw problem
        }
    }

    /// The JSON object in a body; an empty one for no body.
    static func body(_ request: HTTPRequest) throws(Problem) -> JSONObject {
        guard !request.bodyIsTooLong else {
            throw Problem(.invalidBody, "the body is longer than \(Application.bodyLimit) bytes")
        }
        guard !request.body.isEmpty else { return [:] }
        // Browsers ask before they send this type across origins, and are refused.
        guard case .type("application/json") = MediaType.parse(request.header("content-type")) else {
            let found = request.header("content-type").map { "\"\($0.prefix(100))\"" } ?? "missing"
            throw Problem(.unsupportedMediaType, "Content-Type is \(found); expected application/json")
        }
        let json: JSON
        do { json = try JSONDocument.parse(request.body, verb: "send") } catch {
            guard let line = error.line, let column = error.column else {
                throw Problem(.invalidBody, "the body \(error.message)")
            }
            throw Problem(.invalidBody, "line \(line), column \(column): \(error.message)")
        }
        guard let object = json.object else {
            throw Problem(.invalidBody, "the body is \(json.kind); expected an object")
        }
        return object
    }

    /// - Throws: `Problem` for a caller without the token; where there is none, for a host that a web page may have made up (DNS rebinding), and for a
    ///   command of a foreign web page (CSRF).
    static func authorize(
        _ request: HTTPRequest, _ options: ControlOptions, _ resources: ResourceIndex
    ) throws(Problem) {
        if let token = options.token {
            let sent = request.header("authorization") ?? ""
            guard constantTimeEqual(Array(sent.utf8), Array("Bearer \(token)".utf8)) else {
                var problem = Problem(.unauthorized, "send Authorization: Bearer with the value of --control-token")
                problem.headers = [("WWW-Authenticate", "Bearer realm=\"mock-zitadel\"")]
                throw problem
            }
            return
        }
        let host = request.header("host") ?? ""
        guard TrustedHost.contains(host, resources.settings) else {
            throw Problem(
                .forbiddenHost,
                "the host is \"\(host.prefix(200))\"; \(TrustedHost.advice), or set --control-token"
            )
        }
        try checkOrigin(request, resources)
    }

    /// Methods that change nothing. Pages of other origins cannot read the answers, which have no CORS headers.
    private static let safeMethods = ["GET", "HEAD", "OPTIONS"]

    /// Browsers name the origin of a page with every command that it sends, and programs send none.
    private static func checkOrigin(_ request: HTTPRequest, _ resources: ResourceIndex) throws(Problem) {
        let origins = request.allValues(of: "origin")
        guard !safeMethods.contains(request.method) else {
            // What a page of another site cannot read, it could still keep waiting. People who follow a link are welcome.
            guard request.header("sec-fetch-site") == "cross-site", request.header("sec-fetch-mode") != "navigate",
                !origins.contains(where: { CORS.isOwn($0, request, resources) })
            else { return }
            throw Problem(
                .forbiddenOrigin, "Sec-Fetch-Site is cross-site; the control API is not for pages of other sites")
        }
        if let foreign = origins.first(where: { !CORS.isOwn($0, request, resources) }) {
            throw Problem(
                .forbiddenOrigin,
                "the origin is \"\(foreign.prefix(200))\"; commands are taken from programs, and from pages of localhost, of this server's host and of the origins of apps"
            )
        }
        guard origins.isEmpty, request.header("sec-fetch-site") == "cross-site" else { return }
        throw Problem(
            .forbiddenOrigin, "Sec-Fetch-Site is cross-site and Origin is missing; a page must name its origin")
    }
}
