import Encodings
import Model
import OAuth

/// The role claims: which projects are considered, which roles are included, and how.
struct RoleClaims {
    let resourceIndex: ResourceIndex
    let user: User
    let scopes: [String]

    private static let ownProjectClaim = "urn:zitadel:iam:org:project:roles"

    /// For introspection: the roles on the caller's own project, whether a role scope was asked for or not.
    func ofProject(_ projectID: String) -> JSONObject {
        let roles = roles(on: projectID)
        guard !roles.members.isEmpty else { return [:] }
        return [Self.ownProjectClaim: .object(roles), claim(projectID): .object(roles)]
    }

    /// For tokens and userinfo: the roles on all projects of the audience scopes, if role scopes were asked for, and on the client's own project, if
    /// that asserts roles or any were asked for.
    /// - Parameter own: the project of the client; nil for a service user, who has none.
    func ofAudience(instanceProject: String, own: Project?) -> JSONObject {
        var projects: [String] = []
        if scopes.contains(Scope.projectsRoles) || !requestedRoles.isEmpty {
            projects = Scope.audience(of: scopes, instanceProject: instanceProject)
        }
        let known = ByteTextSet(projects)
        if let own, !known.contains(own.id),
            own.projectRoleAssertion || !projects.isEmpty || !requestedRoles.isEmpty
        {
            projects.append(own.id)
        }
        var claims = JSONObject()
        for projectID in projects {
            let roles = roles(on: projectID)
            guard !roles.members.isEmpty else { continue }
            if projectID == own?.id { claims.append(Self.ownProjectClaim, .object(roles)) }
            claims.append(claim(projectID), .object(roles))
        }
        return claims
    }

    private func claim(_ projectID: String) -> String { "urn:zitadel:iam:org:project:\(projectID):roles" }

    private var requestedRoles: [String] { Scope.values(of: Scope.rolePrefix, in: scopes) }

    /// `{"<role>": {"<organization id>": "<primary domain>"}}`: the organization is the one that granted.
    private func roles(on projectID: String) -> JSONObject {
        let requested = ByteTextSet(requestedRoles)
        let organizations = ByteTextSet(Scope.values(of: Scope.organizationRolesPrefix, in: scopes))
        var map: [String: [String: String]] = [:]
        for grant in resourceIndex.grants(userID: user.id, projectID: projectID) {
            guard organizations.isEmpty || organizations.contains(grant.organizationID) else { continue }
            let domain = resourceIndex.organization(id: grant.organizationID)?.primaryDomain ?? ""
            for role in grant.roles where requested.isEmpty || requested.contains(role) {
                map[role, default: [:]][grant.organizationID] = domain
            }
        }
        var roles = JSONObject()
        for (role, granting) in map {
            var object = JSONObject()
            for (organizationID, domain) in granting { object.append(organizationID, .string(domain)) }
            roles.append(role, .object(object.sorted()))
        }
        return roles.sorted()
    }
}
