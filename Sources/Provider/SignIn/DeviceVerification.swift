public import Model

/// The page `/device`: where a person enters the code that a device shows, and says yes or no.
public struct DeviceVerification {
    public enum Step: Sendable {
        /// Enter a code; the problem says why the last one would not do.
        case enterCode(problem: LoginProblem?)
        case decide(Page)
        /// Who said yes; nil for a no.
        case decided(appName: String, by: User?)
    }

    /// All that the page shows.
    public struct Page: Sendable {
        public let userCode: String
        public let appName: String
        public let scopes: [String]
        public let signedIn: [LoginCandidate]
        public let people: [LoginCandidate]
        public var problem: LoginProblem?
        public var loginName = ""
    }

    private let context: RequestContext
    private let login: Login

    public init(_ context: RequestContext) {
        self.context = context
        login = Login(context)
    }

    /// Somebody comes to the page, with a code or without.
    /// - Parameter loginAs: a user whom a test says to be (header `Mock-Login-As`), who says yes at once.
    /// - Throws: `Rejection` when there is no user of that name; errors of the server.
    public func open(_ userCode: String, _ browser: UserAgent, loginAs: String?) throws -> Step {
        guard !userCode.isEmpty else { return .enterCode(problem: nil) }
        if let loginAs {
            return try submit(userCode, browser, .person(userID: try login.user(loginAs: loginAs).id))
        }
        guard let (device, client) = try pending(userCode) else { return .enterCode(problem: unknown) }
        return .decide(try page(device, client, browser))
    }

    /// Somebody says yes.
    public func submit(_ userCode: String, _ browser: UserAgent, _ credential: Credential) throws -> Step {
        guard let (device, client) = try pending(userCode) else { return .enterCode(problem: unknown) }
        do {
            let authentication = try login.authenticate(credential, browser)
            let user = login.resourceIndex.user(id: authentication.userID)
            if let user { try login.check(user, mayUse: client, scopes: device.scopes) }
            guard try context.storage.decide(device: device.userCode, authentication) else {
                return .enterCode(problem: unknown)
            }
            return .decided(appName: client.app.name, by: user)
        } catch let problem as LoginProblem {
            var page = try page(device, client, browser)
            page.problem = problem
            if case .password(let loginName, _) = credential { page.loginName = loginName }
            return .decide(page)
        }
    }

    /// Somebody says no.
    public func deny(_ userCode: String) throws -> Step {
        guard let (device, client) = try pending(userCode),
            try context.storage.decide(device: device.userCode, nil)
        else { return .enterCode(problem: unknown) }
        return .decided(appName: client.app.name, by: nil)
    }

    private func page(_ device: DeviceAuthorization, _ client: Client, _ browser: UserAgent) throws -> Page {
        Page(
            userCode: device.userCode, appName: client.app.name, scopes: device.scopes,
            signedIn: login.accounts(try login.sessions(of: browser)), people: login.people(askedForBy: device.scopes))
    }

    private var unknown: LoginProblem {
        LoginProblem(
            "The code is unknown, expired, or was used before.", .deviceCodeUnknown,
            "no device waits with this user code")
    }

    /// A code may be typed without the dash, and in small letters.
    private func pending(_ text: String) throws -> (DeviceAuthorization, Client)? {
        let letters = text.uppercased().filter { $0.isLetter }
        let code = letters.prefix(4) + "-" + letters.dropFirst(4)
        guard let device = try context.storage.device(userCode: String(code)), device.state == .pending,
            login.now.seconds < device.expiration, let client = login.resourceIndex.client(id: device.clientID)
        else { return nil }
        return (device, client)
    }
}
