/// What an authorization code represents.
public struct IssuedCode: Sendable {
    public var request: AuthRequest
    public var authentication: Authentication
    /// Unix seconds.
    public var expiration: Int64
    public var isRedeemed: Bool

    public init(request: AuthRequest, authentication: Authentication, expiration: Int64, isRedeemed: Bool) {
        self.request = request
        self.authentication = authentication
        self.expiration = expiration
        self.isRedeemed = isRedeemed
    }
}
