import Encodings
import Glibc
public import HTTP
import Model
import OAuth
public import Provider
import Synchronization

/// Answers HTTP requests for an instance: finds the route, calls the endpoint, renders what it says, and writes the log.
public final class Service: Sendable {
    /// What can be chosen when the server starts.
    public struct Options: Sendable {
        public var log = RequestLog.Format.text
        /// Whether refusals carry the header `Mock-Reason`.
        public var reasonHeader = true

        public init() {}
    }

    /// Bytes of a request body that are read; a longer one is refused as a form and ignored as anything else.
    public static let bodyLimit = FormParameters.bodyLimit

    let instance: Instance
    private let options: Options
    private let log: RequestLog
    let outbox: Outbox
    private let requestCount = Atomic<Int>(0)
    private let runID: String
    private let expires = Mutex<(second: Int64, text: String)>((0, ""))

    public init(_ instance: Instance, options: Options) {
        self.instance = instance
        self.options = options
        log = RequestLog(options.log)
        outbox = Outbox(log, now: instance.effects.now)
        runID = hexadecimal(instance.effects.randomBytes(3))
    }

    /// Answers one request. Called by many threads.
    public func answer(_ request: HTTPRequest) -> HTTPResponse {
        let start = Self.microseconds()
        var entry = RequestLog.Entry(requestID: nextRequestID(), request: request, status: 0, microseconds: 0)
        var response = route(request, &entry)
        response.headers.append(("X-Robots-Tag", "none"))
        entry.status = response.status
        entry.microseconds = Self.microseconds() - start
        log.write(entry, at: instance.effects.now())
        return response
    }

    /// Waits until apps are told of the logouts that there were.
    public func drain() { outbox.drain() }

    /// Stops telling apps of logouts, after the one that is just being told. Called when the server stops.
    public func close() { outbox.close() }

    private func nextRequestID() -> String {
        let number = String(requestCount.wrappingAdd(1, ordering: .relaxed).newValue, radix: 16)
        return runID + "-" + String(repeating: "0", count: max(0, 6 - number.count)) + number
    }

    private static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    // MARK: Routes

    private func route(_ request: HTTPRequest, _ entry: inout RequestLog.Entry) -> HTTPResponse {
        switch request.path {
        case "/debug/healthz", "/healthz":
            return HTTPResponse(
                status: 200, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Array("ok".utf8))
        case "/debug/ready":
            // The server listens only after the seed is loaded, so whoever gets here is answered by a complete instance.
            return HTTPResponse(
                status: 200, headers: [("Content-Type", "application/json")], body: Array("\"ok\"".utf8))
        default: break
        }
        let isOIDC = ["/oauth/v2", "/oidc/v1", "/.well-known/openid-configuration"].contains {
            request.path.hasPrefix($0)
        }
        guard !Self.pagePaths.contains(request.path) else { return pageAnswer(request, &entry) }
        guard isOIDC else { return notFound(request, &entry, vary: "Origin") }
        if let preflight = CORS.preflight(request) { return preflight }
        let origin: Origin
        do { origin = try Origin(request, instance.settings) } catch { return unknownHost(error, request, &entry) }
        let answer = endpointAnswer(request, origin.issuer, &entry)
        var response = answer ?? notFound(request, &entry, vary: "Origin, Cookie")
        response.headers += CORS.headers(for: request)
        if instance.facts.sendsRequestID { response.headers.append(("X-Request-Id", entry.requestID)) }
        return response
    }

    private func endpointAnswer(
        _ request: HTTPRequest, _ issuer: String, _ entry: inout RequestLog.Entry
    ) -> HTTPResponse? {
        switch request.path {
        case "/.well-known/openid-configuration": return ok(Discovery(instance).document(issuer: issuer))
        case "/oauth/v2/keys": return answer(request, issuer, .other, &entry) { _, _ in try self.keys() }
        case "/oauth/v2/introspect": return answer(request, issuer, .introspection, &entry, introspect)
        case "/oauth/v2/token":
            return answer(request, issuer, .token, &entry) { request, entry in
                let (token, client) = try TokenEndpoint(self.instance).exchange(request)
                entry.client = client
                entry.warnings = token.warnings
                return self.ok(token.json)
            }
        case "/oauth/v2/revoke":
            return answer(request, issuer, .revocation, &entry) { request, entry in
                let (client, warnings) = try RevocationEndpoint(self.instance).revoke(request)
                entry.client = client
                entry.warnings = warnings
                return HTTPResponse(status: 200, headers: self.headers)
            }
        case "/oidc/v1/userinfo":
            return answer(request, issuer, .userInfo, &entry) { request, entry in
                let (claims, client) = try UserInfoEndpoint(self.instance).userInfo(request)
                entry.client = client
                return self.ok(claims)
            }
        case "/oauth/v2/authorize":
            return answer(request, issuer, .other, &entry) { try self.authorize(request, $0, &$1) }
        case "/oidc/v1/end_session":
            return answer(request, issuer, .endSession, &entry) { try self.endSession(request, $0, &$1) }
        case "/oauth/v2/device_authorization":
            return answer(request, issuer, .other, &entry) { request, entry in
                let result = try DeviceAuthorizationEndpoint(self.instance).authorize(request)
                entry.client = result.clientID
                entry.warnings = result.warnings
                return self.ok(result.answer)
            }
        default: return nil
        }
    }

