import Encodings
public import Model

/// Reads resources from documents, with other resources that they may refer to.
///
/// A seed declares all organizations and projects first, so that references to them may be anywhere, and then decodes what they contain. A request
/// to the control API starts with the present resources as references, and decodes one resource. Documents have been checked by `ShapeChecker`; what
/// does not fit its shape is ignored here, since it was reported.
public final class ResourceDecoder {
    public let diagnostics: Diagnostics
    let environment: DecodingEnvironment
    /// The id of the existing resource that is decoded again.
    let replaced: String?
    /// What was decoded so far, without the existing resources.
    public internal(set) var decoded = DecodedResources()
    var names = ResourceNames()
    /// The users that exist already.
    let existingUsers: [User]
    var references = ReferenceIndex()
    /// The content of key files that are to be created, by path.
    var pendingKeyFiles: [String: [UInt8]] = [:]
    /// Projects some of whose roles could not be read, so that missing ones are only a consequence.
    var projectsWithUnreadableRoles: Set<String> = []

    /// - Parameters:
    ///   - existing: the resources that exist already, and are not decoded again.
    ///   - replacing: the id of an existing resource that is decoded again, and may keep its names.
    public init(
        _ environment: DecodingEnvironment, existing: Resources = Resources(), replacing: String? = nil,
        diagnostics: Diagnostics
    ) {
        self.environment = environment
        self.diagnostics = diagnostics
        replaced = replacing
        existingUsers = existing.users
        index(existing, replacing: replacing)
    }

    private func index(_ existing: Resources, replacing: String?) {
        for organization in existing.organizations {
            references.add(organization)
            guard organization.id != replacing else { continue }
            names.addExisting(organization.id, .organization)
            names.organizationNames.addExisting(organization.name)
            names.organizationDomains[ExactString(organization.primaryDomain)] = organization.id
        }
        for project in existing.projects {
            references.add(project)
            guard project.id != replacing else { continue }
            names.addExisting(project.id, .project)
            for role in project.roles {
                names.roleKeys[project.id, default: UniqueNames("a role of the project")].addExisting(role.key)
            }
        }
        for grant in existing.projectGrants {
            references.add(grant)
            if grant.id != replacing { names.addExisting(grant.id, .projectGrant) }
        }
        for app in existing.apps where app.id != replacing {
            names.addExisting(app.id, .app)
            names.clientIDs.addExisting(app.clientID)
            names.appNames[app.projectID, default: UniqueNames("an app of the project")].addExisting(app.name)
        }
        for user in existing.users where user.id != replacing {
            names.addExisting(user.id, .user)
            for name in references.organization(id: user.organizationID)?.loginNames(of: user.userName) ?? [] {
                names.loginNames.addExisting(name.lowercased())
            }
        }
        for grant in existing.userGrants where grant.id != replacing { names.addExisting(grant.id, .userGrant) }
        for key in existing.keys where key.id != replacing { names.addExisting(key.id, .key) }
        for token in existing.personalAccessTokens where token.id != replacing {
            names.addExisting(token.id, .personalAccessToken)
            names.tokens.addExisting(ResourceNames.tokenName(token.digest))
        }
        for key in existing.signingKeys where key.id != replacing { names.addExisting(key.id, .signingKey) }
    }

    /// The id that a node has, or a new one.
    func id(_ node: Node, _ kind: ResourceNames.Kind, _ path: [String]) -> String {
        node.text("id") ?? environment.newID(kind.rawValue, path)
    }

    /// - Returns: false when the id is taken, which was reported.
    func register(_ id: String, _ kind: ResourceNames.Kind, _ node: Node, _ path: [String]) -> Bool {
        // Ids that follow from a missing name are alike; what is wrong is the name, and that was reported.
        guard node.has("id") || !path.contains("") else { return true }
        return names.add(id, kind, node.idLocation, diagnostics)
    }

    /// Records a secret or fixed token of the document.
    func note(secret: String, of id: String, at location: SourceLocation) {
        warnOfOddity(secret, location)
        decoded.secrets[id] = secret
        let isFromFile = location.pointer.hasSuffix("File")
        if isFromFile || environment.files?.isFromEnvironment(location) == true {
            decoded.secretsFromEnvironment.insert(id)
        }
    }
}
