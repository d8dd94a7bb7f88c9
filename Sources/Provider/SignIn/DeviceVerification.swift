public import Model
import Storage

/// The page `/device` (RFC 8628 section 3.3): a user enters the code that a device shows, and allows or denies it.
public struct DeviceVerification {
    /// What the page shows next.
    public enum Step: Sendable {
        /// Enter a code; the problem says why the last one was not accepted.
        case enterCode(problem: LoginProblem?)
        case decide(Page)
        /// The user who allowed it; nil when it was denied.
        case decided(appName: String, by: User?)
    }

    /// All that the page shows.
    public struct Page: Sendable {
        public let userCode: String
        public let appName: String
        public let scopes: [String]
        public var chooser: LoginChooser
        public var problem: LoginProblem?
    }

    private let context: RequestContext
    private let login: Login

    public init(_ context: RequestContext) {
        self.context = context
        login = Login(context)
    }

    /// A browser opens the page, with a code or without.
    /// - Parameters:
    ///   - loginAs: the user named by the header `Mock-Login-As`, who allows the device at once.
    ///   - filter: part of the names of the users to offer.
    /// - Throws: `Rejection` when there is no user of that name; errors of the server.
    public func open(_ userCode: String, _ browser: UserAgent, loginAs: String?, filter: String = "") throws -> Step {
        guard !userCode.isEmpty else { return .enterCode(problem: nil) }
        if let loginAs {
            return try submit(userCode, browser, .user(userID: try login.user(loginAs: loginAs).id))
        }
        guard let (device, client) = try pending(userCode) else { return .enterCode(problem: unknown) }
        return .decide(try page(device, client, browser, filter: filter))
    }

    /// A user allows the device.
    public func submit(_ userCode: String, _ browser: UserAgent, _ credential: Credential) throws -> Step {
        guard let (device, client) = try pending(userCode) else { return .enterCode(problem: unknown) }
        do {
            let (user, authentication) = try login.signIn(
                with: credential, in: browser, sessions: try login.sessions(of: browser), to: client,
                scopes: device.scopes, checksGrants: checksGrants)
            guard try context.storage.decide(device: device.userCode, authentication) else {
                return .enterCode(problem: unknown)
            }
            return .decided(appName: client.app.name, by: user)
        } catch let problem as LoginProblem {
            var page = try page(device, client, browser)
            page.problem = problem
            if case .password(let loginName, _) = credential { page.chooser.loginName = loginName }
            return .decide(page)
        }
    }

    /// A user denies the device.
    public func deny(_ userCode: String) throws -> Step {
        guard let (device, client) = try pending(userCode),
            try context.storage.decide(device: device.userCode, nil)
        else { return .enterCode(problem: unknown) }
        return .decided(appName: client.app.name, by: nil)
    }

    private func page(
        _ device: DeviceAuthorization, _ client: Client, _ browser: UserAgent, filter: String = ""
    ) throws -> Page {
        Page(
            userCode: device.userCode, appName: client.app.name, scopes: device.scopes,
            chooser: login.chooser(
                for: client, scopes: device.scopes, sessions: try login.sessions(of: browser), filter: filter,
                checksGrants: checksGrants))
    }

    private var checksGrants: Bool { context.behavior.checksGrantsOfDevices }

    private var unknown: LoginProblem {
        LoginProblem(
            "The code is unknown, expired, or was used before.", .deviceCodeUnknown,
            "no device is waiting with this user code")
    }

    /// A code may be typed without its hyphen, and in lower case.
    static func normalized(_ userCode: String) -> String {
        let letters = userCode.uppercased().filter { $0.isLetter }
        return letters.prefix(4) + "-" + letters.dropFirst(4)
    }

    private func pending(_ text: String) throws -> (DeviceAuthorization, Client)? {
        guard let device = try context.storage.device(userCode: Self.normalized(text)), device.state == .pending,
            login.now.seconds < device.expiration, let client = login.resourceIndex.client(id: device.clientID)
        else { return nil }
        context.trace.client = device.clientID
        return (device, client)
    }
}
