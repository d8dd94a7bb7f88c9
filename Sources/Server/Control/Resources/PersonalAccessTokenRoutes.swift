import Provider
import HTTP
import Encodings
import Model
import ResourceFormat

/// `/mock/v1/personalAccessTokens`, and those of a service user
enum PersonalAccessTokenRoutes {
    private static let path = "/users/{ref}/personalAccessTokens"

    static let routes =
        [
            collection.listRoute(path, "The personal access tokens of a service user") { request in
                let user = try request.user(request.path["ref"])
                return try collection.list(request.resources.personalAccessTokens(of: user.id), request)
            },
            collection.createRoute(
                path, "Create a personal access token",
                body: .resource(.object(Formats.personalAccessToken.shape), isRequired: false), create),
        ] + collection.routes

    static let collection = ResourceCollection<PersonalAccessToken>(
        kind: .personalAccessToken, segment: "personalAccessTokens", shape: .object(Formats.personalAccessToken.shape),
        answered: [.must("user", .anyText, "The id of its user.")], id: { $0.id },
        wrap: Resource.personalAccessToken, format: { _ in Formats.personalAccessToken },
        encode: { _, value in Formats.personalAccessToken.encode(value) },
        readOnly: { token, _ in ["user": .string(token.userID)] },
        find: { lookup, reference throws(Problem) in try lookup.personalAccessToken(reference) },
        decode: { decoder, node, token, resources in
            if let user = resources.user(id: token.userID) {
                decoder.decodePersonalAccessToken(node, of: user, path: [])
            }
        },
        decoded: { $0.personalAccessTokens.first },
        complete: { new, old, _, _ in
            // A token that its user's leave ended stays dead; one with another value is a new one.
            var new = new
            new.isEnded = old.isEnded && new.digest == old.digest
            return new
        })

    /// When a token expires that a call makes without a date. In seeds it is 9999.
    private static let defaultExpiration = "2099-01-01T00:00:00Z"

    private static func create(_ call: ControlRequest) throws -> ControlReply {
        var request = call
        if request.body["expirationDate"] == nil {
            request.body.append("expirationDate", .string(defaultExpiration))
        }
        return try collection.create(request) { decoder, node, lookup throws(Problem) in
            let user = try lookup.user(call.path["ref"])
            guard user.machine != nil else {
                throw Problem(
                    .invalidBody, "\"\(user.userName)\" is a human; only service users have personal access tokens")
            }
            let count = lookup.resources.personalAccessTokens(of: user.id).count
            try ResourceCall.checkRoom(besides: count, "personal access tokens")
            decoder.decodePersonalAccessToken(node, of: user, path: [])
        }
    }
}
