/// What the application does with a request.
public enum Reply: Sendable {
    case response(HTTPResponse)
    /// The response comes later, from any thread. The function is called at once, and must return soon; it keeps the responder.
    case later(@Sendable (Responder) -> Void)
}
