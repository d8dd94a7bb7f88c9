import Encodings
import HTTP

/// What a control route answers.
enum ControlReply {
    case ok(JSONObject)
    case created(JSONObject, location: String)
    case noContent
    case response(HTTPResponse)
    /// The answer comes later.
    case later(@Sendable (Responder) -> Void)

    /// A page of a list, as the parameters `limit` and `after` ask for it.
    /// - Parameters:
    ///   - items: all of them, with the ids that pages continue after.
    ///   - encode: writes one.
    static func list<Item>(
        _ items: [(id: String, item: Item)], _ request: ControlRequest, _ encode: (Item) -> JSONObject
    ) throws(Problem) -> ControlReply {
        let limit = request.query.integer("limit") ?? 100
        var rest = items[...]
        if let after = request.query.text("after") {
            guard let index = items.firstIndex(where: { $0.id == after }) else {
                throw Problem(
                    .invalidParameter, "after is \"\(after.prefix(100))\"; expected the id of an item, as next gave it")
            }
            rest = items[(index + 1)...]
        }
        let page = rest.prefix(limit)
        var object: JSONObject = ["items": .array(page.map { .object(encode($0.item)) })]
        if page.count < rest.count, let last = page.last { object.append("next", .string(last.id)) }
        return .ok(object)
    }

    var reply: Reply {
        switch self {
        case .ok(let object): .response(Self.json(200, object))
        case .created(let object, let location):
            .response(Self.json(201, object, [("Location", location)]))
        case .noContent: .response(HTTPResponse(status: 204))
        case .response(let response): .response(response)
        case .later(let body): .later(body)
        }
    }

    static func json(
        _ status: Int, _ object: JSONObject, _ headers: [(name: String, value: String)] = []
    ) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")] + headers,
            body: JSON.object(object).bytes() + [10])
    }
}
