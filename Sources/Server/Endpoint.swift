/// The endpoints whose refusals look different.
enum Endpoint: Sendable {
    case introspection, revocation, token, userInfo
    /// Named by discovery, not built yet.
    case later(String)
    case other
}
