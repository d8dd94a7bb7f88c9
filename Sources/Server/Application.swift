import Encodings
public import HTTP
import Model
import OAuth
public import Provider
import Synchronization

/// Answers HTTP requests for an instance: finds the route, calls the endpoint, renders what it says, and writes the log.
public final class Application: Sendable {
    /// What can be chosen when the server starts.
    public struct Options: Sendable {
        public var log = RequestLog.Format.text
        /// Whether rejections carry the header `Mock-Reason`.
        public var reasonHeader = true

        public init() {}
    }

    /// Bytes of a request body that are read; a longer one is refused as a form and ignored as anything else.
    public static let bodyLimit = FormParameters.bodyLimit

    let instance: Instance
    let options: Options
    private let log: RequestLog
    let backChannelLogout: BackChannelLogoutSender
    private let requestCount = Atomic<Int>(0)
    private let runID: String
    let expires = Mutex<(second: Int64, text: String)>((0, ""))

    public init(_ instance: Instance, options: Options) {
        self.instance = instance
        self.options = options
        log = RequestLog(options.log)
        backChannelLogout = BackChannelLogoutSender(log, now: instance.dependencies.now)
        runID = hexadecimal(instance.dependencies.randomBytes(3))
    }

    /// Answers one request. Called by many threads.
    public func answer(_ request: HTTPRequest) -> HTTPResponse {
        let start = MonotonicClock.microseconds()
        var entry = RequestLog.Entry(requestID: nextRequestID(), request: request, status: 0, microseconds: 0)
        var response = route(request, &entry)
        response.headers.append(("X-Robots-Tag", "none"))
        entry.status = response.status
        entry.microseconds = MonotonicClock.microseconds() - start
        log.write(entry, at: instance.dependencies.now())
        return response
    }

    /// Waits until apps are told of the logouts that there were.
    public func drain() { backChannelLogout.drain() }

    /// Stops telling apps of logouts, after the one that is just being told. Called when the server stops.
    public func close() { backChannelLogout.close() }

    private func nextRequestID() -> String {
        let number = String(requestCount.wrappingAdd(1, ordering: .relaxed).newValue, radix: 16)
        return runID + "-" + String(repeating: "0", count: max(0, 6 - number.count)) + number
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
        guard isOIDC || Self.pagePaths.contains(request.path) else {
            return notFound(request, &entry, vary: "Origin")
        }
        if isOIDC, let preflight = CORS.preflight(request) { return preflight }
        let origin: Origin
        do { origin = try Origin(request, instance.settings) } catch { return unknownHost(error, request, &entry) }
        var response: HTTPResponse
        if isOIDC {
            let answer = endpointAnswer(request, origin.issuer, &entry)
            response = answer ?? notFound(request, &entry, vary: "Origin, Cookie")
            response.headers += CORS.headers(for: request)
        } else {
            // Other origins must not read a page, so it carries no CORS headers.
            response = answer(request, origin.issuer, .other, &entry) { try self.page(request, $0, &$1) }
        }
        if instance.behavior.sendsRequestID { response.headers.append(("X-Request-Id", entry.requestID)) }
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
                let (claims, userName) = try UserInfoEndpoint(self.instance).userInfo(request)
                entry.user = userName
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

    private func introspect(_ request: OAuthRequest, _ entry: inout RequestLog.Entry) throws -> HTTPResponse {
        let result = try IntrospectionEndpoint(instance).introspect(request)
        entry.client = result.clientID
        entry.warnings = result.warnings
        switch result.outcome {
        case .active(let claims): return HTTPResponse(status: 200, headers: headers, body: claims + [10])
        case .inactive(let rejection):
            entry.rejection = rejection
            return HTTPResponse(status: 200, headers: headers, body: Array("{\"active\":false}\n".utf8))
        }
    }

    private func keys() throws -> HTTPResponse {
        var response = HTTPResponse(status: 200, headers: headers, body: try instance.keyRing.jwks().bytes() + [10])
        if let cached = instance.behavior.jwksCacheControl {
            response.headers = [
                ("Content-Type", "application/json"), ("Cache-Control", cached), ("Vary", "Origin, Cookie"),
            ]
        }
        return response
    }
}
