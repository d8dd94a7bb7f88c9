import JOSE
import Model
import OAuth

/// `/oauth/v2/revoke` (RFC 7009), for OIDC apps.
public struct RevocationEndpoint: Sendable {
    private let instance: Instance

    public init(_ instance: Instance) {
        self.instance = instance
    }

    /// Ends the token. Returns quietly for a token that is unknown, malformed or already revoked, as RFC 7009 section 2.2 asks.
    /// - Returns: who asked, and what is worth a warning.
    /// - Throws: `Rejection`, or other errors when the server fails.
    public func revoke(_ request: OAuthRequest) throws -> (clientID: String, warnings: [Warning]) {
        let resourceIndex = instance.resourceIndex
        let now = instance.dependencies.now()
        let credentials = try PresentedCredentials(request)
        let (client, warnings) = try ClientAuthenticator(resourceIndex: resourceIndex, now: now).oidcClient(
            credentials, issuer: request.issuer)
        let token = try request.required("token")
        if let pat = resourceIndex.personalAccessToken(digest: tokenDigest(token)) {
            throw Rejection(
                .notIssuedForClient,
                "personal access token \(pat.id) cannot be revoked by an app; remove it from the seed")
        }
        if request.form.last("token_type_hint") != "access_token",
            let refreshToken = try instance.storage.refreshToken(digest: tokenDigest(token))
        {
            if refreshToken.isAlive(at: now.seconds) {
                try check(client, isInAudienceOf: refreshToken.accessToken)
                try instance.storage.revoke(refreshToken)
            }
        } else if let record = try record(of: token, request, resourceIndex, now), record.ended == nil {
            try check(client, isInAudienceOf: record)
            try instance.storage.end(tokenWithDigest: record.digest, because: .revoked)
        }
        return (client.app.clientID, warnings)
    }

    /// Any app of the project that a person signed in to may revoke; nobody may revoke tokens of service users.
    private func check(_ client: Client, isInAudienceOf token: TokenRecord) throws(Rejection) {
        guard !token.audience.contains(client.app.clientID) else { return }
        throw Rejection(
            .notIssuedForClient,
            "the token of \(token.clientID) does not have client \(client.app.clientID) in its audience, so this app cannot revoke it; tokens of service users end by expiry"
        )
    }

    /// The stored token, whether it is alive or not: an opaque one that expired is still told to be somebody else's, a JWT is not.
    private func record(
        of text: String, _ request: OAuthRequest, _ resourceIndex: ResourceIndex, _ now: Timestamp
    ) throws -> TokenRecord? {
        if let record = try instance.storage.token(digest: tokenDigest(text)) { return record }
        do {
            guard
                case .session(let record, _) = try TokenReader(
                    instance: instance, resourceIndex: resourceIndex, issuer: request.issuer, now: now
                ).read(text)
            else { return nil }
            return record
        } catch is Rejection {
            return nil
        }
    }
}
