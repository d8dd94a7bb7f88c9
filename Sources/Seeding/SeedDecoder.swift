import Encodings
import Model
import OAuth

/// Turns seed files into resources. Organizations and projects come first, so that whatever refers to them may stand anywhere.
final class SeedDecoder {
    let source: SeedSource
    let problems: Problems
    var seed = Seed()
    var ids = SeedIDs()

    /// Organizations and projects with the nodes that they were read from.
    private(set) var organizations: [(model: Organization, node: Node)] = []
    private(set) var projects: [(model: Project, node: Node, organization: Organization)] = []

    private let filledPlaces: [Place]

    /// - Parameter filledPlaces: where a variable of the environment was filled in.
    init(source: SeedSource, filledPlaces: [Place], problems: Problems) {
        self.source = source
        self.filledPlaces = filledPlaces
        self.problems = problems
    }

    func decode(_ files: [SeedFiles.File]) {
        let tops = files.compactMap { file in
            file.value.object.map { Node(object: $0, place: Place(file: file.path, pointer: "")) }
        }
        for top in tops { for node in top.nodes("organizations") { declare(organization: node) } }
        for (organization, node) in organizations {
            for project in node.nodes("projects") { declare(project: project, of: organization) }
        }
        for (project, node, organization) in projects {
            decodeApps(node, of: project, organization)
            decodeGrants(node, of: project)
        }
        for (organization, node) in organizations { decodeUsers(node, of: organization) }
        decodeInstance(tops)
    }

    /// The id that a node says, or the derived one; noted for uniqueness.
    func id(_ node: Node, _ kind: SeedIDs.Kind, _ path: [String]) -> String {
        let id = node.text("id") ?? DerivedID.make(kind.rawValue, path)
        // Ids that follow from a missing name are alike, but what is wrong is the name, and that was told.
        if node.has("id") || !path.contains("") {
            ids.add(id, kind, node.has("id") ? node.member("id") : node.place, problems)
        }
        return id
    }

    /// Notes a secret or fixed token that the seed says.
    func note(secret: String, of id: String, at place: Place) {
        seed.secrets[id] = secret
        if filledPlaces.contains(place) { seed.secretsFromEnvironment.insert(id) }
    }

    // MARK: Organizations and projects

    private func declare(organization node: Node) {
        let name = node.text("name") ?? ""
        let organization = Organization(
            id: id(node, .organization, [name]), name: name,
            primaryDomain: node.text("primaryDomain") ?? Self.domain(name),
            domains: node.strings("domains") ?? [], state: node.choice("state", .active),
            userLoginMustBeDomain: node.has("userLoginMustBeDomain") ? node.flag("userLoginMustBeDomain") : true)
        if !name.isEmpty { ids.organizationNames.add(name, node.member("name"), problems) }
        organizations.append((organization, node))
        seed.resources.organizations.append(organization)
    }

