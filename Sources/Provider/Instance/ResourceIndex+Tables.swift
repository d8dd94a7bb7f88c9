import Encodings
import Model

/// What the tables of an index hold of each resource, besides the resource itself.
extension ResourceIndex {
    mutating func addEntries(of organization: Organization) {
        organizationsByName.add(organization.id, ExactString(organization.name))
        for domain in Self.domains(of: organization) { organizationsByDomain.add(organization.id, domain) }
    }

    mutating func removeEntries(of organization: Organization) {
        organizationsByName.remove(organization.id, ExactString(organization.name))
        for domain in Self.domains(of: organization) { organizationsByDomain.remove(organization.id, domain) }
    }

    private static func domains(of organization: Organization) -> Set<ExactString> {
        Set(organization.allDomains.map { ExactString($0.lowercased()) })
    }

    mutating func addEntries(of project: Project) { projectsByName.add(project.id, ExactString(project.name)) }

    mutating func removeEntries(of project: Project) { projectsByName.remove(project.id, ExactString(project.name)) }

    mutating func addEntries(of grant: ProjectGrant) { projectGrantsByProject.add(grant.id, grant.projectID) }

    mutating func removeEntries(of grant: ProjectGrant) { projectGrantsByProject.remove(grant.id, grant.projectID) }

    mutating func addEntries(of app: App) {
        appsByName.add(app.id, ExactString(app.name))
        appsByProject.add(app.id, app.projectID)
        setClient(of: app)
    }

    /// Sets the client of an app, which follows from its project and organization as well.
    mutating func setClient(of app: App) {
        guard let project = projects[app.projectID] else { return }
        let isOrganizationActive = organizations[project.organizationID]?.state == .active
        let level: Client.Level? =
            app.state != .active
            ? .app : project.state != .active ? .project : isOrganizationActive ? nil : .organization
        clients[ExactString(app.clientID)] = Client(app: app, project: project, inactiveLevel: level)
    }

    mutating func removeEntries(of app: App) {
        appsByName.remove(app.id, ExactString(app.name))
        appsByProject.remove(app.id, app.projectID)
        // Its client id may be another app's by now.
        let clientID = ExactString(app.clientID)
        if clients[clientID]?.app.id == app.id { clients[clientID] = nil }
    }

    mutating func addEntries(of user: User) {
        usersByUserName.add(user.id, Self.userName(of: user))
        if hasPlainName(user) { addPlainName(of: user) }
        for name in Self.looseNames(of: user) { usersByLooseName.add(user.id, name) }
    }

    mutating func removeEntries(of user: User) {
        usersByUserName.remove(user.id, Self.userName(of: user))
        if hasPlainName(user) { removePlainName(of: user) }
        for name in Self.looseNames(of: user) { usersByLooseName.remove(user.id, name) }
    }

    private static func userName(of user: User) -> [ExactString] {
        [ExactString(user.organizationID), ExactString(user.userName.lowercased())]
    }

    /// Whether the user name is the login name.
    private func hasPlainName(_ user: User) -> Bool {
        organizations[user.organizationID]?.userLoginMustBeDomain != true
    }

    mutating func addPlainName(of user: User) {
        let name = user.userName.lowercased()
        usersByPlainName.add(user.id, ExactString(name))
        if let parts = Organization.parts(ofLoginName: name) {
            usersByPlainDomain.add(user.id, ExactString(parts.domain))
        }
    }

    mutating func removePlainName(of user: User) {
        let name = user.userName.lowercased()
        usersByPlainName.remove(user.id, ExactString(name))
        if let parts = Organization.parts(ofLoginName: name) {
            usersByPlainDomain.remove(user.id, ExactString(parts.domain))
        }
    }

    private static func looseNames(of user: User) -> Set<ExactString> {
        guard case .human(let human) = user.kind else { return [ExactString(user.userName.lowercased())] }
        return [ExactString(user.userName.lowercased()), ExactString(human.email.lowercased())]
    }

    mutating func addEntries(of grant: UserGrant) { userGrantsByUser.add(grant.id, grant.userID) }

    mutating func removeEntries(of grant: UserGrant) { userGrantsByUser.remove(grant.id, grant.userID) }

    mutating func addEntries(of key: RegisteredKey) { keysByOwner.add(key.id, key.owner) }

    mutating func removeEntries(of key: RegisteredKey) { keysByOwner.remove(key.id, key.owner) }

    mutating func addEntries(of token: PersonalAccessToken) {
        tokensByUser.add(token.id, token.userID)
        tokenIDsByDigest[token.digest] = token.id
    }

    mutating func removeEntries(of token: PersonalAccessToken) {
        tokensByUser.remove(token.id, token.userID)
        // Its value may be another one's by now.
        if tokenIDsByDigest[token.digest] == token.id { tokenIDsByDigest[token.digest] = nil }
    }
}
