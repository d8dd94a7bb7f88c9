public import HTTP
import Provider

/// What the HTTP layer refuses before it is a request of the application.
extension Application {
    /// Makes the response to it, with the reason, and records the event.
    public func answer(_ rejection: HTTPRejection) -> HTTPResponse {
        var response = rejection.response
        if options.reasonHeader {
            response.headers.append(("Mock-Reason", "\(rejection.code.rawValue); \(rejection.message)"))
        }
        let event = RequestEvent(rejection, id: nextRequestID(), time: instance.now)
        for sink in sinks { sink.record(event) }
        return response
    }
}
