public import Crypto

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

    /// The algorithms of web keys.
    public static let algorithms: [SignatureAlgorithm] = [.rs256, .es256, .es384, .edDSA]

    /// The `kid` of tokens.
    public var id: String
    /// One of `algorithms`.
    public var algorithm: SignatureAlgorithm
    /// PEM
    public var privateKey: String
    public var state: State

    public init(id: String, algorithm: SignatureAlgorithm, privateKey: String, state: State) {
        self.id = id
        self.algorithm = algorithm
        self.privateKey = privateKey
        self.state = state
    }
}
