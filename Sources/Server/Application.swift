import Encodings
public import HTTP
import Model
import OAuth
public import Provider
import Synchronization
import System

/// Answers HTTP requests for an instance: finds the route, calls the endpoint, renders what it says, and writes the log.
public final class Application: Sendable {
    /// What can be chosen when the server starts.
    public struct Options: Sendable {
        public var log: RequestLog.Format
        /// Whether rejections carry the header `Mock-Reason`.
        public var reasonHeader: Bool
        /// Whether the log is colored, for a terminal.
        public var isLogColored = false

        /// The control API; nil for none.
        public var control: ControlOptions?

        public init(
            log: RequestLog.Format = .text, reasonHeader: Bool = true, control: ControlOptions? = ControlOptions()
        ) {
            self.log = log
            self.reasonHeader = reasonHeader
            self.control = control
        }
    }

    /// Bytes of a request body that are read; a longer one is refused as a form and ignored as anything else.
    public static let bodyLimit = FormParameters.bodyLimit

    let instance: Instance
    let options: Options
    let log: RequestLog
    let sinks: [any EventSink]
    let timers = Timers()
    let backChannelLogout: BackChannelLogoutSender
    private let requestCount = Atomic<Int>(0)
    private let runID: String
    let expires = Mutex<(second: Int64, text: String)>((0, ""))

    public convenience init(_ instance: Instance, options: Options) {
        self.init(instance, options: options, sinks: [])
    }

    /// - Parameter sinks: told of every request, after the access log.
    init(_ instance: Instance, options: Options, sinks: [any EventSink]) {
        self.instance = instance
        self.options = options
        log = RequestLog(options.log, isColored: options.isLogColored)
        self.sinks = [log, InstanceSink(instance)] + sinks
        backChannelLogout = BackChannelLogoutSender(log, now: instance.dependencies.now)
        runID = hexadecimal(instance.dependencies.randomBytes(3))
    }

    /// Responds to one request. Called by many threads.
    public func respond(to request: HTTPRequest) -> Reply {
        if request.path.hasPrefix("/mock/"), options.control != nil { return control(request) }
        return .response(answer(request))
    }

    /// Answers one request. Called by many threads.
    public func answer(_ request: HTTPRequest) -> HTTPResponse {
        let start = MonotonicClock.microseconds()
        var exchange = Exchange(
            request: request, id: nextRequestID(), snapshot: instance.snapshot, now: instance.now,
            endpoint: Self.endpoint(of: request))
        let redirect = cleaning(exchange)
        var response: HTTPResponse
        if redirect == nil, !instance.faults.isEmpty, let fault = fault(for: exchange) {
            exchange.faultID = fault.id
            response = apply(fault, exchange)
        } else {
            response = redirect ?? route(exchange)
        }
        if redirect == nil { response.headers.append(("X-Robots-Tag", "none")) }
        let event = RequestEvent(
            exchange, status: response.status, microseconds: MonotonicClock.microseconds() - start)
        for sink in sinks { sink.record(event) }
        return response
    }

    /// Waits until apps are told of the logouts that there were.
    public func drain() { backChannelLogout.drain() }

    /// Stops telling apps of logouts, after the one that is just being told. Called when the server stops.
    /// - Returns: false when that one was given up, because the app did not answer soon.
    @discardableResult
    public func close() -> Bool { backChannelLogout.close() }

    func nextRequestID() -> String {
        let number = String(requestCount.wrappingAdd(1, ordering: .relaxed).newValue, radix: 16)
        return runID + "-" + String(repeating: "0", count: max(0, 6 - number.count)) + number
    }

    // MARK: Routes

    /// The names of the endpoints, for journal and faults.
    private static let endpoints = Router<EndpointName>(
        [
            .init("", "/debug/healthz", .health), .init("", "/healthz", .health), .init("", "/debug/ready", .health),
            .init("", "/.well-known/openid-configuration", .discovery), .init("", "/oauth/v2/keys", .keys),
            .init("", "/oauth/v2/introspect", .introspect), .init("", "/oauth/v2/token", .token),
            .init("", "/oauth/v2/revoke", .revoke), .init("", "/oidc/v1/userinfo", .userinfo),
            .init("", "/oauth/v2/authorize", .authorize), .init("", "/oidc/v1/end_session", .endSession),
            .init("", "/oauth/v2/device_authorization", .deviceAuthorization),
        ] + pagePaths.map { .init("", $0, .page) })

