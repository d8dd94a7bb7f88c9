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
        try ResourceCall(request: request).create(
            .object(Formats.project.shape), ignoring: ["organization"], path: collection.segment
        ) { decoder, node, snapshot throws(Problem) in
            let organization = try ReferenceLookup(resources: snapshot.resources)
                .organization(request.path["ref"])
            decoder.decodeProject(node, in: organization.id)
        } encode: { encoder, made in
            made.projects.first.map { project in
                var object = encoder.project(project)
                object.append("organization", .string(project.organizationID))
                return object
            }
        }
    }
}
