import HTTP
import Provider

/// One HTTP request while it is answered: the request, the state and the time that it sees, and its trace.
struct Exchange {
    let request: HTTPRequest
    /// Names the request in the log and in `X-Request-Id`.
    let id: String
    let snapshot: Snapshot
    let now: Timestamp
    let trace = Trace()
    /// What journal and faults call it.
    let endpoint: EndpointName
    /// What method and path lead to.
    var destination = EndpointRoute.Destination.notFound
    /// The fault that was applied.
    var faultID: String?

    /// Whether a text is a personal access token.
    func isToken(_ text: String) -> Bool { snapshot.resources.isToken(text) }
}
