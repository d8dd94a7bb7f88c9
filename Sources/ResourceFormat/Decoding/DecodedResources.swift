public import Crypto
public import Model

/// Resources that were read from a document, with what the resources themselves do not keep.
public struct DecodedResources: Sendable {
    public var resources = Resources()
    /// Users whose change date the document gives.
    public var datedUsers: Set<String> = []
    /// Personal access tokens whose creation date the document gives.
    public var datedTokens: Set<String> = []
    /// Values of personal access tokens that were generated, by token id.
    public var generatedTokens: [String: String] = [:]
    /// Secrets and fixed tokens in clear, by the id of the app, user or personal access token: for the banner and `--json`.
    public var secrets: [String: String] = [:]
    /// Those of `secrets` that come from the environment or a file, and so are not for everybody's eyes.
    public var secretsFromEnvironment: Set<String> = []
    /// Passwords that are not hashed yet, by the salt of the user's `SecretHash`, which is deferred.
    public var deferredPasswords: [[UInt8]: String] = [:]
    /// The private keys of key files, by the id of the registered key: tests may ask for assertions of them. They are kept in memory only.
    public var privateKeys: [String: PrivateKey] = [:]
    /// Key files to be written, by path.
    public var keyFilesToCreate: [(path: String, content: [UInt8])] = []

    public init() {}
}
