import Encodings
public import Model

/// Reads resources from documents into a world of other resources that they may refer to.
///
/// A seed declares all organizations and projects first, so that references to them may be anywhere, and then decodes what they contain. A request
/// to the control API starts with the present resources as the world, and decodes one resource. Documents have been checked by `ShapeChecker`; what
/// does not fit its shape is ignored here, since it was reported.
public final class ResourceDecoder {
    public let diagnostics: Diagnostics
    let environment: DecodingEnvironment
    /// The id of the resource of the world that is decoded anew.
    let replaced: String?
    /// What was decoded so far, without the world.
    public internal(set) var decoded = DecodedResources()
    var names = ResourceNames()
    /// The users of the world.
    let worldUsers: [User]
    var world = ReferenceIndex()
    /// The content of key files that are to be created, by path.
    var filesToMake: [String: [UInt8]] = [:]
    /// Projects some of whose roles could not be read, so that missing ones are only a consequence.
    var projectsWithUnreadableRoles: Set<String> = []

    /// - Parameters:
    ///   - world: the resources that are there already, and are not decoded again.
    ///   - replacing: the id of a resource of the world that is decoded anew, and may keep its names.
    public init(
        _ environment: DecodingEnvironment, world: Resources = Resources(), replacing: String? = nil,
        diagnostics: Diagnostics
    ) {
        self.environment = environment
        self.diagnostics = diagnostics
        replaced = replacing
        worldUsers = world.users
        index(world, replacing: replacing)
    }

    private func index(_ world: Resources, replacing: String?) {
        for organization in world.organizations {
            self.world.add(organization)
            guard organization.id != replacing else { continue }
            names.addExisting(organization.id, .organization)
            names.organizationNames.addExisting(organization.name)
        }
        for project in world.projects {
            self.world.add(project)
            guard project.id != replacing else { continue }
            names.addExisting(project.id, .project)
            for role in project.roles {
                names.roleKeys[project.id, default: UniqueNames("a role of the project")].addExisting(role.key)
            }
        }
        for grant in world.projectGrants {
            self.world.add(grant)
            if grant.id != replacing { names.addExisting(grant.id, .projectGrant) }
        }
        for app in world.apps where app.id != replacing {
            names.addExisting(app.id, .app)
            names.clientIDs.addExisting(app.clientID)
            names.appNames[app.projectID, default: UniqueNames("an app of the project")].addExisting(app.name)
        }
        for user in world.users where user.id != replacing {
            names.addExisting(user.id, .user)
            for name in self.world.organization(id: user.organizationID)?.loginNames(of: user.userName) ?? [] {
                names.loginNames.addExisting(name.lowercased())
            }
        }
        for grant in world.userGrants where grant.id != replacing { names.addExisting(grant.id, .userGrant) }
        for key in world.keys where key.id != replacing { names.addExisting(key.id, .key) }
        for token in world.personalAccessTokens where token.id != replacing {
            names.addExisting(token.id, .personalAccessToken)
            names.tokens.addExisting(ResourceNames.tokenName(token.digest))
        }
        for key in world.signingKeys where key.id != replacing { names.addExisting(key.id, .signingKey) }
    }

    /// The id that a node has, or a new one.
    func id(_ node: Node, _ kind: ResourceNames.Kind, _ path: [String]) -> String {
        node.text("id") ?? environment.newID(kind.rawValue, path)
    }

    /// - Returns: false when the id is taken, which was reported.
    func register(_ id: String, _ kind: ResourceNames.Kind, _ node: Node, _ path: [String]) -> Bool {
        // Ids that follow from a missing name are alike; what is wrong is the name, and that was reported.
        guard node.has("id") || !path.contains("") else { return true }
        return names.add(id, kind, node.idPlace, diagnostics)
    }

    /// Records a secret or fixed token of the document.
    func note(secret: String, of id: String, at place: SourceLocation) {
        decoded.secrets[id] = secret
        let isFromFile = place.pointer.hasSuffix("File")
        if isFromFile || environment.files?.isFromEnvironment(place) == true {
            decoded.secretsFromEnvironment.insert(id)
        }
    }
}
