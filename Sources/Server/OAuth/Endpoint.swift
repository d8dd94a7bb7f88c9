/// The endpoints whose rejections look different.
enum Endpoint: Sendable, CaseIterable {
    case introspection, revocation, token, userInfo, endSession
    case deviceAuthorization
    case other
}
