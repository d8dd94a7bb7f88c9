import Encodings
import Model
import OAuth

/// Which projects a token or a response has the roles of.
enum RoleClaims: Sendable {
    case none
    /// For introspection: the caller's own project, whether a role scope was asked for or not.
    case project(id: String)
    /// For tokens and userinfo: all projects of the audience scopes, if role scopes were asked for, and the client's own project, if that asserts roles or any
    /// were asked for.
    /// - `own`: the project of the client; nil for a service user, who has none.
    case audience(instanceProject: String, own: Project?)

    static let ownProjectClaim = "urn:zitadel:iam:org:project:roles"
    static func claim(ofProject id: String) -> String { "urn:zitadel:iam:org:project:\(id):roles" }

    /// The value of a role claim: `{"<role>": {"<organization id>": "<primary domain>"}}`, where the organization is the one that granted.
    static func value(_ roles: [ExactString: [String: String]]) -> JSONObject {
        var value = JSONObject()
        for (role, granting) in roles {
            var object = JSONObject()
            for (organizationID, domain) in granting { object.append(organizationID, .string(domain)) }
            value.append(role.text, .object(object.sorted()))
        }
        return value.sorted()
    }
}

extension ClaimSource {
    static let roles = ClaimSource { request in
        var claims = JSONObject()
        let (projects, own) = request.projectsOfRoles
        for projectID in projects {
            let roles = request.roles(on: projectID)
            guard !roles.members.isEmpty else { continue }
            if projectID == own { claims.append(RoleClaims.ownProjectClaim, .object(roles)) }
            claims.append(RoleClaims.claim(ofProject: projectID), .object(roles))
        }
        return claims
    }
}

extension ClaimRequest {
    private var requestedRoles: [String] { Scope.values(of: Scope.rolePrefix, in: scopes) }

    /// Which projects' roles are claims, and the id of the one that is the client's own.
    fileprivate var projectsOfRoles: (ids: [String], own: String?) {
        switch roles {
        case .none: return ([], nil)
        case .project(let id): return ([id], id)
        case .audience(let instanceProject, let own):
            var projects: [String] = []
            if scopes.contains(Scope.projectsRoles) || !requestedRoles.isEmpty {
                projects = Scope.audience(of: scopes, instanceProject: instanceProject)
            }
            if let own, !projects.exactStrings.contains(own.id),
                own.projectRoleAssertion || !projects.isEmpty || !requestedRoles.isEmpty
            {
                projects.append(own.id)
            }
            return (projects, own?.id)
        }
    }

    fileprivate func roles(on projectID: String) -> JSONObject {
        let requested = requestedRoles.exactStrings
        let organizations = Scope.values(of: Scope.organizationRolesPrefix, in: scopes).exactStrings
        var roles: [ExactString: [String: String]] = [:]
        for grant in resourceIndex.grants(userID: user.id, projectID: projectID) {
            guard organizations.isEmpty || organizations.contains(grant.organizationID) else { continue }
            let domain = resourceIndex.organization(id: grant.organizationID)?.primaryDomain ?? ""
            for role in grant.roles where requested.isEmpty || requested.contains(role) {
                roles[ExactString(role), default: [:]][grant.organizationID] = domain
            }
        }
        return RoleClaims.value(roles)
    }

    /// Why there are no roles although some were asked for, and what to do; nil when there are some, or none were asked for.
    var missingRoles: String? {
        let wanted = requestedRoles
        guard scopes.contains(Scope.projectsRoles) || !wanted.isEmpty else { return nil }
        let projects = projectsOfRoles.ids
        guard let first = projects.first else {
            return "roles were asked for, but of no project; add the scope \(Scope.audience(ofProject: "{projectId}"))"
        }
        // Of projects that do not exist, another warning speaks.
        guard resourceIndex.project(id: first) != nil, projects.allSatisfy({ roles(on: $0).members.isEmpty }) else {
            return nil
        }
        let given = Set(resourceIndex.grants(userID: user.id, projectID: first).flatMap(\.roles)).sorted()
        let name = resourceIndex.project(id: first).map { "\"\($0.name.truncated)\"" } ?? first.truncated
        return given.isEmpty
            ? "user \(user.userName) has no roles of project \(name); grant some in the seed"
            : "user \(user.userName) has other roles of project \(name) than were asked for: \(given.quotedList)"
    }
}
