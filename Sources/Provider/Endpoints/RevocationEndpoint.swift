import Crypto
import Encodings
import Model
import OAuth
import Storage

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
        let client = try RequestClient.authenticated(context)
        let token = try context.required("token")
        try refuseNUL(in: token, of: "the token", variant: .inToken)
        let digest = tokenDigest(context.snapshot.opaqueTokenFormat.canonical(token))
        if let pat = resourceIndex.personalAccessToken(digest: digest) {
            context.note(userID: pat.userID)
            let isActive =
                !pat.isEnded && now.seconds < pat.expiration && resourceIndex.user(id: pat.userID)?.state == .active
            // What is no longer valid needs no revocation.
            guard isActive else { return EndpointResult() }
            throw Rejection(
                .notIssuedForClient,
                "personal access token \(pat.id) cannot be revoked by an app; remove it from the seed")
        }
        if context.form.last("token_type_hint") != "access_token",
            let refreshToken = try context.storage.refreshToken(digest: digest)
        {
            context.note(userID: refreshToken.accessToken.userID)
            if refreshToken.isActive(at: now.seconds) {
                try check(client, isInAudienceOf: refreshToken.accessToken)
                try context.storage.revoke(refreshToken)
            }
        } else if let record = try record(of: token, digest) {
            guard record.endReason == nil else { return EndpointResult() }
            context.note(userID: record.userID)
            try check(client, isInAudienceOf: record)
            try context.storage.end(tokenWithDigest: record.digest, because: .revoked)
        }
        return EndpointResult()
    }

    /// Any app of the project that a user signed in to may revoke. The audience of a service user's token has clients only when its scope named them.
    private func check(_ client: RequestClient, isInAudienceOf token: TokenRecord) throws(Rejection) {
        guard !token.audience.containsBytes(of: client.name) else { return }
        throw Rejection(
            .notIssuedForClient,
            "the token of \(token.clientID) does not have client \(client.name) in its audience, so that client cannot revoke it; tokens of service users end by expiry"
        )
    }

    /// Why a text is no token that could be revoked; tokens that are over need no revocation.
    private static let reasonsOfOthers: Set<Reason> = [
        .tokenMalformed, .tokenUnknown, .tokenSignature, .tokenIssuer, .notAnAccessToken,
    ]

    /// The stored token, whether it is alive or not: an expired opaque one is still reported as another client's, a JWT is not.
    private func record(of text: String, _ digest: [UInt8]) throws -> TokenRecord? {
        if let record = try context.storage.token(digest: digest) { return record }
        do {
            guard
                case .session(let record, _) = try TokenReader(context).read(text)
            else { return nil }
            return record
        } catch let rejection as Rejection {
            // The answer is that of a token that was revoked. Where something is around the token, the caller should know that it was not.
            if rejection.reason == .tokenMalformed, Wrapping(text) != nil {
                context.trace.rejection = rejection
            } else if Self.reasonsOfOthers.contains(rejection.reason) {
                let isRefreshToken = try context.storage.refreshToken(digest: digest) != nil
                let why =
                    isRefreshToken ? "token_type_hint is access_token, and this is a refresh token" : rejection.detail
                context.trace.warn(.nothingRevoked, "no token was revoked: \(why)")
            }
            return nil
        }
    }
}