    /// ZITADEL's rule: blanks become hyphens, everything but letters, digits and hyphens goes, at most 63 characters, lower case.
    private static func domain(_ name: String) -> String {
        let letters = name.lowercased().map { $0 == " " ? "-" : $0 }.filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
        }
        return String(letters.prefix(63)) + ".localhost"
    }

    private func declare(project node: Node, of organization: Organization) {
        let name = node.text("name") ?? ""
        var roles: [ProjectRole] = []
        var keys = UniqueNames("a role of the project")
        for (index, value) in (node.object["roles"]?.array ?? []).enumerated() {
            let place = node.member("roles").element(index)
            guard let key = value.string ?? value.object?["key"]?.string else { continue }
            keys.add(key, place, problems)
            roles.append(
                ProjectRole(
                    key: key, displayName: value.object?["displayName"]?.string ?? "",
                    group: value.object?["group"]?.string ?? ""))
        }
        let project = Project(
            id: id(node, .project, [organization.name, name]), organizationID: organization.id, name: name,
            state: node.choice("state", .active), roles: roles,
            projectRoleAssertion: node.flag("projectRoleAssertion"), projectRoleCheck: node.flag("projectRoleCheck"),
            hasProjectCheck: node.flag("hasProjectCheck"))
        if projects.contains(where: { $0.model.name == name && $0.organization.id == organization.id }) {
            problems.add(
                node.member("name"),
                "\"\(name)\" is already a project of organization \"\(organization.name)\"; each must be another")
        }
        projects.append((project, node, organization))
        seed.resources.projects.append(project)
    }

    private func decodeGrants(_ node: Node, of project: Project) {
        for (index, grant) in node.nodes("grants").enumerated() {
            let organization = self.organization(grant)
            let roles = self.roles(grant, of: project)
            seed.resources.projectGrants.append(
                ProjectGrant(
                    id: id(grant, .projectGrant, [project.id, String(index)]), projectID: project.id,
                    organizationID: organization?.id ?? "", roles: roles,
                    state: grant.choice("state", .active)))
            if let organization, organization.id == project.organizationID {
                problems.add(
                    grant.member("organization"),
                    "\"\(organization.name)\" owns the project; a project is granted to other organizations")
            }
        }
    }

    // MARK: References

    /// The organization that the member `organization` names, by id or name.
    func organization(_ node: Node) -> Organization? {
        guard let reference = node.text("organization") else { return nil }
        if let found = organizations.first(where: { $0.model.id == reference || $0.model.name == reference }) {
            return found.model
        }
        problems.add(
            node.member("organization"),
            "there is no organization \"\(reference)\"; there are \(list(organizations.map(\.model.name)))")
        return nil
    }

    /// The project that the member `project` names, by id or unique name.
    func project(_ node: Node) -> Project? {
        guard let reference = node.text("project") else { return nil }
        if let found = projects.first(where: { $0.model.id == reference }) { return found.model }
        let named = projects.filter { $0.model.name == reference }
        if named.count > 1 {
            problems.add(
                node.member("project"),
                "\(named.count) projects are named \"\(reference)\"; use the id: \(list(named.map(\.model.id)))")
        } else if named.isEmpty {
            problems.add(
                node.member("project"),
                "there is no project \"\(reference)\"; there are \(list(projects.map(\.model.name)))")
        }
        return named.count == 1 ? named[0].model : nil
    }

    /// The member `roles`, each of which the project must have.
    func roles(_ node: Node, of project: Project) -> [String] {
        let roles = node.strings("roles") ?? []
        for (index, role) in roles.enumerated() where !project.roles.contains(where: { $0.key == role }) {
            problems.add(
                node.member("roles").element(index),
                "\"\(role)\" is not a role of project \"\(project.name)\"; it has \(list(project.roles.map(\.key)))")
        }
        return roles
    }

    func list(_ names: [String]) -> String {
        names.isEmpty
            ? "none" : names.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    }
}

/// The id spaces of a seed, and the other names that must be unique in all of it.
struct SeedIDs {
    enum Kind: String, CaseIterable {
        case organization, project, app, user, key
        case projectGrant = "project grant"
        case userGrant = "user grant"
        case personalAccessToken = "personal access token"
        case signingKey = "signing key"
        case clientID = "client id"
    }

    private var spaces: [Kind: UniqueNames] = [:]
    var organizationNames = UniqueNames("the name of an organization")
    var loginNames = UniqueNames("a login name")
    var tokens = UniqueNames("the value of a personal access token")

    mutating func add(_ id: String, _ kind: Kind, _ place: Place, _ problems: Problems) {
        let what =
            switch kind {
            case .clientID: "a client id"
            case .organization, .app: "the id of an \(kind.rawValue)"
            default: "the id of a \(kind.rawValue)"
            }
        spaces[kind, default: UniqueNames(what)].add(id, place, problems)
    }
}
