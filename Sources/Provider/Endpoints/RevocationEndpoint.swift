import JOSE
import Model
import OAuth

/// `/oauth/v2/revoke` (RFC 7009), for OIDC apps.
public struct RevocationEndpoint {
    private let context: RequestContext

    public init(_ context: RequestContext) {
        self.context = context
    }

    /// Ends the token. Returns quietly for a token that is unknown, malformed or already revoked, as RFC 7009 section 2.2 asks.
    /// - Throws: `Rejection`, or other errors when the server fails.
    public func revoke() throws -> EndpointResult {
        let resourceIndex = context.resourceIndex
        let now = context.now
        let client = try ClientAuthenticator(context).oidcClient(try PresentedCredentials(context))
        let token = try context.required("token")
        if let pat = resourceIndex.personalAccessToken(digest: tokenDigest(token)) {
            throw Rejection(
                .notIssuedForClient,
                "personal access token \(pat.id) cannot be revoked by an app; remove it from the seed")
        }
        if context.form.last("token_type_hint") != "access_token",
            let refreshToken = try context.storage.refreshToken(digest: tokenDigest(token))
        {
            if refreshToken.isAlive(at: now.seconds) {
                try check(client, isInAudienceOf: refreshToken.accessToken)
                try context.storage.revoke(refreshToken)
            }
        } else if let record = try record(of: token), record.ended == nil {
            try check(client, isInAudienceOf: record)
            try context.storage.end(tokenWithDigest: record.digest, because: .revoked)
        }
        return EndpointResult()
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
    private func record(of text: String) throws -> TokenRecord? {
        if let record = try context.storage.token(digest: tokenDigest(text)) { return record }
        do {
            guard
                case .session(let record, _) = try TokenReader(context).read(text)
            else { return nil }
            return record
        } catch is Rejection {
            return nil
        }
    }
}
