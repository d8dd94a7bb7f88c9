/// A personal access token of a service user. The token itself is kept as a digest only.
public struct PersonalAccessToken: Sendable, Equatable {
    public var id: String
    public var userID: String
    /// SHA-256 of the token.
    public var digest: [UInt8]
    public var scopes: [String]
    /// Unix seconds.
    public var creation: Int64
    /// Unix seconds.
    public var expiration: Int64
    /// Its user was deactivated or locked at some time after it was made, which ends it for good.
    public var isEnded = false

    public init(id: String, userID: String, digest: [UInt8], scopes: [String], creation: Int64, expiration: Int64) {
        self.id = id
        self.userID = userID
        self.digest = digest
        self.scopes = scopes
        self.creation = creation
        self.expiration = expiration
    }
}
