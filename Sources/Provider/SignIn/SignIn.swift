import Crypto
import Encodings
public import Model
import OAuth
import Storage

/// The sign-in page: decides which page a browser with an authorization request sees, or how the app is answered.
public struct SignIn {
    /// What the browser gets.
    public enum Step: Sendable {
        case page(Page)
        case ended(End)
    }

    /// How a sign-in ends: the response to the app.
    public struct End: Sendable {
        public let answer: Callback.Answer
        public let clientID: String
        /// Why nobody signed in; nil when somebody did.
        public let rejection: Rejection?
    }

    /// All that the page shows.
    public struct Page: Sendable {
        public let request: AuthRequest
        public let appName: String
        public let projectName: String
        /// The organization that owns the app's project.
        public let organizationName: String
        public var chooser: LoginChooser
        public var problem: LoginProblem?
        /// The app asked for an account to be created.
        public var asksToCreate: Bool
        /// Identity providers that the app asked for; this server has none.
        public var identityProviders: [String]
        /// Organizations whose users the app asked for; empty for any.
        public var organizations: [String]
    }

    /// A sign-in that waits for its user, read once for each request.
    private struct Pending {
        let request: AuthRequest
        let client: Client
        /// The sessions of the browser that satisfy the request without signing in again, the newest first.
        let sessions: [LoginSession]
    }

    private let context: RequestContext
    private let login: Login

    public init(_ context: RequestContext) {
        self.context = context
        login = Login(context)
    }

    /// A browser opens the page, or is sent there.
    /// - Parameters:
    ///   - loginAs: the user named by the header `Mock-Login-As`.
    ///   - filter: part of the names of the users to offer.
    /// - Returns: nil when there is no such request, or it was answered before.
    /// - Throws: `Rejection` when there is no user of the name in `loginAs`; errors of the server.
    public func open(_ id: String, _ browser: UserAgent, loginAs: String?, filter: String = "") throws -> Step? {
        guard let pending = try pending(id, browser) else { return nil }
        let request = pending.request
        if let user = try loginAs.map(login.user(loginAs:)) ?? login.autoLoginUser(for: request) {
            return try signIn(pending, browser, .user(userID: user.id))
        }
        let isSilent = request.prompts.contains(.none)
        let mustShow = request.prompts.contains { [.selectAccount, .create].contains($0) }
        if !mustShow, let session = pending.sessions.first {
            return try signIn(pending, browser, .session(id: session.id))
        }
        guard !isSilent else {
            return try refuse(
                request, .loginRequired, "The user is not signed in.",
                Rejection(.loginRequired, "prompt is none, and the browser has no session that satisfies the request"))
        }
        return .page(page(pending, pending.sessions, filter: filter))
    }

    /// A user presses a button of the page.
    /// - Returns: nil when there is no such request, or it was answered before.
    public func submit(_ id: String, _ browser: UserAgent, _ credential: Credential) throws -> Step? {
        guard let pending = try pending(id, browser) else { return nil }
        if case .session(let id) = credential, !pending.sessions.contains(where: { $0.id == id }) {
            var page = page(pending, pending.sessions)
            page.problem = LoginProblem(
                "Please sign in again.", .loginRequired,
                "the app asks for a fresh sign-in or for another user, or the browser has no session \(id.truncated)")
            return .page(page)
        }
        return try signIn(pending, browser, credential)
    }

    /// A user cancels the sign-in.
    /// - Returns: nil when there is no such request, or it was answered before.
    public func deny(_ id: String) throws -> Step? {
        guard let (request, _) = try storedRequest(id) else { return nil }
        return try refuse(
            request, .accessDenied, "The user denied the request.",
            Rejection(.signInDenied, "the user pressed \"Cancel\""))
    }

    private func storedRequest(_ id: String) throws -> (AuthRequest, Client)? {
        guard let request = try context.storage.pendingAuthRequest(id: id),
            let client = login.resourceIndex.client(id: request.clientID), client.inactiveLevel == nil
        else { return nil }
        context.trace.client = request.clientID
        return (request, client)
    }

    private func pending(_ id: String, _ browser: UserAgent) throws -> Pending? {
        guard let (request, client) = try storedRequest(id) else { return nil }
        return Pending(request: request, client: client, sessions: try eligibleSessions(request, browser))
    }

    // MARK: Whose session satisfies the request

    private func eligibleSessions(_ request: AuthRequest, _ browser: UserAgent) throws -> [LoginSession] {
        guard !request.prompts.contains(.login) else { return [] }
        return try login.sessions(of: browser).filter { isEligible($0, for: request) }
    }

    /// Whether a session matches the hints and is fresh enough.
    private func isEligible(_ session: LoginSession, for request: AuthRequest) -> Bool {
        let userID = session.authentication.userID
        guard request.hintedUserID.isEmpty || request.hintedUserID == userID else { return false }
        if let hinted = login.resourceIndex.user(named: request.loginHint), hinted.id != userID { return false }
        guard let maxAge = request.maxAge else { return true }
        return maxAge > 0 && login.now.seconds - session.authentication.time <= maxAge
    }

    // MARK: Completing