    private static func endpoint(of request: HTTPRequest) -> EndpointName {
        guard case .found(let endpoint, _) = endpoints.match(method: request.method, path: request.path) else {
            return .unknown
        }
        return endpoint
    }

    func route(_ exchange: Exchange) -> HTTPResponse {
        let request = exchange.request
        // As Go's net/http answers for every server.
        if request.method == "OPTIONS", request.path == "*" { return HTTPResponse(status: 200) }
        if let response = operational(exchange) { return response }
        let decodedPath = GoPath.decoded(request.path) ?? Array(request.path.utf8)
        let isOIDC = ["/oauth/v2", "/oidc/v1", "/.well-known/openid-configuration"].contains {
            decodedPath.starts(with: $0.utf8)
        }
        guard isOIDC || Self.pagePaths.contains(request.path) else { return unknownPath(exchange) }
        if isOIDC, let preflight = CORS.preflight(request, exchange.snapshot.resources.resources) { return preflight }
        if request.path == "/device", let redirect = deviceRedirect(exchange) { return redirect }
        let origin: Origin
        do { origin = try Origin(request, exchange.snapshot.settings) } catch { return unknownHost(error, exchange) }
        var response: HTTPResponse
        if isOIDC {
            response = endpointAnswer(exchange, origin.issuer) ?? notFound(exchange, vary: "Origin, Cookie")
            response.headers += CORS.headers(for: request)
        } else {
            // Other origins must not read a page, so it carries no CORS headers.
            response = answer(exchange, origin.issuer, .other) { try self.page(exchange, $0) }
        }
        if exchange.snapshot.behavior.sendsRequestID { response.headers.append(("X-Request-Id", exchange.id)) }
        return response
    }

    private func endpointAnswer(_ exchange: Exchange, _ issuer: String) -> HTTPResponse? {
        func endpoint(_ name: Endpoint, _ run: (RequestContext) throws -> EndpointResult) -> HTTPResponse {
            answer(exchange, issuer, name) { self.response(try run($0), exchange) }
        }
        switch exchange.request.path {
        case "/.well-known/openid-configuration":
            return response(.object(Discovery(exchange.snapshot).document(issuer: issuer)), exchange)
        case "/oauth/v2/keys": return answer(exchange, issuer, .other) { _ in try self.keys(exchange) }
        case "/oauth/v2/introspect": return endpoint(.introspection) { try IntrospectionEndpoint($0).introspect() }
        case "/oauth/v2/token": return endpoint(.token) { try TokenEndpoint($0).exchange() }
        case "/oauth/v2/revoke": return endpoint(.revocation) { try RevocationEndpoint($0).revoke() }
        case "/oidc/v1/userinfo": return endpoint(.userInfo) { try UserInfoEndpoint($0).userInfo() }
        case "/oauth/v2/authorize": return answer(exchange, issuer, .other) { try self.authorize(exchange, $0) }
        case "/oauth/v2/authorize/callback":
            return answer(exchange, issuer, .other) { self.authorizeCallback(exchange, $0) }
        case "/oidc/v1/end_session": return answer(exchange, issuer, .endSession) { try self.endSession(exchange, $0) }
        case "/oauth/v2/device_authorization":
            return endpoint(.deviceAuthorization) { try DeviceAuthorizationEndpoint($0).authorize() }
        default: return nil
        }
    }

    private func keys(_ exchange: Exchange) throws -> HTTPResponse { keys(exchange, try exchange.snapshot.keys.jwks()) }

    /// The answer with a key set.
    func keys(_ exchange: Exchange, _ jwks: JSON) -> HTTPResponse {
        var response = HTTPResponse(status: 200, headers: headers(exchange), body: jwks.bytes() + [10])
        if let cached = exchange.snapshot.behavior.jwksCacheControl {
            response.headers = [
                ("Content-Type", "application/json"), ("Cache-Control", cached), ("Vary", "Origin, Cookie"),
            ]
        }
        return response
    }
}
