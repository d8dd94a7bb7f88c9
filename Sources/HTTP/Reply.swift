/// What the application does with a request.
public enum Reply: Sendable {
    case response(HTTPResponse)
    /// The response comes from any thread, as soon as it is made. The function is called at once, and must return soon; it keeps the responder.
    case soon(@Sendable (Responder) -> Void)
    /// The same for a response that waits for something which may not happen: a client that sends nothing more is taken for gone.
    case later(@Sendable (Responder) -> Void)
}
