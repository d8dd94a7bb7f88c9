import HTTP
import Provider
import Encodings
import Model
import ResourceFormat

/// `/mock/v1/apps`
enum AppRoutes {
    static let routes =
        [
            collection.listRoute("/apps", "All apps") { request in
                try collection.list(request.resources.resources.apps, request)
            },
            collection.listRoute("/projects/{ref}/apps", "The apps of a project") { request in
                let project = try request.references.project(request.path["ref"])
                return try collection.list(request.resources.apps(of: project.id), request)
            },
            collection.createRoute("/projects/{ref}/apps", "Create an app", create),
        ] + collection.routes

    /// What a seed may say a secret by.
    static let secretMembers = ["clientSecret", "clientSecretFile", "clientSecretHash"]

    static let collection = ResourceCollection<App>(
        kind: .app, segment: "apps", shape: Formats.app,
        answered: [.must("project", .anyText, "The id of its project.")], id: { $0.id }, wrap: Resource.app,
        format: { Formats.format(of: $0.kind) }, encode: { $0.app($1) },
        readOnly: { app, _ in ["project": .string(app.projectID)] },
        find: { lookup, reference throws(Problem) in try lookup.app(reference) },
        decode: { decoder, node, app, resources in
            if let project = resources.project(id: app.projectID) { decoder.decodeApp(node, in: project) }
        },
        decoded: { $0.apps.first },
        prepare: { app, _ in
            var app = app
            app.secret = nil
            return (app, without: [])
        },
        complete: { new, old, patch, _ in
            guard !secretMembers.contains(where: { patch[$0] != nil }), [.basic, .post].contains(new.authMethod) else {
                return new
            }
            var new = new
            new.secret = old.secret
            return new
        },
        consequences: { old, new, resources in
            // An app that authenticates in another way has no keys.
            guard let new, new.authMethod != .privateKeyJWT else { return [] }
            return resources.keys(of: .app(old.id)).map { .remove(.key, id: $0.id) }
        })

    private static func create(_ request: ControlRequest) throws -> ControlReply {
        try collection.create(request) { decoder, node, lookup throws(Problem) in
            decoder.decodeApp(node, in: try lookup.project(request.path["ref"]))
        }
    }
}
