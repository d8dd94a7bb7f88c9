import Provider
import HTTP
import Encodings
import Model
import ResourceFormat

/// `/mock/v1/userGrants`, and the grants of a user
enum UserGrantRoutes {
    static let routes =
        [
            collection.listRoute("/users/{ref}/grants", "The grants of a user") { request in
                let user = try request.user(request.path["ref"])
                return try collection.list(request.resources.userGrants(of: user.id), request)
            },
            collection.createRoute("/users/{ref}/grants", "Grant roles to a user", create),
        ] + collection.routes

    static let collection = ResourceCollection<UserGrant>(
        kind: .userGrant, segment: "userGrants", shape: .object(Formats.userGrant.shape),
        answered: [.must("user", .anyText, "The id of its user.")], id: { $0.id }, wrap: Resource.userGrant,
        format: { _ in Formats.userGrant }, encode: { _, value in Formats.userGrant.encode(value) },
        readOnly: { grant, _ in ["user": .string(grant.userID)] },
        find: { lookup, reference throws(Problem) in try lookup.userGrant(reference) },
        decode: { decoder, node, grant, resources in
            if let user = resources.user(id: grant.userID) { decoder.decodeUserGrant(node, of: user, position: 0) }
        },
        decoded: { $0.userGrants.first })

    private static func create(_ request: ControlRequest) throws -> ControlReply {
        try collection.create(request) { decoder, node, lookup throws(Problem) in
            let user = try lookup.user(request.path["ref"])
            try ResourceCall.checkRoom(besides: lookup.resources.userGrants(of: user.id).count, "grants")
            decoder.decodeUserGrant(node, of: user, position: 0)
        }
    }

    /// The changes of grants that lose some roles.
    static func removal(of keys: [String], _ grants: [UserGrant]) -> [Change] {
        let removed = keys.exactStrings
        return grants.compactMap { grant in
            guard grant.roles.contains(where: { removed.contains($0) }) else { return nil }
            var grant = grant
            grant.roles.removeAll { removed.contains($0) }
            return .put(.userGrant(grant))
        }
    }
}
