import Encodings
import HTTP
import Model
import OAuth
import Provider
import Storage
import Synchronization

/// How what the endpoints say becomes an answer.
extension Application {
    /// The headers of every JSON answer.
    func headers(_ exchange: Exchange) -> [(name: String, value: String)] {
        [
            ("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Pragma", "no-cache"),
            ("Expires", hourBefore(exchange.now)), ("Vary", "Origin, Cookie"),
        ]
    }

    /// The moment one hour before as HTTP writes it, made once a second.
    private func hourBefore(_ now: Timestamp) -> String {
        let second = now.seconds - 3600
        return expires.withLock { expires in
            if expires.second != second { expires = (second, UTCDateTime(unix: second).http) }
            return expires.text
        }
    }

    /// What an endpoint returned, as HTTP.
    func response(_ result: EndpointResult, _ exchange: Exchange) -> HTTPResponse {
        backChannelLogout.send(result.logoutNotices)
        if let location = result.location { return redirect(to: location, exchange) }
        let body: [UInt8] =
            switch result.body {
            case .none: []
            case .object(let object): JSON.object(object).bytes() + [10]
            case .encoded(let bytes): bytes + [10]
            }
        return HTTPResponse(status: 200, headers: headers(exchange), body: body)
    }

    /// The published keys.
    func keys(_ exchange: Exchange) throws -> HTTPResponse { keys(exchange, try exchange.snapshot.keys.jwks()) }

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

    /// Reads the form, calls the endpoint, and renders a rejection or a failure of the server.
    func answer(
        _ exchange: Exchange, _ issuer: String, _ endpoint: Endpoint, _ body: (RequestContext) throws -> HTTPResponse
    ) -> HTTPResponse {
        var response: HTTPResponse
        var form: FormParameters?
        do {
            let parameters = try Self.form(exchange.request)
            form = parameters
            let context = context(exchange, issuer, parameters)
            context.warnOfRepeatedParameters()
            response = try body(context)
            context.warnOfUnreadBody()
        } catch let rejection as Rejection {
            if rejection.reason == .serverFailure { exchange.trace.failure = rejection.cause?.text }
            response = render(rejection.hiding(where: exchange.isToken), exchange, endpoint, form)
        } catch let error as StorageError where error.isOfMissingRow {
            // Rows refer to their users, and to nothing else that may go while a request is answered.
            response = render(
                Rejection(.userNotActive, "the user was removed while the request was answered"), exchange, endpoint,
                form)
        } catch {
            exchange.trace.failure = "\(error)"
            response = render(
                Rejection(.serverFailure, "the server failed; its log says why, under request \(exchange.id)"),
                exchange, endpoint, form)
        }
        exchange.trace.rejection = exchange.trace.rejection?.hiding(where: exchange.isToken)
        response.headers += reasonHeaders(exchange.trace.rejection)
        return response
    }

    /// What an endpoint works with.
    func context(_ exchange: Exchange, _ issuer: String, _ form: FormParameters) -> RequestContext {
        RequestContext(
            instance: instance, snapshot: exchange.snapshot, now: exchange.now, form: form,
            authorization: exchange.request.header("authorization"), issuer: issuer, trace: exchange.trace,
            dialect: dialect(of: exchange))
    }

    /// The dialect that a request asks for, else that of the instance.
    private func dialect(of exchange: Exchange) -> Dialect {
        exchange.request.header(Self.dialectField).flatMap(Dialect.init) ?? exchange.snapshot.settings.dialect
    }

    func render(
        _ rejection: Rejection, _ exchange: Exchange, _ endpoint: Endpoint, _ form: FormParameters?
    ) -> HTTPResponse {
        let request = exchange.request
        let settings = exchange.snapshot.settings
        let dialect = dialect(of: exchange)
        let renderer = ErrorRenderer(
            dialect: dialect, behavior: exchange.snapshot.behavior, includesCause: settings.debugOidcParentError)
        let isInForm = ["client_id", "client_assertion"].contains { form?.last($0) != nil }
        let usesHeaderOrNothing = request.header("authorization") != nil || !isInForm
        let answer = renderer.answer(to: rejection, at: endpoint, usesHeaderOrNothing: usesHeaderOrNothing)
        exchange.trace.rejection = renderer.reported(rejection)
        exchange.trace.warn(
            renderer.warnings(answer, to: rejection, at: endpoint, usesHeaderOrNothing: usesHeaderOrNothing))
        if let callback = rejection.callback, let error = answer.error,
            dialect == .documented || renderer.rendering(of: rejection).alwaysReturnsToApp
        {
            return response(callback.error(error, answer.description, in: dialect), exchange)
        }
        var headers = headers(exchange)
        if answer.isRecovered { headers.removeAll { ["Cache-Control", "Pragma", "Expires"].contains($0.name) } }
        if let challenge = answer.challenge { headers.append(("WWW-Authenticate", challenge)) }
        return HTTPResponse(status: answer.status, headers: headers, body: renderer.body(answer, rejection))
    }

