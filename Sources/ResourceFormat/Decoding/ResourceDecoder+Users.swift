import Crypto
import Encodings
import JOSE
public import Model
import OAuth

extension ResourceDecoder {
    /// Reads the member `users` of an organization.
    public func decodeUsers(_ declared: DeclaredOrganization) {
        guard let organization = references.organization(id: declared.id) else { return }
        for node in readable(declared.node.nodes("users")) { decodeUser(node, in: organization) }
    }

    /// Reads a user with its grants, keys and personal access tokens.
    public func decodeUser(_ node: Node, in organization: Organization) {
        guard let type = node.text("type").flatMap(User.KindName.init) else { return }
        let userName = node.text("userName") ?? ""
        let path = [organization.name, userName]
        let kind: User.Kind =
            type == .human
            ? .human(HumanProfile())
            : .machine(MachineProfile(name: userName, description: "", accessTokenType: .bearer))
        var user = User(
            id: id(node, .user, path), organizationID: organization.id, userName: userName, state: .active, kind: kind,
            secret: nil, changeDate: environment.now)
        Formats.format(of: type).decode(node, into: &user, self)
        if case .human(var profile) = user.kind, !node.has("displayName") {
            profile.displayName = [profile.firstName, profile.lastName].filter { !$0.isEmpty }.joined(separator: " ")
            user.kind = .human(profile)
        }
        guard registerUser(user, node, path: path, of: organization) else { return }
        warnOfInstanceRoles(user, node)
        warnOfDomain(in: user, organization, node)
        decoded.resources.users.append(user)
        for (index, grant) in readable(node.nodes("grants")).enumerated() {
            decodeUserGrant(grant, of: user, position: index)
        }
        decodeKeys(node, owner: .user(user.id), fileOwner: .serviceAccount(userID: user.id), path: path)
        for (index, token) in readable(node.nodes("personalAccessTokens")).enumerated() {
            decodePersonalAccessToken(token, of: user, path: path + [String(index)])
        }
    }

    /// Warns of a user name that is a login name already, and gets the domain a second time.
    private func warnOfDomain(in user: User, _ organization: Organization, _ node: Node) {
        let suffix = "@" + organization.primaryDomain.lowercased()
        guard organization.userLoginMustBeDomain, user.userName.lowercased().hasSuffix(suffix) else { return }
        diagnostics.warn(
            node.member("userName"),
            "makes the login name \(TextRules.quoted(user.userName + suffix)); leave the domain out, which is added to it"
        )
    }

    /// Warns of roles that no permission follows from. They are kept: newer servers may have more.
    private func warnOfInstanceRoles(_ user: User, _ node: Node) {
        for (index, role) in user.instanceRoles.enumerated() where !ManagerRole.names.contains(role) && !role.isEmpty {
            let hint =
                Similarity.nearest(to: role, in: ManagerRole.names).map { "did you mean \"\($0)\"?" }
                ?? "expected one such as \"IAM_OWNER\""
            diagnostics.warn(
                node.member("instanceRoles").element(index),
                "\(TextRules.quoted(role)) is not a manager role of ZITADEL; \(hint)")
        }
    }

    /// - Returns: false for a user who is there already; that was reported, once.
    private func registerUser(_ user: User, _ node: Node, path: [String], of organization: Organization) -> Bool {
        if node.has("id"), !register(user.id, .user, node, path) { return false }
        if !user.userName.isEmpty {
            let location = node.member("userName")
            guard names.add(userName: user.userName, of: organization, location, diagnostics) else { return false }
            _ = checkDomain(of: user, organization, location)
        }
        return node.has("id") || register(user.id, .user, node, path)
    }

    /// A user name that is a login name by itself may not have the domain of another organization, whose users may have that login name.
    /// - Returns: whether it has one; that was reported.
    func checkDomain(of user: User, _ organization: Organization, _ location: SourceLocation) -> Bool {
        guard !organization.userLoginMustBeDomain,
            let domain = Organization.parts(ofLoginName: user.userName.lowercased())?.domain,
            let owner = references.organization(domain: domain), owner.id != organization.id
        else { return false }
        diagnostics.addConflict(
            location,
            "\(TextRules.quoted(user.userName)) has a domain of organization \"\(owner.name)\"; where userLoginMustBeDomain is false, ZITADEL refuses a user name with the domain of another organization"
        )
        return true
    }

    /// Claims may not hide ZITADEL's own, and those that the server sets are lost.
    func checkClaims(_ claims: JSONObject, _ location: SourceLocation) {
        for claim in ReservedClaim.allCases where claims[claim.rawValue] != nil {
            diagnostics.warn(
                location.member(claim.rawValue),
                "has no effect: the server sets the claim \(claim.rawValue) itself; leave it out")
        }
        for member in claims.members where member.name.hasPrefix("urn:zitadel:iam") {
            diagnostics.add(
                location.member(member.name),
                "names that start with urn:zitadel:iam are ZITADEL's own; expected another name")
        }
    }

    /// Reads a grant of a user.
    /// - Parameter position: among the grants of the user; the derived id follows from it.
    public func decodeUserGrant(_ node: Node, of user: User, position: Int) {
        let path = [user.id, String(position)]
        var grant = UserGrant(
            id: id(node, .userGrant, path), userID: user.id, projectID: "", organizationID: "", roles: [],
            state: .active)
        Formats.userGrant.decode(node, into: &grant, self)
        let isNew = register(grant.id, .userGrant, node, path)
        guard let project = references.project(id: grant.projectID) else { return }
        checkRoles(node, of: project)
        guard isNew, !grant.organizationID.isEmpty else { return }
        check(grant, node, project)
        names.add(grant, node, diagnostics)
        decoded.resources.userGrants.append(grant)
    }

    /// An organization that does not own the project grants only what it was granted itself.
    private func check(_ grant: UserGrant, _ node: Node, _ project: Project) {
        guard grant.organizationID != project.organizationID else { return }
        guard let given = references.grant(of: project.id, to: grant.organizationID) else {
            return diagnostics.add(
                node.member("organization"),
                "has no grant of project \"\(project.name)\"; add it to the project's grants")
        }
        let roles = given.roles.exactStrings
        for element in node.elements("roles") {
            guard let role = element.value.string, !roles.contains(role), references.hasRole(role, project.id) else {
                continue
            }
            diagnostics.add(
                element.location,
                "\(TextRules.quoted(role)) is not a role of project grant \(given.id); it has \(list(given.roles))")
        }
    }

    /// Reads a personal access token; one without a value gets a random one.
    /// - Parameter path: the names that a derived id follows from.
    public func decodePersonalAccessToken(_ node: Node, of user: User, path: [String]) {
        var token = PersonalAccessToken(
            id: id(node, .personalAccessToken, path), userID: user.id, digest: [],
            scopes: Formats.personalAccessTokenScopes, creation: environment.now, expiration: neverExpires)
        Formats.personalAccessToken.decode(node, into: &token, self)
        let isNew = register(token.id, .personalAccessToken, node, path)
        if token.digest.isEmpty {
            let value = OpaqueToken.make(
                opaqueTokenFormat, plaintextSize: token.id.utf8.count + 1 + user.id.utf8.count, namesKey: true,
                randomBytes: environment.randomBytes)
            decoded.generatedTokens[token.id] = value
            token.digest = tokenDigest(value)
        } else {
            let member = ["token", "tokenFile"].first(where: node.has) ?? "tokenHash"
            names.add(tokenDigest: token.digest, node.member(member), diagnostics)
        }
        if isNew { decoded.resources.personalAccessTokens.append(token) }
    }
}
