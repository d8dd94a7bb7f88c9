import HTTP
import Encodings
import Provider
import ResourceFormat

/// `/mock/v1/reset` and `/snapshots`
enum ResetRoutes {
    private static let nameLimit = 100

    static let routes = [
        ControlRoute(
            "POST", "/reset", "Back to the seed, as a whole or in parts", query: [],
            body: .object(StateShapes.reset, isRequired: false), answer: .noContent, reset),
        ControlRoute(
            "GET", "/snapshots", "All saved states", query: QueryParameter.paging,
            answer: .list(.object(StateShapes.savedState))
        ) { request in
            try .list(request.instance.savedStates.all.map { ($0.name, $0) }, request) { json($0) }
        },
        ControlRoute(
            "PUT", "/snapshots/{name}", "Save the present state under a name", query: [], body: .empty,
            answer: .object(status: 200, StateShapes.savedState), problems: [.tooMany], save),
        ControlRoute(
            "POST", "/snapshots/{name}/restore", "Come back to a saved state", query: [], body: .empty,
            answer: .noContent
        ) { request in
            let name = request.path["name"]
            guard try request.instance.restore(name) else {
                throw request.missing(
                    "snapshot", name,
                    request.instance.savedStates.all.isEmpty
                        ? "a saved one, and there is none yet"
                        : "one of \(request.instance.savedStates.all.map(\.name).joined(separator: ", "))")
            }
            return .noContent
        },
        ControlRoute("DELETE", "/snapshots/{name}", "Remove a saved state", query: []) { request in
            request.instance.savedStates.remove(request.path["name"])
            return .noContent
        },
    ]

    private static func json(_ state: SavedStates.Listed) -> JSONObject {
        [
            "name": .string(state.name),
            "createdAt": .string(UTCDateTime(unix: state.creation.seconds).rfc3339),
            "bytes": .integer(Int64(state.byteCount)),
        ]
    }

    private static func reset(_ request: ControlRequest) throws -> ControlReply {
        let names = request.checkedBody.texts("only")
        try request.instance.reset(names?.compactMap(ResetPart.init) ?? ResetPart.defaultParts)
        return .noContent
    }

    private static func save(_ request: ControlRequest) throws -> ControlReply {
        _ = try CheckedObject(request.body, as: ObjectShape(name: "nothing", members: []))
        let name = request.path["name"]
        guard (1...nameLimit).contains(name.utf8.count) else {
            throw Problem(.invalidParameter, "the name has \(name.utf8.count) bytes; expected 1 to \(nameLimit)")
        }
        guard try request.instance.save(name) else {
            throw Problem(
                .tooMany,
                "there are \(SavedStates.countLimit) snapshots, or those of all instances would take more than \(SavedStates.byteLimit >> 20) MiB; remove some"
            )
        }
        guard let state = request.instance.savedStates.all.first(where: { $0.name == name }) else { return .noContent }
        return .ok(json(state))
    }
}
