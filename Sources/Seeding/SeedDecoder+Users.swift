import Encodings
import JOSE
import Model
import OAuth

extension SeedDecoder {
    func decodeUsers(_ node: Node, of organization: Organization) {
        for userNode in node.nodes("users") {
            guard let type = userNode.text("type"), ["human", "machine"].contains(type) else { continue }
            let userName = userNode.text("userName") ?? ""
            let path = [organization.name, userName]
            let id = self.id(userNode, .user, path)
            if !userName.isEmpty {
                for name in organization.loginNames(of: userName) {
                    ids.loginNames.add(name.lowercased(), userNode.member("userName"), problems, shown: name)
                }
            }
            let isHuman = type == "human"
            var user = User(
                id: id, organizationID: organization.id, userName: userName, state: userNode.choice("state", .active),
                kind: isHuman ? .human(human(userNode)) : .machine(machine(userNode, userName)),
                secret: secret(userNode, id, isHuman: isHuman),
                changeDate: userNode.time("changeDate") ?? source.now)
            if userNode.has("changeDate") { seed.datedUsers.insert(id) }
            user.instanceRoles = userNode.strings("instanceRoles") ?? []
            user.metadata = (userNode.node("metadata")?.object.members ?? []).map {
                User.Metadata(key: $0.name, value: Array(($0.value.string ?? "").utf8))
            }
            user.claims = claims(userNode)
            seed.resources.users.append(user)
            decodeUserGrants(userNode, user)
            decodeKeys(userNode, owner: .user(id), fileOwner: .serviceAccount(userID: id), path: path)
            decodeTokens(userNode, user, path)
        }
    }

    private func human(_ node: Node) -> HumanProfile {
        var human = HumanProfile()
        human.firstName = node.text("firstName") ?? ""
        human.lastName = node.text("lastName") ?? ""
        human.nickName = node.text("nickName") ?? ""
        human.displayName =
            node.text("displayName") ?? [human.firstName, human.lastName].filter { !$0.isEmpty }.joined(separator: " ")
        human.preferredLanguage = node.text("preferredLanguage")
        human.gender = node.text("gender").flatMap(HumanProfile.Gender.init)
        human.email = node.text("email") ?? ""
        human.emailVerified = node.flag("emailVerified")
        human.phone = node.text("phone") ?? ""
        human.phoneVerified = node.flag("phoneVerified")
        human.picture = node.text("picture") ?? ""
        return human
    }

    private func machine(_ node: Node, _ userName: String) -> MachineProfile {
        MachineProfile(
            name: node.text("name") ?? userName, description: node.text("description") ?? "",
            accessTokenType: node.choice("accessTokenType", .bearer))
    }

    private func secret(_ node: Node, _ id: String, isHuman: Bool) -> SecretHash? {
        if isHuman {
            guard let password = node.text("password") else { return nil }
            let salt = source.randomBytes(16)
            return SecretHash(salt: salt, digest: scrypt(password, salt: salt))
        }
        guard let secret = node.text("clientSecret") else { return nil }
        note(secret: secret, of: id, at: node.member("clientSecret"))
        return secretHash(secret)
    }

    private func claims(_ node: Node) -> JSONObject {
        guard let claims = node.node("claims") else { return [:] }
        for member in claims.object.members where member.name.hasPrefix("urn:zitadel:iam") {
            problems.add(
                claims.member(member.name),
                "names that start with urn:zitadel:iam are ZITADEL's own; expected another name")
        }
        return claims.object
    }

    private func decodeUserGrants(_ node: Node, _ user: User) {
        for (index, grant) in node.nodes("grants").enumerated() {
            let id = self.id(grant, .userGrant, [user.id, String(index)])
            guard let project = project(grant) else { continue }
            let roles = self.roles(grant, of: project)
            let organizationID = grant.has("organization") ? organization(grant)?.id : project.organizationID
            guard let organizationID else { continue }
            check(grant, roles, project, organizationID)
            seed.resources.userGrants.append(
                UserGrant(
                    id: id, userID: user.id, projectID: project.id, organizationID: organizationID, roles: roles,
                    state: grant.choice("state", .active)))
        }
    }

    /// An organization that does not own the project grants only what it was granted itself.
    private func check(_ grant: Node, _ roles: [String], _ project: Project, _ organizationID: String) {
        guard organizationID != project.organizationID else { return }
        guard
            let given = seed.resources.projectGrants.first(where: {
                $0.projectID == project.id && $0.organizationID == organizationID
            })
        else {
            return problems.add(
                grant.member("organization"),
                "has no grant of project \"\(project.name)\"; add it to the project's grants")
        }
        for (index, role) in roles.enumerated() where !given.roles.contains(role) {
            problems.add(
                grant.member("roles").element(index),
                "\"\(role)\" is not a role of project grant \(given.id); it has \(list(given.roles))")
        }
    }

    private func decodeTokens(_ node: Node, _ user: User, _ path: [String]) {
        for (index, token) in node.nodes("personalAccessTokens").enumerated() {
            let id = self.id(token, .personalAccessToken, path + [String(index)])
            let value: String
            if let given = token.text("token") {
                ids.tokens.add(given, token.member("token"), problems, shown: "…")
                value = given
                note(secret: given, of: id, at: token.member("token"))
            } else {
                // As long and as random as ZITADEL's in the classic form.
                value = Base64.urlEncoded(source.randomBytes(53))
                seed.madeTokens[id] = value
            }
            seed.resources.personalAccessTokens.append(
                PersonalAccessToken(
                    id: id, userID: user.id, digest: tokenDigest(value),
                    scopes: token.strings("scopes") ?? Scope.personalAccessToken, creation: source.now,
                    expiration: token.time("expirationDate") ?? neverExpires))
        }
    }
}
