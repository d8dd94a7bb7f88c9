/// The endpoints whose refusals look different.
enum Endpoint: Sendable {
    case introspection, revocation, token, userInfo, endSession
    case other
}
