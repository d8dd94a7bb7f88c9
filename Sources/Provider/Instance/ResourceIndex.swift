import Crypto
import Encodings
public import Model
import OAuth

/// All resources, indexed for the questions that requests ask.
///
/// A copy shares nearly everything with the original, so that a change makes a new index from the one that requests are still reading.
public struct ResourceIndex: Sendable {
    /// The settings of the database.
    public internal(set) var settings: InstanceSettings

    var organizations: ResourceTable<Organization>
    var organizationsByName = IDTable<ExactString>()
    var organizationsByDomain = IDTable<ExactString>()
    var projects: ResourceTable<Project>
    var projectsByName = IDTable<ExactString>()
    var projectGrants: ResourceTable<ProjectGrant>
    var projectGrantsByProject = IDTable<String>()
    var apps: ResourceTable<App>
    var appsByName = IDTable<ExactString>()
    var appsByProject = IDTable<String>()
    /// By client id.
    var clients = ShardedDictionary<ExactString, Client>()
    var users: ResourceTable<User>
    /// By organization and user name in lower case.
    var usersByUserName = IDTable<[ExactString]>()
    /// Those whose user name is their login name, in lower case.
    var usersByPlainName = IDTable<ExactString>()
    /// The same by the domain in it.
    var usersByPlainDomain = IDTable<ExactString>()
    /// By user name and, of humans, email address, in lower case.
    var usersByLooseName = IDTable<ExactString>()
    var userGrants: ResourceTable<UserGrant>
    var userGrantsByUser = IDTable<String>()
    var keys: ResourceTable<RegisteredKey>
    var keysByOwner = IDTable<RegisteredKey.Owner>()
    var personalAccessTokens: ResourceTable<PersonalAccessToken>
    var tokensByUser = IDTable<String>()
    var tokenIDsByDigest = ShardedDictionary<[UInt8], String>()

    private let parsedKeys: ParsedKeys
    /// Answers that follow from these resources; a change starts a new cache.
    var introspectionCache = IntrospectionCache()
    var flat: FlatResources

    public init(_ resources: Resources) {
        self.init(resources, parsedKeys: ParsedKeys())
    }

    private init(_ resources: Resources, parsedKeys: ParsedKeys) {
        self.parsedKeys = parsedKeys
        flat = FlatResources(resources)
        settings = resources.settings
        organizations = ResourceTable(resources.organizations) { $0.id }
        projects = ResourceTable(resources.projects) { $0.id }
        projectGrants = ResourceTable(resources.projectGrants) { $0.id }
        apps = ResourceTable(resources.apps) { $0.id }
        users = ResourceTable(resources.users) { $0.id }
        userGrants = ResourceTable(resources.userGrants) { $0.id }
        keys = ResourceTable(resources.keys) { $0.id }
        personalAccessTokens = ResourceTable(resources.personalAccessTokens) { $0.id }
        usersByUserName.reserveCapacity(resources.users.count)
        usersByLooseName.reserveCapacity(resources.users.count)
        userGrantsByUser.reserveCapacity(resources.userGrants.count)
        resources.organizations.forEach { addEntries(of: $0) }
        resources.projects.forEach { addEntries(of: $0) }
        resources.projectGrants.forEach { addEntries(of: $0) }
        resources.apps.forEach { addEntries(of: $0) }
        resources.users.forEach { addEntries(of: $0) }
        resources.userGrants.forEach { addEntries(of: $0) }
        resources.keys.forEach { addEntries(of: $0) }
        resources.personalAccessTokens.forEach { addEntries(of: $0) }
    }

    /// Becomes an index of other resources.
    mutating func rebuild(_ resources: Resources) { self = ResourceIndex(resources, parsedKeys: parsedKeys) }

    /// All resources as flat lists. After a change, the first who asks has them made, which takes as long as there are many.
    public var resources: Resources {
        flat.value { [self] in
            var resources = Resources()
            resources.settings = settings
            resources.organizations = organizations.values
            resources.projects = projects.values
            resources.projectGrants = projectGrants.values
            resources.apps = apps.values
            resources.users = users.values
            resources.userGrants = userGrants.values
            resources.keys = keys.values
            resources.personalAccessTokens = personalAccessTokens.values
            return resources
        }
    }

    // MARK: Questions

    /// Whether a text is short enough to name a resource. Callers send megabytes, and to compare Unicode texts costs far more than to measure them.
    private static func mayName(_ text: String) -> Bool { text.utf8.count <= 2000 }

    /// By exact client id: the app id is another number and never matches.
    public func client(id: String) -> Client? { Self.mayName(id) ? clients[ExactString(id)] : nil }
    /// By any of a user's login names, in any letter case.
    public func user(loginName: String) -> User? {
        guard Self.mayName(loginName) else { return nil }
        // Of names that differ in letter case only, the later user has it.
        return users(loginName: loginName.lowercased()).last
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
        Self.mayName(name) ? users[usersByLooseName[ExactString(name.lowercased())]] : []
    }

    public func personalAccessToken(digest: [UInt8]) -> PersonalAccessToken? {
        tokenIDsByDigest[digest].flatMap { personalAccessTokens[$0] }
    }

    /// Whether a text is a personal access token. Seeds spell them as they like, so nothing else shows it.
    public func isToken(_ text: String) -> Bool { tokenIDsByDigest[tokenDigest(text)] != nil }

    public func loginNames(of user: User) -> [String] {
        organizations[user.organizationID]?.loginNames(of: user.userName) ?? [user.userName]
    }

    public func preferredLoginName(of user: User) -> String { loginNames(of: user).first ?? user.userName }

    /// What a sign-in to any app of a project gives a token for: all apps of the project by client id, the project, and the projects that scopes name.
    func loginAudience(of project: Project, scopes: [String]) -> [String] {
        let own = apps(of: project.id).map(\.clientID) + [project.id]
        let named = Scope.audience(of: scopes, instanceProject: settings.projectID)
        let known = own.exactStrings
        return own + named.filter { !known.contains($0) }
    }

    /// The active grants of a user on a project.
    func grants(userID: String, projectID: String) -> [UserGrant] {
        userGrants(of: userID).filter { $0.projectID == projectID && $0.state == .active }
    }

    /// The key, ready to check signatures; nil when what was registered is not a key.
    func publicKey(_ key: RegisteredKey) -> PublicKey? { parsedKeys.key(key.publicKey) }
}
