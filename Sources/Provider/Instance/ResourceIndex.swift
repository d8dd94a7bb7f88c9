import Encodings
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

    /// Whether a sign-in with these scopes gives it a refresh token.
    func mayRefresh(_ scopes: [String]) -> Bool {
        scopes.contains(Scope.offlineAccess)
            && app.oidc?.grantTypes.contains(GrantType.refreshToken.rawValue) ?? false
    }

    init(app: App, project: Project, inactiveLevel: String?) {
        self.app = app
        self.project = project
        self.inactiveLevel = inactiveLevel
    }
}

/// All resources, indexed for the questions that requests ask.
public struct ResourceIndex: Sendable {
    public private(set) var resources: Resources
    private var organizations: [String: Organization] = [:]
    private var projects: [String: Project] = [:]
    private var clients: [String: Client] = [:]
    private var users: [String: User] = [:]
    private var userIDsByLoginName: [String: String] = [:]
    private var grantsByUser: [String: [UserGrant]] = [:]
    private var keysByOwner: [RegisteredKey.Owner: [RegisteredKey]] = [:]
    private var tokensByDigest: [[UInt8]: PersonalAccessToken] = [:]
    /// Reading PEM costs more than checking a signature, so each key is parsed once, when it is first needed.
    private let parsedKeys: ParsedKeys
    /// Answers that follow from these resources; a change starts a new cache.
    private(set) var introspectionCache = IntrospectionCache()

    public init(_ resources: Resources) {
        self.init(resources, parsedKeys: ParsedKeys())
    }

    private init(_ resources: Resources, parsedKeys: ParsedKeys) {
        self.resources = resources
        self.parsedKeys = parsedKeys
        for organization in resources.organizations { organizations[organization.id] = organization }
        for project in resources.projects { projects[project.id] = project }
        for app in resources.apps { index(app) }
        for user in resources.users { index(user) }
        grantsByUser = Dictionary(grouping: resources.userGrants, by: \.userID)
        keysByOwner = Dictionary(grouping: resources.keys, by: \.owner)
        for token in resources.personalAccessTokens { tokensByDigest[token.digest] = token }
    }

    private mutating func index(_ app: App) {
        guard let project = projects[app.projectID] else { return }
        let isOrganizationActive = organizations[project.organizationID]?.state == .active
        let level =
            app.state != .active
            ? "app" : project.state != .active ? "project" : isOrganizationActive ? nil : "organization"
        clients[app.clientID] = Client(app: app, project: project, inactiveLevel: level)
    }

    private mutating func index(_ user: User) {
        users[user.id] = user
        for name in loginNames(of: user) { userIDsByLoginName[name.lowercased()] = user.id }
    }

    // MARK: Changes

    /// Applies changes that the database has accepted.
    mutating func apply(_ changes: [Change]) {
        for change in changes {
            switch change {
            case .settings(let settings): resources.settings = settings
            case .put(let resource): put(resource)
            case .remove(let kind, let id): remove(kind, id)
            case .putSigningKey, .removeSigningKey: break
            }
        }
        introspectionCache = IntrospectionCache()
    }

    /// New resources that nothing depends on yet are added to the indexes; everything else is indexed anew.
    private mutating func put(_ resource: Resource) {
        switch resource {
        case .organization(let value) where organizations[value.id] == nil:
            resources.organizations.append(value)
            organizations[value.id] = value
        case .project(let value) where projects[value.id] == nil:
            resources.projects.append(value)
            projects[value.id] = value
        case .user(let value) where users[value.id] == nil:
            resources.users.append(value)
            index(value)
        case .userGrant(let value) where !(grantsByUser[value.userID] ?? []).contains { $0.id == value.id }:
            resources.userGrants.append(value)
            grantsByUser[value.userID, default: []].append(value)
        case .personalAccessToken(let value)
        where tokensByDigest[value.digest] == nil
            && !resources.personalAccessTokens.contains { $0.id == value.id }:
            resources.personalAccessTokens.append(value)
            tokensByDigest[value.digest] = value
        case .user(let value):
            endTokens(of: value)
            resources.put(resource)
            rebuild()
        default:
            resources.put(resource)
            rebuild()
        }
    }

    /// The personal access tokens of a user who is deactivated or locked end for good, as the database has it.
    private mutating func endTokens(of user: User) {
        guard users[user.id]?.state == .active, user.state != .active else { return }
        for index in resources.personalAccessTokens.indices
        where resources.personalAccessTokens[index].userID == user.id {
            resources.personalAccessTokens[index].isEnded = true
        }
    }

    private mutating func remove(_ kind: Resource.Kind, _ id: String) {
        resources.remove(kind, id: id)
        rebuild()
    }

    private mutating func rebuild() { self = ResourceIndex(resources, parsedKeys: parsedKeys) }

    // MARK: Questions

    public func organization(id: String) -> Organization? {
        organizations[id].flatMap { $0.id.hasSameBytes(as: id) ? $0 : nil }
    }
    public func project(id: String) -> Project? { projects[id] }
    /// By exact client id: the app id is another number and never matches.
    public func client(id: String) -> Client? {
        clients[id].flatMap { $0.app.clientID.hasSameBytes(as: id) ? $0 : nil }
    }
    public func user(id: String) -> User? { users[id].flatMap { $0.id.hasSameBytes(as: id) ? $0 : nil } }
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
        let known = ByteTextSet(own)
        return own + named.filter { !known.contains($0) }
    }

    /// The active grants of a user on a project.
    func grants(userID: String, projectID: String) -> [UserGrant] {
        (grantsByUser[userID] ?? []).filter { $0.projectID == projectID && $0.state == .active }
    }

    /// The key, ready to check signatures; nil when what was registered is no key.
    func publicKey(_ key: RegisteredKey) -> PublicKey? { parsedKeys.key(key.publicKey) }
}

/// Public keys that were parsed before, by their PEM. Holds at most 10,000.
private final class ParsedKeys: Sendable {
    private static let limit = 10_000
    private let keys = Mutex<[String: PublicKey]>([:])

    func key(_ pem: String) -> PublicKey? {
        if let known = keys.withLock({ $0[pem] }) { return known }
        guard let parsed = PublicKey(pem: pem) else { return nil }
        keys.withLock { keys in
            if keys.count >= Self.limit { keys.removeAll() }
            keys[pem] = parsed
        }
        return parsed
    }
}
