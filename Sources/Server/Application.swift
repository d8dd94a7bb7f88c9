import Encodings
public import HTTP
import Model
import OAuth
public import Provider
import Synchronization
package import System

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
        /// What runs the commands of the control API, for all instances. Some take long, and requests should not wait for them.
        package var commands = BackgroundWork(threads: 2, byteLimit: 12 << 20)

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
    /// They get every request and every call of the control API.
    private let observers: [any EventSink]
    private let instanceSink: InstanceSink
    let timers: Timers
    let backChannelLogout: BackChannelLogoutSender
    private let requestCount = Atomic<Int>(0)
    private let runID: String
    let expires = Mutex<(second: Int64, text: String)>((0, ""))

    public convenience init(_ instance: Instance, options: Options) {
        self.init(instance, options: options, timers: Timers())
    }

    /// - Parameters:
    ///   - observers: they get every request and every call of the control API, after the access log.
    ///   - timers: what calls of the control API wait by.
    init(_ instance: Instance, options: Options, observers: [any EventSink] = [], timers: Timers = Timers()) {
        self.timers = timers
        self.instance = instance
        self.options = options
        log = RequestLog(options.log, isColored: options.isLogColored)
        self.observers = [log] + observers
        instanceSink = InstanceSink(instance)
        backChannelLogout = BackChannelLogoutSender(log, now: instance.dependencies.now)
        runID = hexadecimal(instance.dependencies.randomBytes(3))
    }

    /// Responds to one request. Called by many threads.
    /// - Parameter registry: all instances of the server, if it can have several.
    public func respond(to request: HTTPRequest, in registry: InstanceRegistry? = nil) -> Reply {
        if request.path.hasPrefix("/mock/"), options.control?.hasOwnPort == false {
            return control(request, in: registry)
        }
        return .response(answer(request, in: registry))
    }

    /// Answers one request. Called by many threads.
    public func answer(_ request: HTTPRequest, in registry: InstanceRegistry? = nil) -> HTTPResponse {
        let start = MonotonicClock.microseconds()
        let snapshot = instance.snapshot
        let accepted = AcceptedRequest(request, snapshot.settings)
        let request = accepted.request
        let destination = Self.destination(of: request)
        var exchange = Exchange(
            request: request, id: nextRequestID(), snapshot: snapshot, now: instance.now,
            endpoint: destination.name, destination: destination)
        let redirect = cleaning(exchange)
        var response: HTTPResponse
        if redirect == nil, !instance.faults.isEmpty, let fault = fault(for: exchange) {
            exchange.faultID = fault.id
            response = apply(fault, exchange)
        } else {
            response = redirect ?? route(exchange)
        }
        if redirect == nil { response.headers.append(("X-Robots-Tag", "none")) }
        exchange.trace.warn(accepted.warnings + Self.warnings(of: request, in: registry))
        response.headers += warningHeaders(exchange.trace.warnings)
        let event = RequestEvent(
            exchange, status: response.status, microseconds: MonotonicClock.microseconds() - start)
        report(event)
        return response
    }

    /// Tells all observers of a request.
    func report(_ event: RequestEvent) {
        reportControl(event)
        instanceSink.record(event)
    }

    /// Tells all observers but the journal of a call of the control API: the journal is about what such calls command.
    func reportControl(_ event: RequestEvent) {
        for observer in observers { observer.record(event) }
    }

    /// Waits until apps are notified of all logouts so far.
    public func drain() { backChannelLogout.drain() }

    /// Stops notifying apps of logouts, after the notification that is being sent. Called when the server stops.
    /// - Returns: false when that one was given up, because the app did not answer soon.
    @discardableResult
    public func close() -> Bool { backChannelLogout.close() }

    func nextRequestID() -> String {
        let number = String(requestCount.wrappingAdd(1, ordering: .relaxed).newValue, radix: 16)
        return runID + "-" + String(repeating: "0", count: max(0, 6 - number.count)) + number
    }
}
