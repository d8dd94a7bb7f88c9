import Model

extension ResourceDecoder {
    /// Reads whole seeds. Organizations and projects come first, so that references to them may be anywhere.
    public func decodeSeed(_ documents: [Node]) {
        decodeOrganizations(documents.flatMap { $0.nodes("organizations") })
        decodeInstance(documents.compactMap { $0.node("instance") })
    }

    /// Reads organizations with their projects and users.
    public func decodeOrganizations(_ nodes: [Node]) {
        let organizations = nodes.compactMap(declareOrganization)
        let projects = organizations.flatMap { organization in
            organization.node.nodes("projects").compactMap { declareProject($0, in: organization.id) }
        }
        for project in projects { decodeContents(of: project) }
        for organization in organizations { decodeUsers(organization) }
    }

    /// Reads a project with its apps and grants.
    public func decodeProject(_ node: Node, in organizationID: String) {
        if let project = declareProject(node, in: organizationID) { decodeContents(of: project) }
    }

    private func decodeContents(of project: DeclaredProject) {
        decodeApps(project)
        decodeProjectGrants(project)
    }

    private func decodeInstance(_ nodes: [Node]) {
        for extra in nodes.dropFirst() {
            diagnostics.add(
                extra.place, "\(nodes[0].place.file) has this member already; expected it in one file only")
        }
        var settings = InstanceSettings()
        settings.projectID = environment.newID("project", ["ZITADEL"])
        if let node = nodes.first {
            decodeSettings(node, into: &settings)
            decodeSigningKeys(node.nodes("signingKeys"))
        }
        decoded.resources.settings = settings
    }
}
