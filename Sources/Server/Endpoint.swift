/// The endpoints whose rejections look different.
enum Endpoint: Sendable {
    case introspection, revocation, token, userInfo, endSession
    case deviceAuthorization
    case other
}
