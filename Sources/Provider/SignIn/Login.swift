import JOSE
import Model
public import OAuth

/// How a person proves to the pages who they are.
public enum Credential: Sendable {
    /// The button of a seeded person: nothing is asked.
    case person(userID: String)
    /// An account that the browser is signed in with.
    case session(id: String)
    case password(loginName: String, password: Secret)
}

/// A person as the pages show them.
public struct LoginCandidate: Sendable, Equatable {
    public let userID: String
    public let displayName: String
    public let loginName: String
    /// The session that the browser has of them; nil when they are not signed in.
    public let sessionID: String?
    /// "inactive" and the like; nil for somebody who may sign in.
    public let state: String?
}

/// Signing in: people, passwords, sessions of browsers.
struct Login {
    let context: RequestContext

    init(_ context: RequestContext) {
        self.context = context
    }

    var resourceIndex: ResourceIndex { context.resourceIndex }
    var now: Timestamp { context.now }

    // MARK: Who is there

    /// The sessions of the browser whose people may still sign in, the newest first.
    func sessions(of browser: UserAgent?) throws -> [LoginSession] {
        guard let browser else { return [] }
        return try context.storage.sessions(browser: browser.digest).filter { session in
            now.seconds - session.authentication.time < LoginSession.lifetime
                && resourceIndex.user(id: session.authentication.userID)?.state == .active
        }
    }

    /// The accounts of some sessions.
    func accounts(_ sessions: [LoginSession]) -> [LoginCandidate] {
        sessions.compactMap { session in
            resourceIndex.user(id: session.authentication.userID).map { account($0, sessionID: session.id) }
        }
    }

    /// All seeded people, those who may not sign in too: a button can show how they are refused.
    var people: [LoginCandidate] { people(askedForBy: []) }

    /// Those of them whose organization the scopes ask for.
    func people(askedForBy scopes: [String]) -> [LoginCandidate] {
        let wanted = organizations(wantedBy: scopes)
        return resourceIndex.resources.users.filter { user in
            user.machine == nil && user.state != .deleted && isOf(wanted, user)
        }.map { account($0) }
    }

    private func account(_ user: User, sessionID: String? = nil) -> LoginCandidate {
        LoginCandidate(
            userID: user.id, displayName: user.displayName, loginName: resourceIndex.preferredLoginName(of: user),
            sessionID: sessionID, state: user.state == .active ? nil : user.state.rawValue)
    }

    /// Whom a test says to be.
    /// - Throws: `Rejection` with `login_as_unknown`
    func user(loginAs name: String) throws(Rejection) -> User {
        if let user = resourceIndex.user(named: name) { return user }
        let namesakes = resourceIndex.users(loosely: name)
        let why =
            namesakes.isEmpty
            ? "there are \(people.map(\.loginName).shownList)"
            : "that is \(namesakes.map(resourceIndex.preferredLoginName).shownList); send the login name"
        throw Rejection(.loginAsUnknown, "Mock-Login-As is \"\(name.shown)\"; \(why)")
    }

    // MARK: Proof

    /// Believes or refuses a credential; then the browser has a session of the person.
    /// - Throws: `LoginProblem`, or errors of the server.
    func authenticate(_ credential: Credential, _ browser: UserAgent) throws -> Authentication {
        switch credential {
        case .session(let id):
            guard let session = try sessions(of: browser).first(where: { $0.id == id }) else {
                throw LoginProblem(
                    "The session has ended. Please sign in again.", .sessionTerminated,
                    "the browser has no session \(id.shown)")
            }
            return session.authentication
        case .person(let id):
            guard let user = resourceIndex.user(id: id) else {
                throw LoginProblem(
                    "User could not be found", .userUnknown, "there is no user with the id \"\(id.shown)\"")
            }
            try checkState(of: user)
            return try openSession(of: user, browser)
        case .password(let loginName, let password):
            guard let user = resourceIndex.user(named: loginName), user.state != .deleted else {
                throw unknown(loginName)
            }
            try check(password, of: user)
            try checkState(of: user)
            return try openSession(of: user, browser)
        }
    }

    private func unknown(_ name: String) -> LoginProblem {
        let near = Similarity.nearest(to: name, in: people.map(\.loginName)).map { "; did you mean \($0)?" } ?? ""
        return LoginProblem(
            "User could not be found", .userUnknown,
            name.isEmpty
                ? "the form says nobody: send one of the fields person, session, loginName with password, or deny"
                : "there is no user with the login name \"\(name.shown)\"\(near)")
    }

