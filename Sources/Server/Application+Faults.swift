import Crypto
import Encodings
import HTTP
import JOSE
import Model
import OAuth
import Provider
import Storage

/// Faults that tests inject.
extension Application {
    /// The fault that is for a request.
    func fault(for exchange: Exchange) -> Fault? {
        let request = exchange.request
        guard exchange.endpoint != .health, instance.faults.concern(endpoint: exchange.endpoint.rawValue),
            !CORS.isPreflight(request)
        else { return nil }
        let form = (try? Self.form(request)) ?? FormParameters()
        let token = Self.token(request, form)
        let headers = Dictionary(grouping: request.headers, by: \.name).mapValues { $0.map(\.value) }
        let matched = FaultTable.Request(
            endpoint: exchange.endpoint.rawValue, grant: Self.grant(form), clients: clients(exchange, form),
            users: users(exchange, form, token: token),
            headers: { headers[$0] ?? [] }, token: token)
        let fault = instance.faults.fault(for: matched, now: exchange.now, random: random)
        if fault?.action.replacesAnswer == true { note(matched, exchange) }
        return fault
    }

    /// Notes who sent a request that the server itself will not see.
    private func note(_ matched: FaultTable.Request, _ exchange: Exchange) {
        let resources = exchange.snapshot.resources
        let client = matched.clients.lazy.compactMap { resources.client(id: $0)?.app.clientID }.first
        let machine = matched.clients.lazy.compactMap { resources.user(named: $0)?.userName }.first
        exchange.trace.client = client ?? machine ?? matched.clients.first
        exchange.trace.user = matched.users.lazy.compactMap { resources.user(id: $0)?.userName }.first
        exchange.trace.grantType = matched.grant.map { $0.cut(toBytes: 200) }
    }

    private func random() -> Double {
        let bytes = instance.dependencies.randomBytes(4)
        return Double(bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }) / 4_294_967_296
    }

    private static func grant(_ form: FormParameters) -> String? {
        form.first("grant_type").map { GrantType(rawValue: $0)?.name ?? $0 }
    }

    private static func token(_ request: HTTPRequest, _ form: FormParameters) -> String? {
        if let token = form.last("token") ?? form.last("access_token") ?? form.last("refresh_token") { return token }
        return request.header("authorization").flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
    }

    /// All names of the client that sends a request, unverified.
    private func clients(_ exchange: Exchange, _ form: FormParameters) -> [String] {
        var names = [form.last("client_id")].compactMap(\.self)
        if let basic = try? BasicCredentials.parse(exchange.request.header("authorization")) {
            names.append(basic.clientID)
        }
        for name in ["client_assertion", "assertion"] {
            if let issuer = form.last(name).flatMap({ try? CompactJWS($0) })?.claims["iss"]?.string {
                names.append(issuer)
            }
        }
        let resources = exchange.snapshot.resources
        for name in names {
            if let client = resources.client(id: name) { names.append(client.app.id) }
            if let user = resources.user(named: name) {
                names += [user.id, user.userName] + resources.loginNames(of: user)
            }
        }
        return names
    }

    /// All names of the user that a request is about.
    private func users(_ exchange: Exchange, _ form: FormParameters, token: String?) -> [String] {
        let resources = exchange.snapshot.resources
        var ids: [String?] = [
            form.last("user") ?? form.last("person"), form.last("loginName").flatMap { resources.user(named: $0)?.id },
        ]
        if let token {
            let digest = tokenDigest(token)
            ids.append(resources.personalAccessToken(digest: digest)?.userID)
            ids.append((try? instance.storage.token(digest: digest))?.userID)
            ids.append((try? instance.storage.refreshToken(digest: digest))?.accessToken.userID)
            ids.append((try? CompactJWS(token))?.claims["sub"]?.string)
        }
        let known = ids.compactMap(\.self).compactMap(resources.user(id:))
        // A service user is the client of its own requests.
        let machines = clients(exchange, form).compactMap { resources.user(named: $0) }.filter { $0.machine != nil }
        return (known + machines).flatMap { [$0.id, $0.userName] + resources.loginNames(of: $0) }
    }

    /// What a fault makes of a request.
    func apply(_ fault: Fault, _ exchange: Exchange) -> HTTPResponse {
        let action = fault.action
        var response: HTTPResponse
        if action.replacesAnswer {
            let rejection = Rejection(
                .fault, "fault \(fault.id) was injected by a test", variant: action.refuse.map { .injected($0) })
            exchange.trace.rejection = rejection
            response = action.refuse == nil ? replacement(action, exchange) : refusal(rejection, exchange)
            if action.refuse != nil { response.headers += action.headers }
            response.headers += reasonHeaders(exchange.trace.rejection)
        } else if action.staleKeys, exchange.endpoint == .keys, let stale = try? exchange.snapshot.previousKeys?.jwks()
        {
            response = keys(exchange, stale)
        } else {
            response = route(exchange)
        }
        if !action.replacesAnswer { response.headers += action.headers }
        response.delivery = Delivery(
            delay: action.delay.map { $0.lowerBound + Int64(random() * Double($0.upperBound - $0.lowerBound)) } ?? 0,
            bytesPerSecond: action.bytesPerSecond, ending: ending(action))
        return response
    }

    /// The answer to a request that a fault refuses: as any other refusal, so an app that awaits an answer gets it.
    private func refusal(_ rejection: Rejection, _ exchange: Exchange) -> HTTPResponse {
        oidc(exchange) { issuer in
            let form = (try? Self.form(exchange.request)) ?? FormParameters()
            let isAuthorization = exchange.endpoint == .authorize
            let callback =
                isAuthorization ? AuthorizeEndpoint(context(exchange, issuer, form)).callback() : nil
            return render(rejection.returning(to: callback), exchange, .other, form)
        }
    }

    private func ending(_ action: Fault.Action) -> Delivery.Ending {
        switch action.close {
        case .beforeAnswer: .closeBeforeAnswer
        case .reset: .reset
        case .hang: .hang
        case nil: action.truncate.map { .truncated(bodyBytes: $0) } ?? .complete
        }
    }

    private func replacement(_ action: Fault.Action, _ exchange: Exchange) -> HTTPResponse {
        if action.instanceNotFound {
            let host = exchange.request.header("host") ?? ""
            return unknownHost(
                Origin.UnknownHost(host: host, publicHost: "", scheme: "http"), isKnown: false, exchange)
        }
        if action.garbage {
            return HTTPResponse(
                status: 200, headers: [("Content-Type", "application/json")] + action.headers,
                body: instance.dependencies.randomBytes(64))
        }
        var headers = action.headers
        if let seconds = action.retryAfter { headers.append(("Retry-After", "\(seconds)")) }
        let body = Array((action.body ?? "").utf8)
        if !body.isEmpty, !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            let isJSON = (try? JSONParser.parse(body)) != nil
            headers.append(("Content-Type", isJSON ? "application/json" : "text/plain; charset=utf-8"))
        }
        return HTTPResponse(status: action.answerStatus, headers: headers, body: body)
    }
}
