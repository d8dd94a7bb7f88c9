import Crypto
import Encodings
public import Model
import OAuth

/// All resources, indexed for the questions that requests ask.
public struct ResourceIndex: Sendable {
    public internal(set) var resources: Resources
    var positions = ResourcePositions()
    var organizations: [String: Organization] = [:]
    var projects = ShardedDictionary<String, Project>()
    /// By client id.
    var clients = ShardedDictionary<String, Client>()
    /// By login name in lower case.
    var userIDsByLoginName = ShardedDictionary<String, [String]>()
    var grantsByUser = ShardedDictionary<String, [UserGrant]>()
    var keysByOwner = ShardedDictionary<RegisteredKey.Owner, [RegisteredKey]>()
    var tokensByDigest = ShardedDictionary<[UInt8], PersonalAccessToken>()
    private let parsedKeys: ParsedKeys
    /// Answers that follow from these resources; a change starts a new cache.
    var introspectionCache = IntrospectionCache()

    public init(_ resources: Resources) {
        self.init(resources, parsedKeys: ParsedKeys())
    }

    private init(_ resources: Resources, parsedKeys: ParsedKeys) {
        self.resources = resources
        self.parsedKeys = parsedKeys
        for organization in resources.organizations { organizations[organization.id] = organization }
        for project in resources.projects { projects[project.id] = project }
        for app in resources.apps { index(app) }
        positions.prepare(.user, resources.users) { $0.id }
        for user in resources.users { index(user) }
        grantsByUser = ShardedDictionary(
            Dictionary(grouping: resources.userGrants, by: \.userID).map { ($0.key, $0.value) })
        keysByOwner = ShardedDictionary(Dictionary(grouping: resources.keys, by: \.owner).map { ($0.key, $0.value) })
        for token in resources.personalAccessTokens { tokensByDigest[token.digest] = token }
    }

    mutating func index(_ app: App) {
        guard let project = projects[app.projectID] else { return }
        let isOrganizationActive = organizations[project.organizationID]?.state == .active
        let level: Client.Level? =
            app.state != .active
            ? .app : project.state != .active ? .project : isOrganizationActive ? nil : .organization
        clients[app.clientID] = Client(app: app, project: project, inactiveLevel: level)
    }

    mutating func index(_ user: User) {
        for name in loginNames(of: user) {
            let name = name.lowercased()
            userIDsByLoginName.update(name, default: []) { ids in
                if !ids.contains(user.id) { ids.append(user.id) }
            }
        }
    }

    /// Indexes everything anew.
    mutating func rebuild() { self = ResourceIndex(resources, parsedKeys: parsedKeys) }

    // MARK: Questions

    /// Whether a text is short enough to name a resource. Callers send megabytes, and to compare Unicode texts costs far more than to measure them.
    private static func mayName(_ text: String) -> Bool { text.utf8.count <= 2000 }

    /// The organization, in whatever state.
    public func organization(id: String) -> Organization? {
        guard Self.mayName(id) else { return nil }
        return organizations[id].flatMap { $0.id.hasSameBytes(as: id) ? $0 : nil }
    }
    /// The project, in whatever state.
    public func project(id: String) -> Project? { Self.mayName(id) ? projects[id] : nil }
    /// By exact client id: the app id is another number and never matches.
    public func client(id: String) -> Client? {
        guard Self.mayName(id) else { return nil }
        return clients[id].flatMap { $0.app.clientID.hasSameBytes(as: id) ? $0 : nil }
    }
    /// The user, in whatever state.
    public func user(id: String) -> User? {
        guard Self.mayName(id), let position = positions.position(of: id, .user, in: resources.users, { $0.id }) else {
            return nil
        }
        let user = resources.users[position]
        return user.id.hasSameBytes(as: id) ? user : nil
    }
    /// By any of a user's login names, in any letter case.
    public func user(loginName: String) -> User? {
        guard Self.mayName(loginName), let ids = userIDsByLoginName[loginName.lowercased()] else { return nil }
        guard ids.count > 1 else { return ids.first.flatMap(user(id:)) }
        // Names that differ in letter case only: the later user has it.
        return resources.users.last { ids.contains($0.id) }
    }
    /// By id, login name, or whatever else names only one user: the user name or, of a human, the email address.
    public func user(named name: String) -> User? {
        guard !name.isEmpty else { return nil }
        if let user = user(loginName: name) ?? user(id: name) { return user }
        let matches = users(loosely: name)
        return matches.count == 1 ? matches[0] : nil
    }

    /// All users whose user name or, of humans, email address it is, ignoring case.
    func users(loosely name: String) -> [User] {
        guard Self.mayName(name) else { return [] }
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
        let known = own.exactStrings
        return own + named.filter { !known.contains($0) }
    }

    /// The active grants of a user on a project.
    func grants(userID: String, projectID: String) -> [UserGrant] {
        (grantsByUser[userID] ?? []).filter { $0.projectID == projectID && $0.state == .active }
    }

    /// The key, ready to check signatures; nil when what was registered is not a key.
    func publicKey(_ key: RegisteredKey) -> PublicKey? { parsedKeys.key(key.publicKey) }
}
