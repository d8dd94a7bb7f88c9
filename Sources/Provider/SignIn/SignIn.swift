import Encodings
import JOSE
public import Model
import OAuth

/// The sign-in page: decides what a browser that comes with an authorization request is shown or answered.
public struct SignIn {
    /// What the browser gets.
    public enum Step: Sendable {
        case page(Page)
        case ended(End)
    }

    /// What the app is answered.
    public struct End: Sendable {
        public let answer: Callback.Answer
        public let clientID: String
        /// Who signed in; nil when nobody did.
        public let userName: String?
        /// Why it is no good answer; nil for a person who signed in.
        public let rejection: Rejection?
    }

    /// All that the page shows.
    public struct Page: Sendable {
        public let request: AuthRequest
        public let appName: String
        /// Accounts of this browser that will do without signing in again.
        public var signedIn: [LoginCandidate]
        public var people: [LoginCandidate]
        public var loginName: String
        public var problem: LoginProblem?
        /// The app asked for an account to be made.
        public var asksToCreate: Bool
        /// Identity providers that the app asked for, none of which there is.
        public var identityProviders: [String]
        /// Organizations that the app wants its people of; empty for any.
        public var organizations: [String]
    }

    private let context: RequestContext
    private let login: Login

    public init(_ context: RequestContext) {
        self.context = context
        login = Login(context)
    }

    /// Somebody comes to the page, or is sent there.
    /// - Parameters:
    ///   - loginAs: a user whom a test says to be (header `Mock-Login-As`).
    /// - Returns: nil when there is no such request, or it was answered before.
    /// - Throws: `Rejection` when there is no user of the name in `loginAs`; errors of the server.
    public func open(_ id: String, _ browser: UserAgent, loginAs: String?) throws -> Step? {
        guard let (request, client) = try pending(id) else { return nil }
        if let user = try chosen(loginAs, request) {
            return try proceed(request, client, browser, .person(userID: user.id))
        }
        let isSilent = request.prompts == ["none"]
        let asksPerson = request.prompts.contains { ["select_account", "create"].contains($0) }
        if !asksPerson, let session = try usable(request, browser).first {
            return try proceed(request, client, browser, .session(id: session.id))
        }
        guard !isSilent else {
            return try refuse(
                request, "login_required", "The user is not signed in.",
                Rejection(.loginRequired, "prompt is none, and the browser has no session that will do"))
        }
        return .page(try page(request, client, browser))
    }

    /// Somebody presses a button of the page.
    /// - Returns: nil when there is no such request, or it was answered before.
    public func submit(_ id: String, _ browser: UserAgent, _ credential: Credential) throws -> Step? {
        guard let (request, client) = try pending(id) else { return nil }
        if case .session(let id) = credential, try !usable(request, browser).contains(where: { $0.id == id }) {
            var page = try page(request, client, browser)
            page.problem = LoginProblem(
                "Please sign in again.", .loginRequired,
                "the app asks for a fresh sign-in or for somebody else, or the browser has no session \(id.shown)")
            return .page(page)
        }
        return try proceed(request, client, browser, credential)
    }

    /// Somebody says no.
    /// - Returns: nil when there is no such request, or it was answered before.
    public func deny(_ id: String) throws -> Step? {
        guard let (request, _) = try pending(id) else { return nil }
        return try refuse(
            request, "access_denied", "The user denied the request.",
            Rejection(.signInDenied, "the person pressed \"Deny\""))
    }

    private func pending(_ id: String) throws -> (AuthRequest, Client)? {
        guard let request = try context.storage.pendingAuthRequest(id: id),
            let client = login.resourceIndex.client(id: request.clientID), client.inactiveLevel == nil
        else { return nil }
        return (request, client)
    }

    // MARK: Who will do

    /// Whom a test or the instance signs in without asking.
    private func chosen(_ loginAs: String?, _ request: AuthRequest) throws(Rejection) -> User? {
        if let loginAs { return try login.user(loginAs: loginAs) }
        guard let automatic = context.settings.autoLogin else { return nil }
        if let hinted = login.resourceIndex.user(named: request.loginHint), hinted.machine == nil { return hinted }
        return login.resourceIndex.user(named: automatic)
    }

    /// The sessions of the browser that will do without signing in again, the newest first.
    private func usable(_ request: AuthRequest, _ browser: UserAgent) throws -> [LoginSession] {
        guard !request.prompts.contains("login") else { return [] }
        return try login.sessions(of: browser).filter { isEnough($0, for: request) }
    }

