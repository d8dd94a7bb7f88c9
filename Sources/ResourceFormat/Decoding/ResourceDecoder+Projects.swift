import Encodings
public import Model

/// An organization or project, and the object that it or an extension of it was read from.
public struct DeclaredOrganization {
    public let id: String
    public let node: Node
}

/// A project, and the object that it or an extension of it was read from.
public struct DeclaredProject {
    public let id: String
    public let node: Node
}

extension ResourceDecoder {
    // MARK: Organizations

    /// Reads an organization, without what it contains. One that an earlier file declared is extended: lists grow, other members are replaced.
    /// - Returns: nil when it could not be read; that was reported.
    public func declareOrganization(_ node: Node) -> DeclaredOrganization? {
        if let extended = extendedOrganization(node) {
            var organization = extended
            let domains = organization.domains
            Formats.organization.decode(node, into: &organization, self)
            if node.has("domains") {
                let known = Set(domains)
                organization.domains = domains + organization.domains.filter { !known.contains($0) }
            }
            replace(organization)
            return DeclaredOrganization(id: organization.id, node: node)
        }
        if node.has("id"), !node.has("name") {
            diagnostics.add(
                node.place,
                "has no member \"name\", which is required; no earlier file has an organization with this id")
        }
        let name = node.text("name") ?? ""
        var organization = Organization(
            id: id(node, .organization, [name]), name: name, primaryDomain: Organization.generatedDomain(of: name),
            domains: [],
            state: .active, userLoginMustBeDomain: true)
        Formats.organization.decode(node, into: &organization, self)
        // One that is there twice, with all that it contains, is reported once.
        let isUnique = { [self] in name.isEmpty || names.organizationNames.add(name, node.member("name"), diagnostics) }
        guard node.has("id") || isUnique(), register(organization.id, .organization, node, [name]),
            !node.has("id") || isUnique()
        else { return nil }
        organizationFiles[organization.id] = node.place.file
        world.add(organization)
        decoded.resources.organizations.append(organization)
        return DeclaredOrganization(id: organization.id, node: node)
    }

    /// The organization of an earlier file that has the same id, or the same name and no other id.
    private func extendedOrganization(_ node: Node) -> Organization? {
        let id = node.text("id")
        let name = node.text("name")
        let found = id.map { world.organization(id: $0) } ?? name.flatMap { world.organization(named: $0) }
        guard let found, let file = organizationFiles[found.id], file != node.place.file,
            name == nil || name == found.name
        else { return nil }
        return found
    }

    private func replace(_ organization: Organization) {
        world.add(organization)
        if let index = decoded.resources.organizations.firstIndex(where: { $0.id == organization.id }) {
            decoded.resources.organizations[index] = organization
        }
    }

    // MARK: Projects

    /// Reads a project, without what it contains. One that an earlier file declared is extended.
    /// - Returns: nil when it could not be read; that was reported.
    public func declareProject(_ node: Node, in organizationID: String) -> DeclaredProject? {
        guard let organization = world.organization(id: organizationID) else { return nil }
        if var project = extendedProject(node, in: organizationID) {
            let roles = project.roles
            Formats.project.decode(node, into: &project, self)
            project.roles = roles + self.roles(node, of: project.id)
            replace(project)
            return DeclaredProject(id: project.id, node: node)
        }
        if node.has("id"), !node.has("name") {
            diagnostics.add(
                node.place, "has no member \"name\", which is required; no earlier file has a project with this id here"
            )
        }
        let name = node.text("name") ?? ""
        let path = [organization.name, name]
        var project = Project(
            id: id(node, .project, path), organizationID: organizationID, name: name, state: .active, roles: [],
            projectRoleAssertion: false, projectRoleCheck: false, hasProjectCheck: false)
        Formats.project.decode(node, into: &project, self)
        guard !node.has("id") || register(project.id, .project, node, path) else { return nil }
        guard name.isEmpty || !isTaken(name, in: organizationID)
        else {
            diagnostics.addConflict(
                node.member("name"),
                "\(TextRules.quoted(name)) is already a project of organization \"\(organization.name)\"; expected a unique one"
            )
            return nil
        }
        guard node.has("id") || register(project.id, .project, node, path) else { return nil }
        project.roles = roles(node, of: project.id)
        projectFiles[project.id] = node.place.file
        world.add(project)
        projectPositions[project.id] = decoded.resources.projects.count
        decoded.resources.projects.append(project)
        return DeclaredProject(id: project.id, node: node)
    }

