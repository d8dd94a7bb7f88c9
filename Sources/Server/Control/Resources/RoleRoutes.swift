import HTTP
import Encodings
import Model
import Provider
import ResourceFormat

/// `/mock/v1/projects/{ref}/roles`
enum RoleRoutes {
    static let routes = [
        ControlRoute(
            "GET", "/projects/{ref}/roles", "The roles of a project", query: QueryParameter.paging, answer: .list(shape)
        ) { request in
            let project = try request.references.project(request.path["ref"])
            return try .list(project.roles.map { ($0.key, $0) }, request) { Formats.role.encode($0) }
        },
        ControlRoute(
            "POST", "/projects/{ref}/roles", "Add a role", query: [], body: .resource(shape),
            answer: .resource(status: 201, shape), problems: [.conflict], create),
        ControlRoute(
            "GET", "/projects/{ref}/roles/{key}", "One role", query: [], answer: .resource(status: 200, shape)
        ) { request in
            let project = try request.references.project(request.path["ref"])
            return .ok(Formats.role.encode(try role(request.path["key"], of: project)))
        },
        ControlRoute(
            "PATCH", "/projects/{ref}/roles/{key}", "Change the display name or group of a role", query: [],
            body: .patch(Formats.role.shape), answer: .resource(status: 200, shape), patch),
        ControlRoute(
            "DELETE", "/projects/{ref}/roles/{key}", "Remove a role, from grants too", query: [], remove),
    ]

    private static let shape = Shape.object(Formats.role.shape)

    private static func role(_ key: String, of project: Project) throws(Problem) -> ProjectRole {
        guard let role = project.roles.first(where: { $0.key.hasSameBytes(as: key) }) else {
            throw ReferenceLookup.missing("role", key, "a role of project \"\(project.name)\"")
        }
        return role
    }

    /// Reads a role from an object.
    private static func decode(
        _ object: JSONObject, _ call: ResourceCall, _ snapshot: Snapshot
    ) throws(Problem) -> ProjectRole {
        var role = ProjectRole(key: "", displayName: "", group: "")
        _ = try call.decode(object, .object(Formats.role.shape), in: snapshot) { decoder, node in
            decoder.decodeRole(node, into: &role)
        }
        return role
    }

    private static func create(_ request: ControlRequest) throws -> ControlReply {
        let call = ResourceCall(request: request)
        let (role, project) = try call.change { snapshot -> ([Change], (ProjectRole, Project)) in
            var project = try ReferenceLookup(resources: snapshot.resources).project(request.path["ref"])
            let role = try decode(request.body, call, snapshot)
            guard !project.roles.contains(where: { $0.key.hasSameBytes(as: role.key) }) else {
                throw Problem(
                    .conflict, "\"\(role.key.prefix(200))\" is already a role of project \"\(project.name)\"",
                    pointer: "/key")
            }
            try ResourceCall.checkRoom(besides: project.roles.count, "roles of the project")
            project.roles.append(role)
            return ([.put(.project(project))], (role, project))
        }
        let segment = PercentEncoding.formEncoded(role.key).replacing("+", with: "%20")
        return .created(
            Formats.role.encode(role), location: "\(ControlAPI.prefix)/projects/\(project.id)/roles/\(segment)")
    }

    private static func patch(_ request: ControlRequest) throws -> ControlReply {
        let call = ResourceCall(request: request)
        let role = try call.change { snapshot -> ([Change], ProjectRole) in
            var project = try ReferenceLookup(resources: snapshot.resources).project(request.path["ref"])
            let old = try Self.role(request.path["key"], of: project)
            let new = try decode(Formats.role.patched(old, with: request.body), call, snapshot)
            guard new.key.hasSameBytes(as: old.key) else {
                throw Problem(.invalidBody, "the key of a role cannot be changed; leave it out", pointer: "/key")
            }
            project.roles = project.roles.map { $0.key.hasSameBytes(as: old.key) ? new : $0 }
            return ([.put(.project(project))], new)
        }
        return .ok(Formats.role.encode(role))
    }

    private static func remove(_ request: ControlRequest) throws -> ControlReply {
        try ResourceCall(request: request).change { snapshot in
            let project = try ReferenceLookup(resources: snapshot.resources).project(request.path["ref"])
            let key = request.path["key"]
            guard project.roles.contains(where: { $0.key.hasSameBytes(as: key) }) else { return ([], ()) }
            var smaller = project
            smaller.roles.removeAll { $0.key.hasSameBytes(as: key) }
            return ([.put(.project(smaller))] + removal(of: [key], from: project, snapshot.resources), ())
        }
        return .noContent
    }

    /// The changes of grants when roles of a project are removed: no grant keeps them.
    static func removal(of keys: [String], from project: Project, _ resources: ResourceIndex) -> [Change] {
        guard !keys.isEmpty else { return [] }
        let removed = keys.exactStrings
        let projectGrants = resources.projectGrants(of: project.id).compactMap { grant -> Change? in
            guard grant.roles.contains(where: { removed.contains($0) }) else { return nil }
            var grant = grant
            grant.roles.removeAll { removed.contains($0) }
            return .put(.projectGrant(grant))
        }
        return projectGrants
            + UserGrantRoutes.removal(of: keys, resources.resources.userGrants.filter { $0.projectID == project.id })
    }
}
