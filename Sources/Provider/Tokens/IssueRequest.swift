import Encodings
import Model

extension TokenIssuer {
    /// How long an ID token is valid.
    enum IDTokenLifetime {
        /// as long as the instance says
        case full
        /// as long as the real server's configuration says, whatever its instance does
        case serverDefault
        /// It ends the moment it begins, as the real server has it for some grants.
        case none
    }

    /// What a grant found out.
    struct IssueRequest {
        let user: User
        /// nil for a service user, who is its own client.
        var client: Client?
        let scopes: [String]
        var audience: [String] = []
        /// How the user authenticated (RFC 8176); empty leaves the claim out.
        var amr: [String] = []
        /// When the user authenticated; 0 leaves the claim out.
        var authTime: Int64
        var sessionID: String?
        var nonce = ""
        /// The claim `act`.
        var actor: JSONObject?
        let form: AccessTokenType
        var idTokenLifetime = IDTokenLifetime.full
        /// Who is recorded as having requested the token; the client, unless an older server let another one use its grant.
        var clientID: String?
        /// For a refresh: the token that is used up. What is issued stays in its session.
        var refreshing: RefreshTokenRecord?
        var wantsRefreshToken = false
        /// The client gets no access token, so the ID token says nothing of one.
        var isIDTokenAlone = false
        /// Seconds that the access token is valid; nil for the lifetime of the instance.
        var expiresIn: Int64?
        /// Claims for this token alone, of a token that was minted.
        var extraClaims = JSONObject()

        /// Seconds by which times in JWTs differ from the server's clock.
        var clockSkew: Int64 { client?.app.oidc?.clockSkew ?? 0 }

        /// The client as claims name it.
        func clientID(of token: TokenRecord) -> String { client?.app.clientID ?? token.clientID }
    }

    /// The request for tokens of a user's sign-in to an app.
    /// - Parameter project: that of the app at which the user signed in.
    func request(
        _ authentication: Authentication, of user: User, to client: Client, project: Project, scopes: [String],
        nonce: String
    ) -> IssueRequest {
        IssueRequest(
            user: user, client: client, scopes: scopes,
            audience: context.resourceIndex.loginAudience(of: project, scopes: scopes), amr: authentication.amr,
            authTime: authentication.time, sessionID: authentication.sessionID, nonce: nonce,
            form: client.app.oidc?.accessTokenType ?? .bearer)
    }
}
