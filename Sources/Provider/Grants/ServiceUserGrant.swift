import Encodings
import OAuth

/// A grant of service users: only what is its own. What all grants share is in `TokenEndpoint`.
protocol ServiceUserGrant: Sendable {
    var type: GrantType { get }

    /// Authenticates the user and issues tokens.
    func exchange(_ context: RequestContext) throws -> JSONObject
}
