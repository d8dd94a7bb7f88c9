import Encodings
import HTTP
import OAuth
import Provider
import Storage
import System

extension Application {
    /// Answers a call of the control API, and writes it to the access log.
    func control(_ request: HTTPRequest, in registry: InstanceRegistry?) -> Reply {
        ControlCall(application: self, registry: registry, request).reply()
    }
}

/// A call of the control API from its arrival to its answer and its line in the log.
struct ControlCall: Sendable {
    private let application: Application
    private let registry: InstanceRegistry?
    private let request: HTTPRequest
    private let id: String
    private let snapshot: Snapshot
    private let now: Timestamp
    /// By the monotonic clock, in microseconds.
    private let start = MonotonicClock.microseconds()

    init(application: Application, registry: InstanceRegistry?, _ request: HTTPRequest) {
        self.application = application
        self.registry = registry
        self.request = request
        id = application.nextRequestID()
        snapshot = application.instance.snapshot
        now = application.instance.now
    }

    /// Answers the call, at once or, if it is a command, in the background.
    func reply() -> Reply {
        do {
            try ControlAPI.authorize(request, application.options.control ?? ControlOptions(), snapshot.resources)
            let (route, path) = try ControlAPI.route(request)
            return route.isCommand ? .soon { runInBackground(route, path, $0) } : run(route, path)
        } catch { return .response(refusal(error, newExchange())) }
    }

    private func runInBackground(_ route: ControlRoute, _ path: PathParameters, _ responder: Responder) {
        let work = application.options.commands
        let id = work.add(bytes: request.byteCount) {
            switch run(route, path) {
            case .response(let response): responder.complete(response)
            case .soon(let begin), .later(let begin): begin(responder)
            }
        }
        guard let id else {
            let problem = Problem(.tooMany, "too many bytes of calls wait already; send fewer at a time")
            responder.complete(refusal(problem, newExchange()))
            return
        }
        responder.whenClientGone { work.cancel(id) }
    }

    private func run(_ route: ControlRoute, _ path: PathParameters) -> Reply {
        let exchange = newExchange()
        do {
            let reply = try route.run(try arguments(of: route, path, exchange)).reply
            let finish = finisher(exchange, nil)
            switch reply {
            case .response(let response): return .response(finish(response))
            case .soon(let begin): return .soon { begin($0.changing(finish)) }
            case .later(let begin): return .later { begin($0.changing(finish)) }
            }
        } catch { return .response(refusal(error, exchange)) }
    }

    private func newExchange() -> Exchange {
        let exchange = Exchange(request: request, id: id, snapshot: snapshot, now: now, endpoint: .unknown)
        exchange.trace.warn(Application.warnings(of: request, in: registry))
        return exchange
    }

    /// What the route gets, after all checks that its description asks for.
    private func arguments(
        of route: ControlRoute, _ path: PathParameters, _ exchange: Exchange
    ) throws(Problem) -> ControlRequest {
        let body = try ControlAPI.body(request)
        let form: FormParameters
        do { form = try FormParameters(body: [], query: request.query) } catch {
            throw Problem(.invalidParameter, error.reason)
        }
        let query = try route.checkedQuery(form)
        let checkedBody = try route.checkedBody(body, path)
        let context = RequestContext(
            instance: application.instance, snapshot: snapshot, now: now, form: form, authorization: nil,
            issuer: (try? Origin(request, snapshot.settings))?.issuer ?? "", trace: exchange.trace)
        return ControlRequest(
            application: application, registry: registry, exchange: exchange, context: context, path: path,
            query: query, checkedBody: checkedBody, body: body)
    }

    // MARK: Answers

    private func refusal(_ error: any Error, _ exchange: Exchange) -> HTTPResponse {
        let problem = problem(error, exchange)
        return finisher(exchange, problem)(problem.response)
    }

    /// What is said of an error. The text of an unexpected one is for the log alone.
    private func problem(_ error: any Error, _ exchange: Exchange) -> Problem {
        if let problem = error as? Problem { return problem }
        if let error = error as? StorageError, error.isConflict {
            return Problem(.conflict, "what the call is about was changed or removed meanwhile; send it again")
        }
        exchange.trace.failure = "\(error)"
        return Problem(.serverFailure, "the server failed; its log says why, under request \(id)")
    }

    /// Adds to a response what all have, and writes the call to the log.
    private func finisher(
        _ exchange: Exchange, _ problem: Problem?
    ) -> @Sendable (HTTPResponse) -> HTTPResponse {
        let headers = [(name: "X-Request-Id", value: id)] + application.warningHeaders(exchange.trace.warnings)
        let unfinished = RequestEvent(exchange, status: 0, microseconds: 0, problem: problem)
        return { [application, start] response in
            var (response, event) = (response, unfinished)
            response.headers += headers
            event.status = response.status
            event.microseconds = MonotonicClock.microseconds() - start
            application.reportControl(event)
            return response
        }
    }
}
