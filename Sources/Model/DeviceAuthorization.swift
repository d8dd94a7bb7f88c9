/// A request of a device without a browser (RFC 8628).
public struct DeviceAuthorization: Sendable, Equatable {
    /// What the user decided, and whether the device has its tokens.
    public enum State: String, Sendable, CaseIterable {
        case pending, approved, denied, redeemed
    }

    /// SHA-256 of the device code.
    public var digest: [UInt8]
    /// What the user types: `XXXX-XXXX`.
    public var userCode: String
    public var clientID: String
    public var scopes: [String]
    /// Unix seconds.
    public var expiration: Int64
    public var state = State.pending
    /// Who approved.
    public var authentication: Authentication?

    public init(digest: [UInt8], userCode: String, clientID: String, scopes: [String], expiration: Int64) {
        self.digest = digest
        self.userCode = userCode
        self.clientID = clientID
        self.scopes = scopes
        self.expiration = expiration
    }
}
