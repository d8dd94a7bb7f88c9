import HTTP
import Provider

/// A request that was answered: what the access log and all other observers are given.
struct RequestEvent: Sendable {
    /// The value of `X-Request-Id`.
    let id: String
    let request: HTTPRequest
    var status: Int
    let endpoint: EndpointName
    /// When it arrived, by the clock of the instance.
    let time: Timestamp
    /// How long answering took.
    var microseconds: Int64
    /// A client id, or the user name of a service user, as soon as the request named one.
    let client: String?
    let user: String?
    /// As the trace has it.
    let grantType: String?
    /// The `jti` of the token that was read or issued.
    let tokenID: String?
    let rejection: Rejection?
    /// Why the HTTP layer refused it, before it was a request of the application.
    let httpRejection: HTTPRejection?
    /// Why the control API refused it.
    let problem: Problem?
    let warnings: [Warning]
    /// The fault that was applied.
    let faultID: String?
    /// The cause of a failure of the server, for the log only.
    let failure: String?

    init(_ exchange: Exchange, status: Int, microseconds: Int64, problem: Problem? = nil) {
        id = exchange.id
        var request = exchange.request
        // What a path that is none may hold.
        if case .notFound = exchange.destination {
            request.path = Masking.hiding(request.path, where: exchange.isToken)
        }
        self.request = request
        time = exchange.now
        endpoint = exchange.endpoint
        faultID = exchange.faultID
        self.status = status
        self.microseconds = microseconds
        let client = exchange.trace.client
        self.client =
            exchange.trace.rejection == nil ? client : client.map { Masking.hiding($0, where: exchange.isToken) }
        user = exchange.trace.user
        grantType = exchange.trace.grantType
        tokenID = exchange.trace.tokenID
        rejection = exchange.trace.rejection
        httpRejection = nil
        self.problem = problem
        warnings = exchange.trace.warnings
        failure = exchange.trace.failure
    }

    /// What the HTTP layer refused.
    init(_ rejection: HTTPRejection, id: String, time: Timestamp) {
        self.id = id
        request = HTTPRequest(method: rejection.method, path: rejection.path, peer: rejection.peer)
        status = rejection.status
        self.time = time
        httpRejection = rejection
        (microseconds, client, user, grantType, tokenID) = (0, nil, nil, nil, nil)
        (self.rejection, warnings, failure) = (nil, [], nil)
        (endpoint, faultID, problem) = (.unknown, nil, nil)
    }

    /// The code and the sentence of the rejection.
    var reason: (code: String, detail: String)? {
        httpRejection.map { ($0.code.rawValue, $0.message) } ?? problem.map { ($0.kind.rawValue, $0.summary) }
            ?? rejection.map { ($0.reason.rawValue, $0.detail) }
    }
}