    /// The parameters of a request, as Go's `ParseForm` finds them: a body counts for POST, PUT and PATCH, and only if it says that it is a form.
    static func form(_ request: HTTPRequest) throws(Rejection) -> FormParameters {
        var body: [UInt8] = []
        var missing: FormParameters.MissingBody?
        if ["POST", "PUT", "PATCH"].contains(request.method) {
            let header = request.header("content-type").flatMap { $0.isEmpty ? nil : $0 }
            switch MediaType.parse(header) {
            case .malformed:
                throw Rejection(
                    .formUnreadable, "the header Content-Type is malformed; send application/x-www-form-urlencoded")
            case .type("application/x-www-form-urlencoded"):
                guard !request.bodyIsTooLong else {
                    throw Rejection(.formUnreadable, "the body is over \(FormParameters.bodyLimit) bytes")
                }
                body = request.body
                if body.isEmpty { missing = .empty }
            case .type(let other):
                missing = request.body.isEmpty ? .empty : .mediaType(header == nil ? nil : other)
            }
        } else {
            missing = .method(request.method)
        }
        do {
            var form = try FormParameters(body: body, query: request.query)
            form.missingBody = missing
            return form
        } catch {
            throw Rejection(.formUnreadable, error.reason)
        }
    }

    func notFound(_ exchange: Exchange, vary: String) -> HTTPResponse {
        exchange.trace.rejection = Self.unknownPath(exchange.request.path)
        return plain(status: 404, "404 page not found\n", exchange, vary: vary)
    }

    /// The answer to a request whose host no instance has.
    func unknownHost(_ unknown: Origin.UnknownHost, _ exchange: Exchange) -> HTTPResponse {
        let domains = exchange.snapshot.settings.domains
        exchange.trace.rejection = Rejection(
            .hostUnknown,
            domains.isEmpty
                ? "the request names no host, which the issuer is derived from; send the header Host, or pin the issuer with instance.issuer or --issuer"
                : "the instance serves only \(domains.joined(separator: ", ")); add the host to instance.domains in the seed, or remove the list"
        )
        let isKnown = Origin.isKnown(unknown.host, exchange.snapshot.settings)
        return unknownHost(unknown, isKnown: isKnown, exchange)
    }

    /// - Parameter isKnown: whether the instance has the host, and something else of the origin is wrong.
    func unknownHost(_ unknown: Origin.UnknownHost, isKnown: Bool, _ exchange: Exchange) -> HTTPResponse {
        let domains = exchange.snapshot.settings.domains
        let domain = domains.first.map { String($0.prefix { $0 != ":" }) } ?? "localhost"
        // The error names the query that found nothing.
        let id =
            unknown.host.isEmpty
            ? "INST-zWq7X" : isKnown ? "QUERY-IuGh1" : "QUERY-1kIjX"
        let text =
            "unable to set instance using origin &{\(unknown.host) \(unknown.publicHost) \(unknown.scheme)} (ExternalDomain is \(domain)): ID=\(id) Message=Instance not found. Make sure you got the domain right. Check out https://zitadel.com/docs/apis/introduction#domains\n"
        var response = plain(status: 404, text, exchange, vary: "Origin")
        response.headers += CORS.headers(for: exchange.request, .oidc)
        if exchange.snapshot.behavior.sendsRequestID { response.headers.append(("X-Request-Id", exchange.id)) }
        return response
    }

    /// A text of Go's `http.Error`.
    func plain(status: Int, _ text: String, _ exchange: Exchange, vary: String) -> HTTPResponse {
        var headers = headers(exchange).filter { $0.name != "Content-Type" && $0.name != "Vary" }
        headers += [
            ("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff"), ("Vary", vary),
        ]
        return HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
    }
}
