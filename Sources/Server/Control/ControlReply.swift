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
        let start = try position(after: request.query.text("after"), in: items.lazy.map(\.id))
        let rest = items[start...].prefix(pageSize(request) + 1)
        return page(Array(rest), request, id: { $0.id }, encode: { encode($0.item) })
    }

    /// Items that a page has at most.
    static func pageSize(_ request: ControlRequest) -> Int { request.query.integer("limit") ?? 100 }

    /// Where the page begins that follows an id; nil for the first page.
    static func position(after id: String?, in ids: some Collection<String>) throws(Problem) -> Int {
        guard let id else { return 0 }
        guard let index = ids.enumerated().first(where: { $0.element == id })?.offset else {
            throw Problem(
                .invalidParameter, "after is \"\(id.prefix(100))\"; expected the id of an item, as next gave it")
        }
        return index + 1
    }

    /// A page.
    /// - Parameter items: those that are left for it and further ones; of these at least one, if there are any.
    static func page<Item>(
        _ items: [Item], _ request: ControlRequest, id: (Item) -> String, encode: (Item) -> JSONObject
    ) -> ControlReply {
        let page = items.prefix(pageSize(request))
        var object: JSONObject = ["items": .array(page.map { .object(encode($0)) })]
        if page.count < items.count, let last = page.last { object.append("next", .string(id(last))) }
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
