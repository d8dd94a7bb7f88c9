import JOSE
public import Model
import OAuth
import Synchronization

/// A client of the server with all that decides about it. A class, because requests hand it on many times and it is large.
public final class Client: Sendable {
    public let app: App
    public let project: Project
    /// What is inactive about it, from the app outwards: "app", "project" or "organization"; nil when it may be used.
    public let inactiveLevel: String?

    /// How messages name it.
    var described: String { "client \(app.clientID) (\"\(app.name)\")" }

    init(app: App, project: Project, inactiveLevel: String?) {
        self.app = app
        self.project = project
        self.inactiveLevel = inactiveLevel
    }
}

/// All resources, indexed for the questions that requests ask. A resourceIndex never changes; after a change of resources there is a new one.
public final class ResourceIndex: Sendable {
    public let resources: Resources
    private let organizations: [String: Organization]
    private let projects: [String: Project]
    private let clients: [String: Client]
    private let users: [String: User]
    private let userIDsByLoginName: [String: String]
    private let grantsByUser: [String: [UserGrant]]
    private let keysByOwner: [RegisteredKey.Owner: [RegisteredKey]]
    private let tokensByDigest: [[UInt8]: PersonalAccessToken]
    /// Reading PEM costs more than checking a signature, so each key is read once, when it is first needed.
    private let readKeys = Mutex<[String: PublicKey]>([:])
    /// Answers that were worked out with these resources; they go with the resourceIndex.
    let introspectionCache = IntrospectionCache()

    public init(_ resources: Resources) {
        self.resources = resources
        let organizations = Dictionary(resources.organizations.map { ($0.id, $0) }) { first, _ in first }
        let projects = Dictionary(resources.projects.map { ($0.id, $0) }) { first, _ in first }
        self.organizations = organizations
        self.projects = projects
        users = Dictionary(resources.users.map { ($0.id, $0) }) { first, _ in first }
        var clients: [String: Client] = [:]
        for app in resources.apps {
            guard let project = projects[app.projectID] else { continue }
            let isOrganizationActive = organizations[project.organizationID]?.state == .active
            let level =
                app.state != .active
                ? "app" : project.state != .active ? "project" : isOrganizationActive ? nil : "organization"
            clients[app.clientID] = Client(app: app, project: project, inactiveLevel: level)
        }
        self.clients = clients
        var loginNames: [String: String] = [:]
        for user in resources.users {
            for name in organizations[user.organizationID]?.loginNames(of: user.userName) ?? [] {
                loginNames[name.lowercased()] = user.id
            }
        }
        userIDsByLoginName = loginNames
        grantsByUser = Dictionary(grouping: resources.userGrants, by: \.userID)
        keysByOwner = Dictionary(grouping: resources.keys, by: \.owner)
        tokensByDigest = Dictionary(resources.personalAccessTokens.map { ($0.digest, $0) }) { first, _ in first }
    }

    public func organization(id: String) -> Organization? { organizations[id] }
    public func project(id: String) -> Project? { projects[id] }
    /// By exact client id: the app id is another number and never matches.
    public func client(id: String) -> Client? { clients[id] }
    public func user(id: String) -> User? { users[id] }
    /// By any of a user's login names, in any letter case.
    public func user(loginName: String) -> User? { userIDsByLoginName[loginName.lowercased()].flatMap { users[$0] } }
    /// By id, login name, or whatever else names only one user: the user name or, of a human, the email address.
    public func user(named name: String) -> User? {
        guard !name.isEmpty else { return nil }
        if let user = user(loginName: name) ?? user(id: name) { return user }
        let matches = users(loosely: name)
        return matches.count == 1 ? matches[0] : nil
    }

    /// All users whose user name or, of humans, email address it is, ignoring case.
    func users(loosely name: String) -> [User] {
        let lower = name.lowercased()
        return resources.users.filter { user in
            if case .human(let human) = user.kind, human.email.lowercased() == lower { return true }
            return user.userName.lowercased() == lower
        }
    }

    public func keys(of owner: RegisteredKey.Owner) -> [RegisteredKey] { keysByOwner[owner] ?? [] }
    public func personalAccessToken(digest: [UInt8]) -> PersonalAccessToken? { tokensByDigest[digest] }

    public func loginNames(of user: User) -> [String] {
        organizations[user.organizationID]?.loginNames(of: user.userName) ?? [user.userName]
    }

    public func preferredLoginName(of user: User) -> String { loginNames(of: user).first ?? user.userName }

    /// What a sign-in to any app of a project gives a token for: all apps of the project by client id, the project, and the projects that scopes name.
    func loginAudience(of project: Project, scopes: [String]) -> [String] {
        let own = resources.apps.filter { $0.projectID == project.id }.map(\.clientID) + [project.id]
        let named = Scope.audience(of: scopes, instanceProject: resources.settings.projectID)
        return own + named.filter { !own.contains($0) }
    }

    /// The active grants of a user on a project.
    func grants(userID: String, projectID: String) -> [UserGrant] {
        (grantsByUser[userID] ?? []).filter { $0.projectID == projectID && $0.state == .active }
    }

    /// The key, ready to check signatures; nil when what was registered is no key.
    func publicKey(_ key: RegisteredKey) -> PublicKey? {
        if let known = readKeys.withLock({ $0[key.id] }) { return known }
        guard let read = PublicKey(pem: key.publicKey) else { return nil }
        readKeys.withLock { $0[key.id] = read }
        return read
    }
}