    /// A page. Other origins must not read it, so it carries no CORS headers.
    private func pageAnswer(_ request: HTTPRequest, _ entry: inout RequestLog.Entry) -> HTTPResponse {
        let origin: Origin
        do { origin = try Origin(request, instance.settings) } catch { return unknownHost(error, request, &entry) }
        var response = answer(request, origin.issuer, .other, &entry) { try self.page(request, $0, &$1) }
        if instance.facts.sendsRequestID { response.headers.append(("X-Request-Id", entry.requestID)) }
        return response
    }

    private func introspect(_ request: OAuthRequest, _ entry: inout RequestLog.Entry) throws -> HTTPResponse {
        let result = try IntrospectionEndpoint(instance).introspect(request)
        entry.client = result.clientID
        entry.warnings = result.warnings
        switch result.outcome {
        case .active(let claims): return HTTPResponse(status: 200, headers: headers, body: claims + [10])
        case .inactive(let refusal):
            entry.refusal = refusal
            return HTTPResponse(status: 200, headers: headers, body: Array("{\"active\":false}\n".utf8))
        }
    }

    private func keys() throws -> HTTPResponse {
        var response = HTTPResponse(status: 200, headers: headers, body: try instance.keyRing.jwks().bytes() + [10])
        if let cached = instance.facts.jwksCacheControl {
            response.headers = [
                ("Content-Type", "application/json"), ("Cache-Control", cached), ("Vary", "Origin, Cookie"),
            ]
        }
        return response
    }

    // MARK: Answers

    /// The headers of every JSON answer.
    var headers: [(name: String, value: String)] {
        [
            ("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Pragma", "no-cache"),
            ("Expires", hourAgo), ("Vary", "Origin, Cookie"),
        ]
    }

    /// The moment one hour ago as HTTP writes it, made once a second.
    private var hourAgo: String {
        let second = instance.effects.now().seconds - 3600
        return expires.withLock { expires in
            if expires.second != second { expires = (second, CalendarDate(unix: second).http) }
            return expires.text
        }
    }

    private func ok(_ object: JSONObject) -> HTTPResponse {
        HTTPResponse(status: 200, headers: headers, body: JSON.object(object).bytes() + [10])
    }

    /// Reads the form, calls the endpoint, and renders a refusal or a failure of the server.
    private func answer(
        _ request: HTTPRequest, _ issuer: String, _ endpoint: Endpoint, _ entry: inout RequestLog.Entry,
        _ body: (OAuthRequest, inout RequestLog.Entry) throws -> HTTPResponse
    ) -> HTTPResponse {
        var response: HTTPResponse
        do {
            let oauth = OAuthRequest(
                form: try Self.form(request), authorization: request.header("authorization"), issuer: issuer)
            response = try body(oauth, &entry)
        } catch let refusal as Refusal {
            if refusal.reason == .serverFailure { entry.failure = refusal.cause }
            response = render(refusal, request, endpoint, &entry)
        } catch {
            entry.failure = "\(error)"
            response = render(
                Refusal(.serverFailure, "the server failed; its log says why, under request \(entry.requestID)"),
                request, endpoint, &entry)
        }
        if options.reasonHeader {
            if let refusal = entry.refusal {
                response.headers.append(
                    ("Mock-Reason", Self.headerText("\(refusal.reason.rawValue); \(refusal.sentence)")))
            }
            for warning in entry.warnings {
                response.headers.append(("Mock-Warning", Self.headerText("\(warning.code); \(warning.sentence)")))
            }
        }
        return response
    }

