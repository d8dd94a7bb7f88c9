import Provider
import HTTP
import Encodings
import Model
import ResourceFormat

/// `/mock/v1/projects`
enum ProjectRoutes {
    static let routes =
        [
            collection.listRoute("/projects", "All projects") { request in
                try collection.list(request.resources.resources.projects, request)
            },
            collection.listRoute("/organizations/{ref}/projects", "The projects of an organization") { request in
                let organization = try request.references.organization(request.path["ref"])
                return try collection.list(
                    request.resources.resources.projects.filter { $0.organizationID == organization.id }, request)
            },
            collection.createRoute(
                "/organizations/{ref}/projects", "Create a project with all that it contains", create),
        ] + collection.routes

    static let collection = ResourceCollection<Project>(
        kind: .project, segment: "projects", shape: .object(Formats.project.shape),
        answered: [.must("organization", .anyText, "The id of its organization.")], id: { $0.id },
        wrap: Resource.project,
        format: { _ in Formats.project }, encode: { _, value in Formats.project.encode(value) },
        encodeWhole: { $0.project($1) },
        readOnly: { project, _ in ["organization": .string(project.organizationID)] },
        find: { lookup, reference throws(Problem) in try lookup.project(reference) },
        decode: { decoder, node, project, _ in _ = decoder.declareProject(node, in: project.organizationID) },
        decoded: { $0.projects.first },
        consequences: { old, new, resources in
            guard let new else { return [] }
            let kept = new.roles.map(\.key).exactStrings
            return RoleRoutes.removal(of: old.roles.map(\.key).filter { !kept.contains($0) }, from: old, resources)
        })

    private static func create(_ request: ControlRequest) throws -> ControlReply {
        try collection.create(request) { decoder, node, lookup throws(Problem) in
            decoder.decodeProject(node, in: try lookup.organization(request.path["ref"]).id)
        }
    }
}
