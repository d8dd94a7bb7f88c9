import Encodings
import Model

/// What must be unique among all resources of an instance: those of a document, and those that exist.
struct ResourceNames {
    private let existing: any ExistingResources
    private let replaced: String?
    private var ids: [Resource.Kind: UniqueNames] = [:]
    var signingKeyIDs = UniqueNames("the id of a signing key")
    var clientIDs: UniqueNames
    var organizationNames: UniqueNames
    private var loginNames = UniqueNames("a login name")
    /// Where organizations of the document have their domains, in lower case.
    private var domains: [ExactString: SourceLocation] = [:]
    /// By digest, since nothing else is kept of a token.
    private var tokens = UniqueNames("the value of a personal access token")
    /// By project id.
    private var appNames: [String: UniqueNames] = [:]
    private var roleKeys: [String: UniqueNames] = [:]
    private var projectGrants = UniqueNames("the organization of a grant of the project")
    private var userGrants = UniqueNames("the project of a grant of the user")

    /// - Parameter replaced: the id of an existing resource whose names are free.
    init(_ existing: any ExistingResources, replacing replaced: String?) {
        self.existing = existing
        self.replaced = replaced
        /// Whether one other than the replaced resource is among those that have a value.
        func exists(_ id: String?) -> Bool { id.map { $0 != replaced } ?? false }
        clientIDs = UniqueNames("a client id") { exists(existing.appID(clientID: $0)) }
        organizationNames = UniqueNames("the name of an organization") { exists(existing.organization(named: $0)?.id) }
    }

    /// - Returns: whether the login names of a user are new; if not, that was reported.
    mutating func add(
        userName: String, of organization: Organization, _ location: SourceLocation, _ diagnostics: Diagnostics
    ) -> Bool {
        organization.loginNameKeys(of: userName).allSatisfy { key in
            let isOwn = key.utf8.contains(0)
            let users =
                isOwn
                ? existing.userIDs(named: userName.lowercased(), in: organization.id) : existing.userIDs(loginName: key)
            let shown = isOwn ? "\(userName)@\(organization.primaryDomain)" : key.contains("@") ? key : userName
            return loginNames.add(
                key, location, diagnostics, shown: shown, isTaken: users.contains { $0 != replaced })
        }
    }

    /// - Returns: whether the id is new; if not, that was reported.
    mutating func add(
        _ id: String, _ kind: Resource.Kind, _ location: SourceLocation, _ diagnostics: Diagnostics
    ) -> Bool {
        if ids[kind] == nil { ids[kind] = newIDs(of: kind) }
        return ids[kind]?.add(id, location, diagnostics) ?? true
    }

    private func newIDs(of kind: Resource.Kind) -> UniqueNames {
        let article = kind == .organization || kind == .app ? "an" : "a"
        let extendable: [Resource.Kind] = [.organization, .project, .app, .user]
        let advice =
            extendable.contains(kind) ? ", or the same name and type, to extend what the earlier file has" : ""
        return UniqueNames("the id of \(article) \(kind.noun)", advice: advice) { [existing, replaced] id in
            id != replaced && existing.has(kind, id: id)
        }
    }

    /// Reports an app of a project whose name another one has.
    mutating func add(
        appName name: String, of projectID: String, _ location: SourceLocation, _ diagnostics: Diagnostics
    ) -> Bool {
        let new = UniqueNames("an app of the project") { [existing, replaced] name in
            existing.appID(named: name, in: projectID).map { $0 != replaced } ?? false
        }
        return appNames[projectID, default: new].add(name, location, diagnostics)
    }

    /// Reports a role that a project of the document has twice.
    mutating func add(
        roleKey key: String, of projectID: String, _ location: SourceLocation, _ diagnostics: Diagnostics
    ) -> Bool {
        roleKeys[projectID, default: UniqueNames("a role of the project")].add(key, location, diagnostics)
    }

    /// Reports a grant of a project to an organization that has another one.
    mutating func add(_ grant: ProjectGrant, _ node: Node, _ diagnostics: Diagnostics) {
        let other = existing.projectGrant(of: grant.projectID, to: grant.organizationID)
        projectGrants.add(
            [grant.projectID, grant.organizationID].joined(separator: "\0"), node.member("organization"), diagnostics,
            shown: node.text("organization"), isTaken: other.map { $0.id != replaced } ?? false)
    }

    /// Reports a grant of a project to a user to whom the same organization has granted it.
    mutating func add(_ grant: UserGrant, _ node: Node, _ diagnostics: Diagnostics) {
        let others = existing.userGrants(of: grant.userID).filter {
            $0.projectID == grant.projectID && $0.organizationID == grant.organizationID && $0.id != replaced
        }
        userGrants.add(
            [grant.userID, grant.projectID, grant.organizationID].joined(separator: "\0"), node.member("project"),
            diagnostics, shown: node.text("project"), isTaken: !others.isEmpty)
    }

    /// Reports a personal access token whose value another one has.
    mutating func add(tokenDigest digest: [UInt8], _ location: SourceLocation, _ diagnostics: Diagnostics) {
        let other = existing.personalAccessTokenID(digest: digest)
        tokens.add(
            Base64.urlEncoded(digest), location, diagnostics, shown: "…",
            isTaken: other.map { $0 != replaced } ?? false)
    }

    /// Reports a domain that another organization has, whatever its letter case.
    /// - Parameter isGenerated: whether it follows from the name of the organization.
    mutating func add(
        domain: String, isGenerated: Bool, _ location: SourceLocation, _ diagnostics: Diagnostics
    ) {
        let key = domain.lowercased()
        let other = existing.organizationIDs(domain: key).last { $0 != replaced }
        let known = domains[ExactString(key)].map { "the organization at \($0.description(seenFrom: location))" }
        guard let owner = other.map({ "organization \($0)" }) ?? known else {
            domains[ExactString(key)] = location
            return
        }
        let isOfEarlierFile = domains[ExactString(key)].map { $0.file != location.file } ?? false
        diagnostics.addConflict(
            location,
            isGenerated && isOfEarlierFile
                ? "gives the organization the domain \(TextRules.quoted(domain)), which \(owner) has; write the name as it is there to extend that organization, or add another primaryDomain"
                : isGenerated
                    ? "gives the organization the domain \(TextRules.quoted(domain)), which \(owner) has; add another primaryDomain"
                    : "\(TextRules.quoted(domain)) is already a domain of \(owner); expected a unique one")
    }
}
