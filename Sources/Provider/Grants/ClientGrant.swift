import Encodings
import OAuth

/// A grant of OIDC apps, after the client is authenticated and the grant is known to be allowed.
protocol ClientGrant: Sendable {
    var type: GrantType { get }

    func exchange(_ context: RequestContext, client: Client) throws -> JSONObject
}