    private func render(
        _ refusal: Refusal, _ request: HTTPRequest, _ endpoint: Endpoint, _ entry: inout RequestLog.Entry
    ) -> HTTPResponse {
        entry.refusal = refusal.alsoRefused.first ?? refusal
        let dialect = request.header("mock-dialect").flatMap(Dialect.init) ?? instance.settings.dialect
        let renderer = RefusalRenderer(
            dialect: dialect, facts: instance.facts, tellsCause: instance.settings.debugOidcParentError)
        let form = try? Self.form(request)
        let isInForm = ["client_id", "client_assertion"].contains { form?.last($0) != nil }
        let usesHeaderOrNothing = request.header("authorization") != nil || !isInForm
        let answer = renderer.answer(to: refusal, at: endpoint, usesHeaderOrNothing: usesHeaderOrNothing)
        entry.warnings +=
            refusal.warnings
            + renderer.warnings(answer, to: refusal, at: endpoint, usesHeaderOrNothing: usesHeaderOrNothing)
        // The app is told of a failure of the server in both dialects.
        if let callback = refusal.callback, dialect == .documented || refusal.reason == .serverFailure {
            return response(callback, error: answer.error ?? "", answer.description, request)
        }
        var headers = headers
        if let challenge = answer.challenge { headers.append(("WWW-Authenticate", challenge)) }
        return HTTPResponse(status: answer.status, headers: headers, body: renderer.body(answer, refusal))
    }

    /// Header values are ASCII; names that people give to apps need not be.
    private static func headerText(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.isASCII && $0.value >= 32 && $0.value != 127 ? $0 : "?" }))
    }

    /// The parameters of a request, as Go's `ParseForm` finds them: a body counts for POST, PUT and PATCH, and only if it says that it is a form.
    private static func form(_ request: HTTPRequest) throws(Refusal) -> FormParameters {
        var body: [UInt8] = []
        if ["POST", "PUT", "PATCH"].contains(request.method) {
            switch MediaType.parse(request.header("content-type").flatMap { $0.isEmpty ? nil : $0 }) {
            case .malformed:
                throw Refusal(
                    .formUnreadable, "the header Content-Type is malformed; send application/x-www-form-urlencoded")
            case .type("application/x-www-form-urlencoded"):
                guard !request.bodyIsTooLong else {
                    throw Refusal(.formUnreadable, "the body is over \(FormParameters.bodyLimit) bytes")
                }
                body = request.body
            case .type: break
            }
        }
        do { return try FormParameters(body: body, query: request.query) } catch {
            throw Refusal(.formUnreadable, error.reason)
        }
    }

    private func notFound(_ request: HTTPRequest, _ entry: inout RequestLog.Entry, vary: String) -> HTTPResponse {
        entry.refusal = Refusal(.pathUnknown, "no such path; /.well-known/openid-configuration names those there are")
        return plain(status: 404, "404 page not found\n", vary: vary)
    }

    private func unknownHost(
        _ unknown: Origin.UnknownHost, _ request: HTTPRequest, _ entry: inout RequestLog.Entry
    ) -> HTTPResponse {
        let domains = instance.settings.domains.joined(separator: ", ")
        entry.refusal = Refusal(
            .hostUnknown,
            domains.isEmpty
                ? "the request names no host, which the issuer is made of; send the header Host, or pin the issuer with instance.issuer or --issuer"
                : "the instance answers for \(domains) only; add the host to instance.domains in the seed, or leave the list out"
        )
        let domain = instance.settings.domains.first.map { String($0.prefix { $0 != ":" }) } ?? "localhost"
        let text =
            "unable to set instance using origin &{\(unknown.host) \(unknown.publicHost) \(unknown.scheme)} (ExternalDomain is \(domain)): ID=QUERY-1kIjX Message=Instance not found. Make sure you got the domain right. Check out https://zitadel.com/docs/apis/introduction#domains\n"
        var response = plain(status: 404, text, vary: "Origin")
        response.headers += CORS.headers(for: request)
        if instance.facts.sendsRequestID { response.headers.append(("X-Request-Id", entry.requestID)) }
        return response
    }

    /// A text of Go's `http.Error`.
    private func plain(status: Int, _ text: String, vary: String) -> HTTPResponse {
        var headers = headers.filter { $0.name != "Content-Type" && $0.name != "Vary" }
        headers += [
            ("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff"), ("Vary", vary),
        ]
        return HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
    }
}