    private func check(_ password: Secret, of user: User) throws {
        try checkIsPerson(user)
        guard let hash = user.secret else {
            throw LoginProblem(
                "User has no password", .passwordMissing,
                "\(user.userName) has no password in the seed; use the button \"Continue as \(user.displayName)\"")
        }
        guard !password.isEmpty else {
            throw LoginProblem("Password is empty", .passwordWrong, "the field password is empty or missing")
        }
        guard constantTimeEqual(hash.digest, scrypt(password.exposed, salt: hash.salt)) else {
            let count = try context.storage.countPasswordFailure(userID: user.id)
            throw LoginProblem(
                "Password is invalid" + (count > 1 ? " (\(count) failed attempts)" : ""), .passwordWrong,
                "wrong password for \(user.userName), number \(count) in a row")
        }
        try context.storage.clearPasswordFailures(userID: user.id)
    }

    private func checkIsPerson(_ user: User) throws(LoginProblem) {
        guard user.machine == nil else {
            throw LoginProblem(
                "The user must be personal", .userNotHuman,
                "\(user.userName) is a service user, who gets tokens by client_credentials or jwt-bearer, not by signing in"
            )
        }
    }

    private func checkState(of user: User) throws(LoginProblem) {
        try checkIsPerson(user)
        let text =
            switch user.state {
            case .active: ""
            case .inactive: "User is inactive"
            case .locked: "User is locked"
            case .initial: "User is not yet initialized"
            case .deleted: "User could not be found"
            }
        guard user.state == .active else {
            throw LoginProblem(
                text, .userNotActive,
                "the state of user \(user.userName) is \"\(user.state.rawValue)\"; set it to active in the seed")
        }
        guard resourceIndex.organization(id: user.organizationID)?.state == .active else {
            throw LoginProblem(
                "Organization is not active", .userNotActive, "the organization of user \(user.userName) is inactive")
        }
    }

    /// The person's session in the browser, which begins anew when there was one before.
    private func openSession(of user: User, _ browser: UserAgent) throws -> Authentication {
        let old = try context.storage.sessions(browser: browser.digest).first { $0.authentication.userID == user.id }
        let authentication = Authentication(
            userID: user.id, sessionID: old?.id ?? context.newID(), amr: ["pwd"], time: now.seconds)
        try context.storage.save(LoginSession(authentication: authentication, browser: browser.digest))
        return authentication
    }

    // MARK: May they, at this app

    /// The organizations that scopes ask for, by id and by primary domain; none asked for is any.
    func organizations(wantedBy scopes: [String]) -> (ids: [String], domains: [String]) {
        (
            Scope.values(of: Scope.organizationIDPrefix, in: scopes),
            Scope.values(of: Scope.organizationDomainPrefix, in: scopes)
        )
    }

    func isOf(_ wanted: (ids: [String], domains: [String]), _ user: User) -> Bool {
        (wanted.ids.isEmpty || wanted.ids.contains(user.organizationID))
            && (wanted.domains.isEmpty
                || wanted.domains.contains(resourceIndex.organization(id: user.organizationID)?.primaryDomain ?? ""))
    }

    /// Project role check, has-project check, and the organization that the app asked for.
    func check(_ user: User, mayUse client: Client, scopes: [String]) throws(LoginProblem) {
        try checkState(of: user)
        let wanted = organizations(wantedBy: scopes)
        guard isOf(wanted, user) else {
            let unknown = wanted.ids.filter { resourceIndex.organization(id: $0) == nil }
            let hint = unknown.isEmpty ? "" : "; there is no organization with the id \(unknown.shownList)"
            let organization = resourceIndex.organization(id: user.organizationID)?.name ?? "none"
            throw LoginProblem(
                "User is no member of the required organization", .userOfOtherOrganization,
                "the app asks for organization \((wanted.ids + wanted.domains).shownList), and \(user.userName) is of \(organization)\(hint)"
            )
        }
        let project = client.project
        guard !project.projectRoleCheck || !resourceIndex.grants(userID: user.id, projectID: project.id).isEmpty else {
            throw LoginProblem(
                "Login not possible. The user is required to have at least one grant on the application. Please contact your administrator.",
                .grantRequired,
                "project \"\(project.name)\" has projectRoleCheck, and \(user.userName) has no grant on it")
        }
        guard
            !project.hasProjectCheck || project.organizationID == user.organizationID
                || resourceIndex.resources.projectGrants.contains(where: {
                    $0.projectID == project.id && $0.organizationID == user.organizationID && $0.state == .active
                })
        else {
            throw LoginProblem(
                "Login not possible. The organization of the user must be granted to the project. Please contact your administrator.",
                .projectRequired,
                "project \"\(project.name)\" has hasProjectCheck, and the organization of \(user.userName) has no project grant"
            )
        }
    }
}

extension User {
    /// What a person is called.
    var displayName: String {
        if case .human(let human) = kind, !human.displayName.isEmpty { human.displayName } else { userName }
    }
}
