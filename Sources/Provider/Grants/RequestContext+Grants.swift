import Encodings
import JOSE
import Model
import OAuth
import Storage

extension RequestContext {
    /// Issues the tokens of a sign-in to an app.
    /// - Parameters:
    ///   - clientID: who the grant was made for, when that is not the client that uses it.
    /// - Returns: nil when the grant was used up in the meantime.
    func issue(
        _ authentication: Authentication, to client: Client, scopes: [String], nonce: String = "",
        clientID: String? = nil, redeeming redemption: SingleUseGrant
    ) throws -> JSONObject? {
        let user = try activeUser(authentication.userID)
        let owner = clientID.flatMap(resourceIndex.client) ?? client
        var issueRequest = tokenIssuer.request(
            authentication, of: user, to: client, project: owner.project, scopes: scopes, nonce: nonce)
        issueRequest.clientID = clientID
        issueRequest.wantsRefreshToken =
            client.mayRefresh(scopes)
        return try tokenIssuer.redeem(redemption, for: issueRequest)?.json
    }

    /// - Throws: `Rejection` when the user is gone or may not get tokens.
    func activeUser(_ id: String) throws(Rejection) -> User {
        guard let user = resourceIndex.user(id: id) else {
            throw Rejection(.userNotActive, "user \(id) no longer exists")
        }
        trace.user = user.userName
        try user.assertActive()
        return user
    }

    /// Whether another client than the one that a grant was made for may use it: older servers did not look.
    /// - Throws: `Rejection` when not.
    func check(
        _ client: Client, mayUse what: String, of owner: String, _ reason: Reason, _ warning: Warning.Code
    ) throws(Rejection) {
        guard client.app.clientID != owner else { return }
        let detail = "the \(what) was issued to client \(owner), and client \(client.app.clientID) sent it"
        guard !behavior.rejectsGrantsOfOtherClients else { throw Rejection(reason, detail) }
        trace.warn(
            warning,
            "\(detail); ZITADEL \(settings.serverVersion.rawValue) accepts that, \(ServerVersion.of2026July.rawValue) does not"
        )
    }

    /// Warns of an exchange that only older servers allow.
    func warnOfOldExchange(_ detail: String) {
        trace.warn(
            .exchangeUnbounded,
            "\(detail); ZITADEL \(settings.serverVersion.rawValue) accepts that, \(ServerVersion.of2026July.rawValue) does not"
        )
    }
}
