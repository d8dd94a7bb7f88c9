import Encodings
import Model
import OAuth
import Storage

/// `/oidc/v1/end_session` (OpenID Connect RP-Initiated Logout), and the page that asks who shall be signed out.
public struct EndSessionEndpoint {
    /// Languages of a request that are looked at.
    private static let maximumLocales = 32

    private let context: RequestContext

    public init(_ context: RequestContext) {
        self.context = context
    }

    /// - Parameter browser: who came; nil for a browser without the cookie.
    /// - Returns: where to redirect the browser, and which apps to notify.
    /// - Throws: `Rejection`, or other errors when the server fails.
    public func endSession(_ browser: UserAgent?) throws -> EndpointResult {
        var clientID = context.form.last("client_id") ?? ""
        context.trace.client = clientID.isEmpty ? nil : clientID
        var hint: IDTokenHint?
        if let token = context.form.last("id_token_hint"), !token.isEmpty {
            let genuine = try IDTokenHint(token, context)
            context.note(userID: genuine.subject)
            guard clientID.isEmpty || clientID == genuine.authorizedParty else {
                let party = genuine.authorizedParty
                throw Rejection(
                    .hintOfOtherClient,
                    "client_id is \(clientID.truncated), and the id_token_hint "
                        + (party.isEmpty
                            ? "names no client (azp): it is an access token; send an ID token"
                            : "was issued to \(party)"))
            }
            clientID = genuine.authorizedParty
            hint = genuine
            context.trace.client = clientID.isEmpty ? nil : clientID
        }
        let target = try target(clientID)
        guard let hint else {
            // Older servers sign the browser out at once, newer ones ask on a page.
            guard context.behavior.hasLoginV2 else {
                let notices = try browser.map { try signOut($0, sessionID: nil) }
                return EndpointResult(location: target, logoutNotices: notices ?? [])
            }
            return EndpointResult(location: try pagePath(target))
        }
        guard !hint.sessionID.isEmpty else {
            // A hint of no session, such as an access token, is left to the older sign-in: all sessions of the browser end.
            let notices = try browser.map { try signOut($0, sessionID: nil) }
            return EndpointResult(location: target, logoutNotices: notices ?? [])
        }
        let notices = try end(sessionID: hint.sessionID)
        return EndpointResult(
            location: target == PagePath.signedOutV1 ? PagePath.signedOut : target, logoutNotices: notices)
    }

    private func target(_ clientID: String) throws(Rejection) -> String {
        var target = PagePath.signedOutV1
        if !clientID.isEmpty {
            try refuseNUL(in: clientID, of: "the client id")
            let (client, settings) = try context.signInClient(id: clientID)
            if let uri = context.form.last("post_logout_redirect_uri"), !uri.isEmpty {
                let policy = RedirectURIPolicy(app: client.app, settings: settings)
                guard policy.allowsAfterLogout(uri) else { throw policy.rejectionAfterLogout(uri) }
                target = uri
            }
        }
        if clientID.isEmpty, context.form.last("post_logout_redirect_uri")?.isEmpty == false {
            context.trace.warn(
                .parameterIgnored,
                "post_logout_redirect_uri is ignored without id_token_hint or client_id, which say whose it is")
        }
        // A default with a state is no longer the default that is exchanged for the newer one, so it keeps the older path.
        guard let state = context.form.last("state"), !state.isEmpty else { return target }
        return Callback.adding([("state", state)], to: target)
    }

    /// Without a hint nobody knows whose session it is.
    private func pagePath(_ target: String) throws -> String {
        let redirect = target == PagePath.signedOutV1 ? PagePath.signedOut : target
        let hint = context.form.last("logout_hint") ?? ""
        let locales = (context.form.last("ui_locales") ?? "").split(separator: " ").prefix(Self.maximumLocales)
            .compactMap { LanguageTag($0)?.text }
        var token = LogoutPageToken(redirectURI: redirect)
        (token.logoutHint, token.uiLocales) = (hint, locales)
        let signed = try token.signed(by: try context.snapshot.keys.active())
        var parameters = [(name: "logout_token", value: signed), (name: "post_logout_redirect", value: redirect)]
        if !hint.isEmpty { parameters.append((name: "logout_hint", value: hint)) }
        if !locales.isEmpty { parameters.append((name: "ui_locales", value: locales.joined(separator: " "))) }
        return PagePath.signOut + "?" + GoURL.encoded(parameters)
    }

    // MARK: The page

    /// The accounts that a browser is signed in to.
    public func accounts(of browser: UserAgent?) throws -> [LoginCandidate] {
        let login = Login(context)
        return login.accounts(try login.sessions(of: browser))
    }

    /// Where the page sends the browser when it is done: only where this server itself said.
    /// - Parameter token: the parameter `logout_token`.
    public func target(logoutToken token: String) throws -> String {
        try LogoutPageToken(token, context)?.redirectURI ?? PagePath.signedOut
    }

    /// Signs out of one account of the browser, or of all.
    /// - Returns: the apps to notify.
    public func signOut(_ browser: UserAgent, sessionID: String?) throws -> [BackChannelLogoutNotice] {
        let sessions = try Login(context).sessions(of: browser).filter { sessionID == nil || $0.id == sessionID }
        return try sessions.flatMap { try end(sessionID: $0.id) }
    }

    /// Ends a session and the access tokens that came from it.
    /// - Returns: the apps to notify.
    public func end(sessionID: String) throws -> [BackChannelLogoutNotice] {
        guard let session = try context.storage.session(id: sessionID) else { return [] }
        let clients = try context.storage.endSession(id: sessionID)
        guard context.settings.backChannelLogout else { return [] }
        return try clients.compactMap { id in
            guard let uri = context.resourceIndex.client(id: id)?.app.oidc?.backChannelLogoutUri else { return nil }
            return BackChannelLogoutNotice(
                uri: uri, clientID: id,
                token: try BackChannelLogoutNotice.token(
                    context, userID: session.authentication.userID, clientID: id,
                    sessionID: sessionID))
        }
    }
}
