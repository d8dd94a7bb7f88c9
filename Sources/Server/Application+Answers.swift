import Encodings
import HTTP
import Model
import OAuth
import Provider

/// How what the endpoints say becomes an answer.
extension Application {
    /// The headers of every JSON answer.
    var headers: [(name: String, value: String)] {
        [
            ("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Pragma", "no-cache"),
            ("Expires", hourAgo), ("Vary", "Origin, Cookie"),
        ]
    }

    /// The moment one hour ago as HTTP writes it, made once a second.
    var hourAgo: String {
        let second = instance.dependencies.now().seconds - 3600
        return expires.withLock { expires in
            if expires.second != second { expires = (second, UTCDateTime(unix: second).http) }
            return expires.text
        }
    }

    func ok(_ object: JSONObject) -> HTTPResponse {
        HTTPResponse(status: 200, headers: headers, body: JSON.object(object).bytes() + [10])
    }

    /// Reads the form, calls the endpoint, and renders a rejection or a failure of the server.
    func answer(
        _ request: HTTPRequest, _ issuer: String, _ endpoint: Endpoint, _ entry: inout RequestLog.Entry,
        _ body: (OAuthRequest, inout RequestLog.Entry) throws -> HTTPResponse
    ) -> HTTPResponse {
        var response: HTTPResponse
        do {
            let oauth = OAuthRequest(
                form: try Self.form(request), authorization: request.header("authorization"), issuer: issuer)
            response = try body(oauth, &entry)
        } catch let rejection as Rejection {
            if rejection.reason == .serverFailure { entry.failure = rejection.cause }
            response = render(rejection, request, endpoint, &entry)
        } catch {
            entry.failure = "\(error)"
            response = render(
                Rejection(.serverFailure, "the server failed; its log says why, under request \(entry.requestID)"),
                request, endpoint, &entry)
        }
        if options.reasonHeader {
            if let rejection = entry.rejection {
                response.headers.append(
                    ("Mock-Reason", Self.headerText("\(rejection.reason.rawValue); \(rejection.detail)")))
            }
            for warning in entry.warnings {
                response.headers.append(("Mock-Warning", Self.headerText("\(warning.code); \(warning.detail)")))
            }
        }
        return response
    }

    func render(
        _ rejection: Rejection, _ request: HTTPRequest, _ endpoint: Endpoint, _ entry: inout RequestLog.Entry
    ) -> HTTPResponse {
        entry.rejection = rejection.deferredClientError.first ?? rejection
        let dialect = request.header("mock-dialect").flatMap(Dialect.init) ?? instance.settings.dialect
        let renderer = ErrorRenderer(
            dialect: dialect, behavior: instance.behavior, tellsCause: instance.settings.debugOidcParentError)
        let form = try? Self.form(request)
        let isInForm = ["client_id", "client_assertion"].contains { form?.last($0) != nil }
        let usesHeaderOrNothing = request.header("authorization") != nil || !isInForm
        let answer = renderer.answer(to: rejection, at: endpoint, usesHeaderOrNothing: usesHeaderOrNothing)
        entry.warnings +=
            rejection.warnings
            + renderer.warnings(answer, to: rejection, at: endpoint, usesHeaderOrNothing: usesHeaderOrNothing)
        // The app is told of a failure of the server in both dialects.
        if let callback = rejection.callback, dialect == .documented || rejection.reason == .serverFailure {
            return response(callback, error: answer.error ?? "", answer.description, request)
        }
        var headers = headers
        if let challenge = answer.challenge { headers.append(("WWW-Authenticate", challenge)) }
        return HTTPResponse(status: answer.status, headers: headers, body: renderer.body(answer, rejection))
    }

    /// Header values are ASCII; names that people give to apps need not be.
    private static func headerText(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.isASCII && $0.value >= 32 && $0.value != 127 ? $0 : "?" }))
    }

    /// The parameters of a request, as Go's `ParseForm` finds them: a body counts for POST, PUT and PATCH, and only if it says that it is a form.
    private static func form(_ request: HTTPRequest) throws(Rejection) -> FormParameters {
        var body: [UInt8] = []
        if ["POST", "PUT", "PATCH"].contains(request.method) {
            switch MediaType.parse(request.header("content-type").flatMap { $0.isEmpty ? nil : $0 }) {
            case .malformed:
                throw Rejection(
                    .formUnreadable, "the header Content-Type is malformed; send application/x-www-form-urlencoded")
            case .type("application/x-www-form-urlencoded"):
                guard !request.bodyIsTooLong else {
                    throw Rejection(.formUnreadable, "the body is over \(FormParameters.bodyLimit) bytes")
                }
                body = request.body
            case .type: break
            }
        }
        do { return try FormParameters(body: body, query: request.query) } catch {
            throw Rejection(.formUnreadable, error.reason)
        }
    }

    func notFound(_ request: HTTPRequest, _ entry: inout RequestLog.Entry, vary: String) -> HTTPResponse {
        entry.rejection = Rejection(
            .pathUnknown, "no such path; /.well-known/openid-configuration names those there are")
        return plain(status: 404, "404 page not found\n", vary: vary)
    }

    func unknownHost(
        _ unknown: Origin.UnknownHost, _ request: HTTPRequest, _ entry: inout RequestLog.Entry
    ) -> HTTPResponse {
        let domains = instance.settings.domains.joined(separator: ", ")
        entry.rejection = Rejection(
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
        if instance.behavior.sendsRequestID { response.headers.append(("X-Request-Id", entry.requestID)) }
        return response
    }

    /// A text of Go's `http.Error`.
    func plain(status: Int, _ text: String, vary: String) -> HTTPResponse {
        var headers = headers.filter { $0.name != "Content-Type" && $0.name != "Vary" }
        headers += [
            ("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff"), ("Vary", vary),
        ]
        return HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
    }
}
