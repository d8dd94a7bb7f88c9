import Encodings
public import Model

extension ResourceDecoder {
    // MARK: Organizations

    /// Reads an organization, without what it contains.
    /// - Returns: nil when it could not be read; that was reported.
    public func declareOrganization(_ node: Node) -> DeclaredOrganization? {
        if isOfSeed, node.has("id"), !node.has("name") {
            diagnostics.add(
                node.location,
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
        if organization.id == replaced, let old = references.organization(id: organization.id) {
            checkLoginNames(of: organization, insteadOf: old, node)
        }
        // What that does to users says more.
        if replaced == nil || !diagnostics.hasProblems { addDomains(of: organization, node) }
        organization.removeRepeatedDomains()
        references.add(organization)
        decoded.resources.organizations.append(organization)
        return DeclaredOrganization(id: organization.id, node: node)
    }

    /// Reports domains that another organization has. Names that differ may make one: "Kite" and "kite".
    private func addDomains(of organization: Organization, _ node: Node) {
        // Of an existing organization only a change counts.
        let old = organization.id == replaced ? references.organization(id: organization.id)?.allDomains ?? [] : []
        let known = old.exactStrings
        let primary = organization.primaryDomain
        let isGenerated = !node.has("primaryDomain")
        if !known.contains(primary), !isGenerated || primary != Organization.sharedDomain {
            let location = node.member(isGenerated ? "name" : "primaryDomain")
            if primary.utf8.contains(UInt8(ascii: ":")) {
                diagnostics.warn(location, "has a port, which is part of all login names then; leave it out")
            }
            names.add(domain: primary, isGenerated: isGenerated, location, diagnostics)
            checkPlainNames(domain: primary, of: organization, location)
        }
        var seen: Set<ExactString> = [ExactString(primary.lowercased())]
        for (index, domain) in organization.domains.enumerated()
        where seen.insert(domain.lowercased()) && !known.contains(domain) {
            let location = node.member("domains").element(index)
            names.add(domain: domain, isGenerated: false, location, diagnostics)
            checkPlainNames(domain: domain, of: organization, location)
        }
    }

    /// Reports a domain that is in the login name of a user of another organization.
    private func checkPlainNames(domain: String, of organization: Organization, _ location: SourceLocation) {
        let users = existing.users(plainDomain: domain.lowercased())
        guard let user = users.first(where: { $0.organizationID != organization.id }) else { return }
        diagnostics.addConflict(
            location,
            "\(TextRules.quoted(domain)) is in the login name \(TextRules.quoted(user.userName)) of user \(user.id) of another organization; rename that user, or choose another domain"
        )
    }

    /// A change of an organization may give its users the login names of others.
    private func checkLoginNames(of organization: Organization, insteadOf old: Organization, _ node: Node) {
        let sharesDomain = organization.has(domain: Organization.sharedDomain)
        let isChanged =
            organization.userLoginMustBeDomain
            ? sharesDomain && !(old.userLoginMustBeDomain && old.has(domain: Organization.sharedDomain))
            : old.userLoginMustBeDomain
        guard isChanged else { return }
        let location = locationOfLoginNames(of: organization, insteadOf: old, node)
        for user in existing.resources.users where user.organizationID == organization.id {
            guard !checkDomain(of: user, organization, location) else { return }
            for name in organization.loginNameKeys(of: user.userName) where !name.utf8.contains(0) {
                guard let other = existing.userIDs(loginName: name).first(where: { $0 != user.id }) else { continue }
                // One is enough: the others would say the same.
                return diagnostics.addConflict(
                    location,
                    "would give user \(user.id) the login name \(TextRules.quoted(name)) of user \(other); login names are unique"
                )
            }
        }
    }

    /// The member that changes login names.
    private func locationOfLoginNames(of new: Organization, insteadOf old: Organization, _ node: Node) -> SourceLocation
    {
        guard new.userLoginMustBeDomain == old.userLoginMustBeDomain else {
            return node.member("userLoginMustBeDomain")
        }
        guard new.primaryDomain.hasSameBytes(as: old.primaryDomain) else {
            // A generated domain follows the name.
            return node.member(node.has("primaryDomain") ? "primaryDomain" : "name")
        }
        return node.member("domains")
    }

    // MARK: Projects

    /// Reads a project, without what it contains.
    /// - Returns: nil when it could not be read; that was reported.
    public func declareProject(_ node: Node, in organizationID: String) -> DeclaredProject? {
        guard let organization = references.organization(id: organizationID) else { return nil }
        if isOfSeed, node.has("id"), !node.has("name") {
            diagnostics.add(
                node.location,
                "has no member \"name\", which is required; no earlier file has a project with this id here"
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
        references.add(project)
        decoded.resources.projects.append(project)
        return DeclaredProject(id: project.id, node: node)
    }

    private func isTaken(_ name: String, in organizationID: String) -> Bool {
        references.project(named: name, in: organizationID).map { $0.id != replaced } ?? false
    }

    /// The member `roles` of a project.
    private func roles(_ node: Node, of projectID: String) -> [ProjectRole] {
        var roles: [ProjectRole] = []
        if node.has("roles"), node.object["roles"]?.array == nil { projectsWithUnreadableRoles.insert(projectID) }
        for element in node.elements("roles") {
            var role = ProjectRole(key: element.value.string ?? "", displayName: "", group: "")
            if let object = element.node { Formats.role.decode(object, into: &role, self) }
            guard !role.key.isEmpty else {
                projectsWithUnreadableRoles.insert(projectID)
                continue
            }
            let isNew = names.add(roleKey: role.key, of: projectID, element.location, diagnostics)
            if isNew { roles.append(role) }
        }
        return roles
    }

    /// Reads a role by itself.
    public func decodeRole(_ node: Node, into role: inout ProjectRole) { Formats.role.decode(node, into: &role, self) }

    // MARK: Grants of projects

    /// Reads the member `grants` of a project.
    public func decodeProjectGrants(_ declared: DeclaredProject) {
        guard let project = references.project(id: declared.id) else { return }
        for (index, node) in readable(declared.node.nodes("grants")).enumerated() {
            decodeProjectGrant(node, of: project, position: index)
        }
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
        if grant.organizationID == project.organizationID, let owner = references.organization(id: grant.organizationID)
        {
            diagnostics.add(
                node.member("organization"),
                "\"\(owner.name)\" owns the project; a project is granted to other organizations")
        }
        guard isNew, !grant.organizationID.isEmpty else { return }
        names.add(grant, node, diagnostics)
        references.add(grant)
        decoded.resources.projectGrants.append(grant)
    }
}
