public import Encodings
import Model
import OAuth

/// `/oidc/v1/userinfo` (OpenID Connect Core section 5.3).
public struct UserInfoEndpoint: Sendable {
    private let instance: Instance

    public init(_ instance: Instance) {
        self.instance = instance
    }

    /// The claims about the token's user.
    /// - Throws: `Rejection`, or other errors when the server fails.
    public func userInfo(_ request: OAuthRequest) throws -> (claims: JSONObject, userName: String) {
        let resourceIndex = instance.resourceIndex
        guard let token = Self.token(request) else {
            throw Rejection(
                .accessTokenMissing,
                "no access token: send the header \"Authorization: Bearer TOKEN\" (in this spelling) or the parameter access_token"
            )
        }
        let reader = TokenReader(
            instance: instance, resourceIndex: resourceIndex, issuer: request.issuer, now: instance.dependencies.now())
        let live = try reader.read(token)
        let sources = UserClaims(resourceIndex: resourceIndex, user: live.user)
        var claims = ClaimSet(standard: ["sub": .string(live.user.id)])
        claims.standard.members += sources.profile(live.scopes).members
        claims.extra = sources.extra(live.scopes)
        let roles = RoleClaims(resourceIndex: resourceIndex, user: live.user, scopes: live.scopes)
        var own: Project?
        if case .session(let record, _) = live { own = resourceIndex.client(id: record.clientID)?.project }
        claims.extra.members += roles.ofAudience(instanceProject: instance.settings.projectID, own: own).members
        return (claims.json, live.user.userName)
    }

    /// The header counts if its scheme is spelled `Bearer` and something follows, else the parameter.
    private static func token(_ request: OAuthRequest) -> String? {
        if let header = request.authorization, header.hasPrefix("Bearer "), header.utf8.count > 7 {
            return String(header.dropFirst(7))
        }
        guard let parameter = request.form.last("access_token"), !parameter.isEmpty else { return nil }
        return parameter
    }
}