    private func isTaken(_ name: String, in organizationID: String) -> Bool {
        guard world.hasProject(named: name, in: organizationID) else { return false }
        return world.projects(named: name).contains { $0.organizationID == organizationID && $0.id != replaced }
    }

    private func extendedProject(_ node: Node, in organizationID: String) -> Project? {
        let name = node.text("name")
        let found =
            node.text("id").map { world.project(id: $0) }
            ?? name.flatMap { name in
                world.hasProject(named: name, in: organizationID)
                    ? world.projects(named: name).first { $0.organizationID == organizationID } : nil
            }
        guard let found, found.organizationID == organizationID, let file = projectFiles[found.id],
            file != node.place.file, name == nil || name == found.name
        else { return nil }
        return found
    }

    private func replace(_ project: Project) {
        world.add(project)
        if let index = projectPositions[project.id] { decoded.resources.projects[index] = project }
    }

    /// The member `roles` of a project.
    private func roles(_ node: Node, of projectID: String) -> [ProjectRole] {
        var roles: [ProjectRole] = []
        let values = node.object["roles"]?.array ?? []
        if node.has("roles"), node.object["roles"]?.array == nil { projectsWithUnreadableRoles.insert(projectID) }
        for (index, value) in values.enumerated() {
            let place = node.member("roles").element(index)
            var role = ProjectRole(key: value.string ?? "", displayName: "", group: "")
            if let object = value.object {
                Formats.role.decode(Node(object: object, place: place), into: &role, self)
            }
            guard !role.key.isEmpty else {
                projectsWithUnreadableRoles.insert(projectID)
                continue
            }
            let isNew = names.roleKeys[projectID, default: UniqueNames("a role of the project")]
                .add(role.key, place, diagnostics)
            if isNew { roles.append(role) }
        }
        return roles
    }

    /// Reads a role by itself.
    public func decodeRole(_ node: Node, into role: inout ProjectRole) { Formats.role.decode(node, into: &role, self) }

    // MARK: Grants of projects

    /// Reads the member `grants` of a project.
    public func decodeProjectGrants(_ declared: DeclaredProject) {
        guard let project = world.project(id: declared.id) else { return }
        for (index, node) in declared.node.nodes("grants").enumerated() {
            decodeProjectGrant(node, of: project, position: index + (grantCounts[project.id] ?? 0))
        }
        grantCounts[project.id, default: 0] += declared.node.nodes("grants").count
    }

    /// Reads a grant of a project to another organization.
    /// - Parameter position: among the grants of the project; the derived id follows from it.
    public func decodeProjectGrant(_ node: Node, of project: Project, position: Int) {
        let path = [project.id, String(position)]
        var grant = ProjectGrant(
            id: id(node, .projectGrant, path), projectID: project.id, organizationID: "", roles: [], state: .active)
        Formats.projectGrant.decode(node, into: &grant, self)
        checkRoles(node, of: project)
        let isNew = register(grant.id, .projectGrant, node, path)
        if grant.organizationID == project.organizationID, let owner = world.organization(id: grant.organizationID) {
            diagnostics.add(
                node.member("organization"),
                "\"\(owner.name)\" owns the project; a project is granted to other organizations")
        }
        guard isNew, !grant.organizationID.isEmpty else { return }
        world.add(grant)
        decoded.resources.projectGrants.append(grant)
    }
}
