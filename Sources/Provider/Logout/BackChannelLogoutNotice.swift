import Encodings
import JOSE

/// What an app receives when a login session that it got tokens from ends (OpenID Connect Back-Channel Logout section 2.5).
public struct BackChannelLogoutNotice: Sendable {
    /// Seconds.
    private static let lifetime: Int64 = 15 * 60

    /// Where the seed says that the app listens.
    public let uri: String
    public let clientID: String
    /// The parameter `logout_token`.
    public let token: String

    package init(uri: String, clientID: String, token: String) {
        self.uri = uri
        self.clientID = clientID
        self.token = token
    }

    static func token(
        _ context: RequestContext, userID: String, clientID: String, sessionID: String
    ) throws -> String {
        let now = context.now.seconds
        let key = try context.snapshot.keys.active()
        let claims: JSONObject = [
            "iss": .string(context.issuer), "sub": .string(userID), "aud": .strings([clientID]), "iat": .integer(now),
            "exp": .integer(now + lifetime), "jti": .string(context.newID()),
            "events": .object(["http://schemas.openid.net/event/backchannel-logout": .object([:])]),
            "sid": .string(sessionID),
        ]
        return try CompactJWS.sign(claims, by: key.privateKey, algorithm: key.algorithm, keyID: key.id)
    }
}