    /// Whether a session fits the hints and is fresh enough.
    private func isEnough(_ session: LoginSession, for request: AuthRequest) -> Bool {
        let userID = session.authentication.userID
        guard request.hintedUserID.isEmpty || request.hintedUserID == userID else { return false }
        if let hinted = login.resourceIndex.user(named: request.loginHint), hinted.id != userID { return false }
        guard let maxAge = request.maxAge else { return true }
        return maxAge > 0 && login.now.seconds - session.authentication.time <= maxAge
    }

    // MARK: Going on

    private func proceed(
        _ request: AuthRequest, _ client: Client, _ browser: UserAgent, _ credential: Credential
    ) throws -> Step? {
        do {
            let authentication = try login.authenticate(credential, browser)
            guard let user = login.resourceIndex.user(id: authentication.userID) else { return nil }
            try login.check(user, mayUse: client, scopes: request.scopes)
            return try complete(request, client, user, authentication)
        } catch let problem as LoginProblem {
            if request.prompts == ["none"] {
                return try refuse(request, "access_denied", problem.text, problem.rejection)
            }
            var page = try page(request, client, browser)
            page.problem = problem
            if case .password(let loginName, _) = credential { page.loginName = loginName }
            return .page(page)
        }
    }

    private func page(_ request: AuthRequest, _ client: Client, _ browser: UserAgent) throws -> Page {
        let wanted = login.organizations(wantedBy: request.scopes)
        return Page(
            request: request, appName: client.app.name, signedIn: login.accounts(try usable(request, browser)),
            people: login.people(askedForBy: request.scopes), loginName: request.loginHint, problem: nil,
            asksToCreate: request.prompts.contains("create"),
            identityProviders: Scope.values(of: Scope.identityProviderPrefix, in: request.scopes),
            organizations: wanted.ids.map { login.resourceIndex.organization(id: $0)?.name ?? $0 } + wanted.domains)
    }

    private func refuse(_ request: AuthRequest, _ error: String, _ text: String, _ rejection: Rejection) throws -> Step?
    {
        guard try context.storage.remove(authRequest: request.id) else { return nil }
        return .ended(
            End(
                answer: callback(request).error(error, text), clientID: request.clientID, userName: nil,
                rejection: rejection))
    }

    private func ended(_ request: AuthRequest, _ user: User, _ parameters: [(String, String)]) -> Step {
        .ended(
            End(
                answer: callback(request).answer(parameters), clientID: request.clientID, userName: user.userName,
                rejection: nil))
    }

    private func callback(_ request: AuthRequest) -> Callback {
        Callback(redirectURI: request.redirectURI, mode: request.responseMode, state: request.state)
    }

    /// The person is known: the app gets a code, or its tokens at once.
    private func complete(
        _ request: AuthRequest, _ client: Client, _ user: User, _ authentication: Authentication
    ) throws -> Step? {
        guard request.responseType == "code" else { return try completeImplicit(request, client, user, authentication) }
        // 50 characters, as long as a request id under AES-CFB is on the real server.
        let code = OpaqueToken.make(
            .classic, plaintextSize: request.id.utf8.count, namesKey: false,
            randomBytes: context.randomBytes)
        let expiration = login.now.seconds + context.settings.lifetimes.authorizationCode.count
        let isMine = try context.storage.complete(
            authRequest: request.id, authentication, code: (tokenDigest(code), expiration))
        return isMine ? ended(request, user, [("code", code)]) : nil
    }

    /// OpenID Connect Core section 3.2.2.5
    private func completeImplicit(
        _ request: AuthRequest, _ client: Client, _ user: User, _ authentication: Authentication
    ) throws -> Step? {
        let issuer = TokenIssuer(context, issuer: request.issuer)
        let order = issuer.order(
            authentication, of: user, to: client, project: client.project, scopes: request.scopes,
            nonce: request.nonce)
        guard request.responseType == "id_token token" else {
            let idToken = try issuer.issueIDToken(order)
            let isMine = try context.storage.complete(
                authRequest: request.id, authentication, client: request.clientID)
            // Observed on all servers: the lifetime of a token that is not there, as a number without a sign.
            let parameters = [
                ("id_token", idToken), ("expires_in", "18446744064486179580"), ("token_type", "Bearer"),
            ]
            return isMine ? ended(request, user, parameters) : nil
        }
        guard let issued = try issuer.redeem(.authRequest(id: request.id, authentication), for: order) else {
            return nil
        }
        var parameters = [
            ("access_token", issued.accessToken), ("expires_in", String(issued.expiresIn)), ("token_type", "Bearer"),
        ]
        if let idToken = issued.idToken { parameters.append(("id_token", idToken)) }
        return ended(request, user, parameters)
    }
}
