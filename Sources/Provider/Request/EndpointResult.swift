public import Encodings

/// What an endpoint answers, before it becomes HTTP.
public struct EndpointResult {
    /// The body of the answer.
    public enum Body {
        /// An empty answer with status 200.
        case none
        case object(JSONObject)
        /// JSON that was encoded before.
        case encoded([UInt8])
    }

    public var body = Body.none
    /// Where the browser is redirected to; nil for an answer with a body.
    public var location: String?
    /// Apps to notify of ended sessions.
    public var logoutNotices: [BackChannelLogoutNotice] = []

    /// An answer that is a JSON object.
    public static func object(_ object: JSONObject) -> EndpointResult { EndpointResult(body: .object(object)) }
}
