import Crypto
import Encodings
import Model
import OAuth
import Storage

/// Signing in: finds users, checks what they prove, and keeps the sessions of browsers.
struct Login {
    let context: RequestContext

    init(_ context: RequestContext) {
        self.context = context
    }

    var resourceIndex: ResourceIndex { context.resourceIndex }
    var now: Timestamp { context.now }

    // MARK: Finding users

    /// All users who can have an account at the pages: humans who were not deleted.
    var humans: LazyFilterSequence<[User]> {
        resourceIndex.resources.users.lazy.filter { $0.machine == nil && $0.state != .deleted }
    }

    // MARK: Proof

    /// The sessions of the browser whose users may still sign in, the newest first.
    func sessions(of browser: UserAgent?) throws -> [LoginSession] {
        guard let browser else { return [] }
        return try context.storage.sessions(browser: browser.digest).filter { session in
            now.seconds - session.authentication.time < LoginSession.lifetime
                && resourceIndex.user(id: session.authentication.userID)?.state == .active
        }
    }

    /// Checks a credential, and whether its user may use an app. Afterwards the browser has a session of the user.
    /// - Parameters:
    ///   - sessions: the sessions of the browser that may be chosen.
    ///   - checksGrants: whether the checks that the app's project asks for are made.
    /// - Throws: `LoginProblem`, or errors of the server.
    func signIn(
        with credential: Credential, in browser: UserAgent, sessions: [LoginSession], to client: Client,
        scopes: [String], checksGrants: Bool = true
    ) throws -> (user: User, authentication: Authentication) {
        let (user, authentication) = try authenticate(credential, in: browser, sessions: sessions)
        let ineligibility = ineligibility(for: user, at: client, scopes: scopes, checksGrants: checksGrants)
        if let ineligibility { throw ineligibility.problem(of: user) }
        return (user, authentication)
    }

    private func authenticate(
        _ credential: Credential, in browser: UserAgent, sessions: [LoginSession]
    ) throws -> (User, Authentication) {
        switch credential {
        case .session(let id):
            guard let session = sessions.first(where: { $0.id == id }),
                let user = resourceIndex.user(id: session.authentication.userID)
            else {
                throw LoginProblem(
                    "The session has ended. Please sign in again.", .sessionTerminated,
                    "the browser has no session \(id.truncated)")
            }
            context.trace.user = user.userName
            return (user, session.authentication)
        case .user(let id):
            guard let user = resourceIndex.user(id: id) else {
                throw LoginProblem(
                    "User could not be found", .userUnknown, "there is no user with the id \"\(id.truncated)\"")
            }
            context.trace.user = user.userName
            if let ineligibility = ineligibility(for: user) { throw ineligibility.problem(of: user) }
            return (user, try openSession(of: user, in: browser))
        case .password(let loginName, let password):
            guard let user = resourceIndex.user(named: loginName) else { throw unknown(loginName) }
            context.trace.user = user.userName
            guard user.state != .deleted else { throw unknown(loginName) }
            try check(password, of: user)
            if let ineligibility = ineligibility(for: user) { throw ineligibility.problem(of: user) }
            return (user, try openSession(of: user, in: browser))
        }
    }

    private func unknown(_ name: String) -> LoginProblem {
        func problem(_ detail: String) -> LoginProblem {
            LoginProblem("User could not be found", .userUnknown, detail)
        }
        guard !name.isEmpty else {
            return problem(
                "the form names no user: send one of the fields person, session, loginName with password, or deny")
        }
        let hint =
            resourceIndex.advice(onUserName: name, where: { $0.state != .deleted })
            ?? Similarity.nearest(to: name, in: humans.map(resourceIndex.preferredLoginName))
            .map { "did you mean \($0)?" }
        return problem("there is no user with the login name \"\(name.truncated)\"" + (hint.map { "; " + $0 } ?? ""))
    }

    private func check(_ password: Secret, of user: User) throws {
        if user.machine != nil { throw Ineligibility.serviceUser.problem(of: user) }
        guard let hash = user.secret else {
            throw LoginProblem(
                "User has no password", .passwordMissing,
                "\(user.userName) has no password in the seed; use the button \"Continue as \(user.displayName)\"")
        }
        guard !password.isEmpty else {
            throw LoginProblem("Password is empty", .passwordWrong, "the field password is empty or missing")
        }
        guard let digest = context.instance.passwords.digest(hash) else {
            throw LoginProblem(
                "User has no password", .passwordMissing,
                "the password of \(user.userName) was never hashed; start once with the seed that has it")
        }
        guard constantTimeEqual(digest, scrypt(password.exposed, salt: hash.salt)) else {
            let count = try context.storage.countPasswordFailure(userID: user.id)
            throw LoginProblem(
                "Password is invalid" + (count > 1 ? " (\(count) failed attempts)" : ""), .passwordWrong,
                "wrong password for \(user.userName) (attempt \(count))")
        }
        try context.storage.clearPasswordFailures(userID: user.id)
    }

    /// Opens a session of the user in the browser, or renews the one that is there.
    private func openSession(of user: User, in browser: UserAgent) throws -> Authentication {
        let old = try context.storage.sessions(browser: browser.digest).first { $0.authentication.userID == user.id }
        let authentication = Authentication(
            userID: user.id, sessionID: old?.id ?? context.newID(), amr: ["pwd"], time: now.seconds)
        try context.storage.save(LoginSession(authentication: authentication, browser: browser.digest))
        context.trace.hasNewSession = true
        return authentication
    }
}