    private func signIn(_ pending: Pending, _ browser: UserAgent, _ credential: Credential) throws -> Step? {
        let request = pending.request
        do {
            let (user, authentication) = try login.signIn(
                with: credential, in: browser, sessions: pending.sessions, to: pending.client, scopes: request.scopes)
            return try complete(request, pending.client, user, authentication)
        } catch let problem as LoginProblem {
            if request.prompts.contains(.none) {
                return try refuse(request, .accessDenied, problem.text, problem.rejection)
            }
            // A user whom only this app rejects is signed in by now.
            var page = page(pending, try eligibleSessions(request, browser))
            page.problem = problem
            if case .password(let loginName, _) = credential { page.chooser.loginName = loginName }
            return .page(page)
        }
    }

    private func page(_ pending: Pending, _ sessions: [LoginSession], filter: String = "") -> Page {
        let (request, client) = (pending.request, pending.client)
        let wanted = Login.WantedOrganizations(scopes: request.scopes)
        var chooser = login.chooser(for: client, scopes: request.scopes, sessions: sessions, filter: filter)
        chooser.loginName = request.loginHint
        return Page(
            request: request, appName: client.app.name, projectName: client.project.name,
            organizationName: login.resourceIndex.organization(id: client.project.organizationID)?.name ?? "",
            chooser: chooser, asksToCreate: request.prompts.contains(.create),
            identityProviders: Scope.values(of: Scope.identityProviderPrefix, in: request.scopes),
            organizations: wanted.ids.map { login.resourceIndex.organization(id: $0)?.name ?? $0 }
                + wanted.primaryDomains)
    }

    private func refuse(
        _ request: AuthRequest, _ error: OAuthErrorCode, _ text: String, _ rejection: Rejection
    ) throws -> Step? {
        guard try context.storage.remove(authRequest: request.id) else { return nil }
        return .ended(
            End(
                answer: callback(request).error(error, text, in: context.dialect), clientID: request.clientID,
                rejection: rejection))
    }

    private func ended(_ request: AuthRequest, _ parameters: [(String, String)]) -> Step {
        let hasState = context.behavior.hasLoginV2 && request.responseType == .code
        return .ended(
            End(
                answer: callback(request).answer(parameters, keepsEmptyState: hasState), clientID: request.clientID,
                rejection: nil))
    }

    private func callback(_ request: AuthRequest) -> Callback {
        Callback(redirectURI: request.redirectURI, mode: request.responseMode, state: request.state)
    }

    /// The user is known: the app gets a code, or its tokens at once.
    private func complete(
        _ request: AuthRequest, _ client: Client, _ user: User, _ authentication: Authentication
    ) throws -> Step? {
        guard request.responseType == .code else { return try completeImplicit(request, client, user, authentication) }
        // The real server encrypts the id of the request.
        let code = OpaqueToken.make(
            context.snapshot.opaqueTokenFormat, plaintextSize: request.id.utf8.count, namesKey: false,
            randomBytes: context.randomBytes)
        let expiration = login.now.seconds + context.settings.lifetimes.authorizationCode.seconds
        let isMine = try context.storage.complete(
            authRequest: request.id, authentication, code: (tokenDigest(code), expiration))
        return isMine ? ended(request, [("code", code)]) : nil
    }

    /// OpenID Connect Core section 3.2.2.5
    private func completeImplicit(
        _ request: AuthRequest, _ client: Client, _ user: User, _ authentication: Authentication
    ) throws -> Step? {
        let issuer = TokenIssuer(context, issuer: request.issuer)
        var issueRequest = issuer.request(
            authentication, of: user, to: client, project: client.project, scopes: request.scopes,
            nonce: request.nonce)
        // As the running server has it, although RFC 6749 section 4.2.2 forbids it.
        issueRequest.wantsRefreshToken = context.behavior.hasLoginV2 && client.mayRefresh(request.scopes)
        issueRequest.isIDTokenAlone = request.responseType == .idToken
        var parameters: [(String, String)]
        if issueRequest.isIDTokenAlone, !issueRequest.wantsRefreshToken {
            // No ID token without the scope openid, not even when nothing else was asked for.
            let idToken = request.scopes.contains(Scope.openID) ? try issuer.issueIDToken(issueRequest) : nil
            guard
                try context.storage.complete(authRequest: request.id, authentication, client: request.clientID)
            else { return nil }
            parameters = idToken.map { [("id_token", $0)] } ?? []
        } else {
            guard let issued = try issuer.redeem(.authRequest(id: request.id, authentication), for: issueRequest) else {
                return nil
            }
            parameters = issueRequest.isIDTokenAlone ? [] : [("access_token", issued.accessToken)]
            if let idToken = issued.idToken { parameters.append(("id_token", idToken)) }
            if let refreshToken = issued.refreshToken { parameters.append(("refresh_token", refreshToken)) }
        }
        // Observed on all servers: the lifetime of a token that is not there, as a number without a sign.
        let lifetime =
            issueRequest.isIDTokenAlone
            ? "18446744064486179580" : String(context.settings.lifetimes.accessToken.seconds - 1)
        parameters += [("expires_in", lifetime), ("token_type", "Bearer")]
        return ended(request, parameters)
    }
}
