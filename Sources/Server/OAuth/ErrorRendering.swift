import Model
import OAuth

/// How a rejection is rendered in each dialect and at each endpoint: one row of the table in `ErrorRenderer.rendering(of:)`.
struct ErrorRendering {
    /// What the server answers at endpoints without an answer of their own.
    private var server: ErrorResponse
    private var serverAt: [(endpoint: Endpoint, answer: ErrorResponse)] = []
    /// The error code that ZITADEL's documentation and the RFCs promise, where it is not the server's.
    private var documented: OAuthErrorCode?
    private var documentedAt: [(endpoint: Endpoint, code: OAuthErrorCode)] = []
    /// Whether the error goes to the app's redirect URI in every dialect; else only in the dialect `documented`.
    private(set) var alwaysReturnsToApp = false

    private init(_ server: ErrorResponse) {
        self.server = server
    }

    /// The same in both dialects, until `documented` says otherwise.
    static func server(_ error: OAuthErrorCode, _ description: String? = nil, status: Int? = nil) -> ErrorRendering {
        ErrorRendering(ErrorResponse(error, description, status: status))
    }

    /// A failure of the server. Also for reasons that explain an answer which is not an error response, and so are never rendered.
    static let internalError = server(.serverError, "Errors.Internal")

    /// What the server answers at one endpoint.
    func server(at endpoint: Endpoint, _ answer: ErrorResponse) -> ErrorRendering {
        var copy = self
        copy.serverAt.append((endpoint, answer))
        return copy
    }

    func documented(_ code: OAuthErrorCode) -> ErrorRendering {
        var copy = self
        copy.documented = code
        return copy
    }

    func documented(_ code: OAuthErrorCode, at endpoint: Endpoint) -> ErrorRendering {
        var copy = self
        copy.documentedAt.append((endpoint, code))
        return copy
    }

    func alwaysReturnedToApp() -> ErrorRendering {
        var copy = self
        copy.alwaysReturnsToApp = true
        return copy
    }

    /// The real server's handler crashes, and its answer lacks the headers that forbid caching.
    func recovered() -> ErrorRendering {
        var copy = self
        copy.server.isRecovered = true
        return copy
    }

    func answer(in dialect: Dialect, at endpoint: Endpoint) -> ErrorResponse {
        if dialect == .documented,
            let code = documentedAt.first(where: { $0.endpoint == endpoint })?.code ?? documented
        {
            return ErrorResponse(code, status: code.status(in: .documented))
        }
        return serverAt.first { $0.endpoint == endpoint }?.answer ?? server
    }
}
