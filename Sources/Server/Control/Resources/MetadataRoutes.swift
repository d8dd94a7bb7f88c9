import Provider
import ResourceFormat
import HTTP
import Encodings
import Model

/// `/mock/v1/users/{ref}/metadata`
enum MetadataRoutes {
    private static let path = "/users/{ref}/metadata/{key}"

    static let routes = [
        ControlRoute(
            "PUT", path, "Set a metadata value of a user", query: [], body: .object(ResourceShapes.metadataValue),
            answer: .noContent, set),
        ControlRoute("DELETE", path, "Remove a metadata value of a user", query: []) { request in
            try change(request) { metadata in metadata.removeAll { $0.key.hasSameBytes(as: request.path["key"]) } }
            return .noContent
        },
    ]

    private static func set(_ request: ControlRequest) throws -> ControlReply {
        let body = request.checkedBody
        let (text, encoded) = (body.text("value"), body.text("base64"))
        guard let value = text.map({ Array($0.utf8) }) ?? encoded.flatMap({ Base64.decoded(Array($0.utf8)) }) else {
            throw Problem(.invalidBody, "is not base64", pointer: "/base64")
        }
        if let problem = Formats.problem(withName: request.path["key"]) {
            throw Problem(.invalidParameter, "the key of the metadata \(problem)")
        }
        let entry = User.Metadata(key: request.path["key"], value: value)
        try change(request) { metadata throws(Problem) in
            if let index = metadata.firstIndex(where: { $0.key.hasSameBytes(as: entry.key) }) {
                metadata[index] = entry
            } else {
                try ResourceCall.checkRoom(besides: metadata.count, "metadata entries")
                metadata.append(entry)
            }
        }
        return .noContent
    }

    private static func change(
        _ request: ControlRequest, _ body: (inout [User.Metadata]) throws(Problem) -> Void
    ) throws {
        try ResourceCall(request: request).change { snapshot in
            let old = try ReferenceLookup(resources: snapshot.resources).user(request.path["ref"])
            var user = old
            try body(&user.metadata)
            user.metadata.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return (user == old ? [] : [.put(.user(user))], ())
        }
    }
}
