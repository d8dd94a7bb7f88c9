public import HTTP
import Provider

/// What the HTTP layer refuses before it is a request of the application.
extension Application {
    /// Makes the response to it, with the reason, and records the event.
    public func answer(_ rejection: HTTPRejection) -> HTTPResponse {
        var response = rejection.response
        response.headers += reasonHeaders(rejection.code.rawValue, rejection.message)
        let event = RequestEvent(rejection, id: nextRequestID(), time: instance.now)
        report(event)
        return response
    }
}
