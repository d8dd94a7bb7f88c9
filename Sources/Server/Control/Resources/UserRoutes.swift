import HTTP
import Encodings
import Model
import Provider
import ResourceFormat

/// `/mock/v1/users`
enum UserRoutes {
    static let routes =
        [
            collection.listRoute("/users", "All users") { request in
                try collection.list(request.resources.resources.users, request)
            },
            collection.listRoute("/organizations/{ref}/users", "The users of an organization") { request in
                let organization = try request.references.organization(request.path["ref"])
                return try collection.list(
                    request.resources.resources.users.filter { $0.organizationID == organization.id }, request)
            },
            collection.createRoute(
                "/organizations/{ref}/users", "Create a user with grants, keys and personal access tokens",
                create),
        ] + collection.routes

    private static let secretMembers =
        AppRoutes.secretMembers + ["password", "passwordFile", "passwordHash"]

    static let collection = ResourceCollection<User>(
        kind: .user, segment: "users", shape: Formats.user,
        answered: [
            .must("organization", .anyText, "The id of its organization."),
            .must("loginNames", .list(.anyText), "What the user signs in with."),
        ], id: { $0.id }, wrap: Resource.user,
        format: { Formats.format(of: $0.kind.name) }, encode: { $0.user($1) },
        readOnly: derived, find: { lookup, reference throws(Problem) in try lookup.user(reference) },
        decode: { decoder, node, user, resources in
            if let organization = resources.organization(id: user.organizationID) {
                decoder.decodeUser(node, in: organization)
            }
        },
        decoded: { $0.users.first }, prepare: prepare, complete: complete)

    private static func derived(_ user: User, _ resources: ResourceIndex) -> JSONObject {
        [
            "organization": .string(user.organizationID), "loginNames": .strings(resources.loginNames(of: user)),
        ]
    }

    private static func prepare(_ user: User, _ patch: JSONObject) -> (User, without: [String]) {
        var prepared = user
        prepared.secret = nil
        guard case .human(let human) = user.kind, patch["firstName"] != nil || patch["lastName"] != nil else {
            return (prepared, [])
        }
        let isDerived =
            human.displayName == [human.firstName, human.lastName].filter { !$0.isEmpty }.joined(separator: " ")
        return (prepared, isDerived ? ["displayName"] : [])
    }

    private static func complete(_ new: User, _ old: User, _ patch: JSONObject, _ now: Timestamp) -> User {
        var new = new
        if !secretMembers.contains(where: { patch[$0] != nil }) { new.secret = old.secret }
        if new != old, patch["changeDate"] == nil { new.changeDate = now.seconds }
        return new
    }

    private static func create(_ request: ControlRequest) throws -> ControlReply {
        try collection.create(request) { decoder, node, lookup throws(Problem) in
            decoder.decodeUser(node, in: try lookup.organization(request.path["ref"]))
        }
    }
}
