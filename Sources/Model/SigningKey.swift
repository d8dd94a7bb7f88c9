/// A key that the instance signs tokens with (ZITADEL: web key).
public struct SigningKey: Sendable, Equatable {
    /// Whether tokens are signed with it.
    public enum State: String, Sendable, CaseIterable {
        /// Published, not yet used.
        case initial
        /// The one that signs.
        case active
        /// Published for tokens that it signed earlier.
        case inactive
    }

    /// The `kid` of tokens.
    public var id: String
    /// RS256, ES256, ES384 or EdDSA.
    public var algorithm: String
    /// PEM
    public var privateKey: String
    public var state: State

    public init(id: String, algorithm: String, privateKey: String, state: State) {
        self.id = id
        self.algorithm = algorithm
        self.privateKey = privateKey
        self.state = state
    }
}
