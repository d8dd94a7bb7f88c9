import Provider
import HTTP
import Encodings
import Model
import ResourceFormat

/// `/mock/v1/projectGrants`, and the grants of a project to other organizations
enum ProjectGrantRoutes {
    static let routes =
        [
            collection.listRoute("/projects/{ref}/grants", "The grants of a project to other organizations") {
                request in
                let project = try request.references.project(request.path["ref"])
                return try collection.list(request.resources.projectGrants(of: project.id), request)
            },
            collection.createRoute("/projects/{ref}/grants", "Grant a project to another organization", create),
        ] + collection.routes

    static let collection = ResourceCollection<ProjectGrant>(
        kind: .projectGrant, segment: "projectGrants", shape: .object(Formats.projectGrant.shape),
        answered: [.must("project", .anyText, "The id of its project.")], id: { $0.id }, wrap: Resource.projectGrant,
        format: { _ in Formats.projectGrant }, encode: { _, value in Formats.projectGrant.encode(value) },
        readOnly: { grant, _ in ["project": .string(grant.projectID)] },
        find: { lookup, reference throws(Problem) in try lookup.projectGrant(reference) },
        decode: { decoder, node, grant, resources in
            if let project = resources.project(id: grant.projectID) {
                decoder.decodeProjectGrant(node, of: project, position: 0)
            }
        },
        decoded: { $0.projectGrants.first },
        consequences: { old, new, resources in
            // The organization can give its users only what it has.
            let kept = new?.roles.exactStrings ?? []
            let lost = old.roles.filter { !kept.contains($0) }
            guard new == nil || !lost.isEmpty else { return [] }
            let given = resources.resources.userGrants.filter {
                $0.projectID == old.projectID && $0.organizationID == old.organizationID
            }
            return new == nil
                ? given.map { .remove(.userGrant, id: $0.id) } : UserGrantRoutes.removal(of: lost, given)
        })

    private static func create(_ request: ControlRequest) throws -> ControlReply {
        try collection.create(request) { decoder, node, lookup throws(Problem) in
            let project = try lookup.project(request.path["ref"])
            try ResourceCall.checkRoom(besides: lookup.resources.projectGrants(of: project.id).count, "grants")
            decoder.decodeProjectGrant(node, of: project, position: 0)
        }
    }
}
