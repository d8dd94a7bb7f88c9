import Model

extension ResourceDecoder {
    /// Reads whole seeds. Organizations and projects come first, so that references to them may be anywhere.
    public func decodeSeed(_ documents: [Node]) {
        let organizations = documents.flatMap { $0.nodes("organizations") }.compactMap(declareOrganization)
        let projects = organizations.flatMap { organization in
            organization.node.nodes("projects").compactMap { declareProject($0, in: organization.id) }
        }
        for project in projects {
            decodeApps(project)
            decodeProjectGrants(project)
        }
        for organization in organizations { decodeUsers(organization) }
        decodeInstance(documents.compactMap { $0.node("instance") })
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
