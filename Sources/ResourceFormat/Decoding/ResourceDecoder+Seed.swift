import Model

extension ResourceDecoder {
    /// Reads the files of a seed, which are merged into one. Organizations and projects come first, so that references to them may be anywhere.
    public func decodeSeed(_ documents: [Node]) {
        isOfSeed = true
        let seed = SeedMerge(newID: environment.newID).merged(documents)
        if environment.opaqueTokenFormat == nil, let settings = seed?.node("instance") {
            let version = settings.text("serverVersion").flatMap(ServerVersion.init) ?? .of2026July
            let format = settings.text("opaqueTokenFormat").flatMap(OpaqueTokenFormat.init)
            opaqueTokenFormat = format ?? OpaqueTokenFormat(of: version)
        }
        decodeOrganizations(seed?.nodes("organizations") ?? [])
        decodeInstance(seed?.node("instance"))
    }

    /// Reads organizations with their projects and users.
    public func decodeOrganizations(_ nodes: [Node]) {
        let organizations = readable(nodes).compactMap(declareOrganization)
        let projects = organizations.flatMap { organization in
            readable(organization.node.nodes("projects")).compactMap { declareProject($0, in: organization.id) }
        }
        for project in projects { decodeContents(of: project) }
        for organization in organizations { decodeUsers(organization) }
    }

    /// Those that are reached before too much is wrong.
    func readable(_ nodes: [Node]) -> some Sequence<Node> {
        nodes.lazy.prefix { [diagnostics] _ in diagnostics.allowsExpensiveCheck() }
    }

    /// Reads a project with its apps and grants.
    public func decodeProject(_ node: Node, in organizationID: String) {
        if let project = declareProject(node, in: organizationID) { decodeContents(of: project) }
    }

    private func decodeContents(of project: DeclaredProject) {
        decodeApps(project)
        decodeProjectGrants(project)
    }

    private func decodeInstance(_ node: Node?) {
        var settings = InstanceSettings()
        settings.projectID = environment.newID("project", ["ZITADEL"])
        if let node {
            decodeSettings(node, into: &settings)
            decodeSigningKeys(node.nodes("signingKeys"))
        }
        decoded.resources.settings = settings
    }
}
