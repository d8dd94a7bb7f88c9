import Model
import Encodings
import HTTP
import OAuth
import Provider
import ResourceFormat

/// `/mock/v1/faults`
enum FaultRoutes {
    static let routes = [
        ControlRoute(
            "GET", "/faults", "All faults with their hit counts", query: [], answer: .list(.object(FaultShapes.fault))
        ) { request in
            .ok(["items": .array(request.instance.faults.all.map { .object(json($0)) })])
        },
        ControlRoute(
            "POST", "/faults", "Inject a fault", query: [], body: .object(FaultShapes.request),
            answer: .object(status: 201, FaultShapes.fault), problems: [.tooMany], add),
        ControlRoute("DELETE", "/faults/{id}", "Remove a fault", query: []) { request in
            request.instance.faults.remove(id: request.path["id"])
            return .noContent
        },
        ControlRoute("DELETE", "/faults", "Remove all faults", query: []) { request in
            request.instance.faults.clear()
            return .noContent
        },
    ]

    private static func json(_ listed: FaultTable.Listed) -> JSONObject {
        var object: JSONObject = ["id": .string(listed.fault.id)]
        object.members += listed.fault.source.members.filter { $0.name != "id" }
        object.append("matched", .integer(Int64(listed.matched)))
        object.append("hits", .integer(Int64(listed.hits)))
        return object
    }

    private static func add(_ request: ControlRequest) throws -> ControlReply {
        var fault = fault(request.checkedBody, id: request.instance.dependencies.newID())
        // Any name is accepted; one that no client or user has is probably a mistake.
        if let name = fault.match.client {
            fault.match.client =
                (try? request.references.app(name))?.clientID ?? (try? request.user(name))?.id
            guard fault.match.client != nil else {
                throw request.missing("client", name, "an app or a service user, by id or name")
            }
        }
        if let name = fault.match.user { fault.match.user = try request.user(name).id }
        fault.match.grant = fault.match.grant.map { GrantType(rawValue: $0)?.name ?? $0 }
        guard request.instance.faults.add([fault]) else { throw tooMany }
        return .created(
            json(FaultTable.Listed(fault: fault, matched: 0, hits: 0)),
            location: "\(ControlAPI.prefix)/faults/\(fault.id)")
    }

    static let tooMany = Problem(
        .tooMany,
        "there are \(FaultTable.limit) faults, or they would take more than \(FaultTable.byteLimit >> 20) MiB; remove some"
    )

    /// Makes a fault.
    /// - Parameter body: as `FaultShapes.request` describes it.
    static func fault(_ body: CheckedObject, id: String) -> Fault {
        Fault(
            id: id, match: body.member("match").map(match) ?? Fault.Match(),
            limit: body.member("when").map(limit) ?? Fault.Limit(),
            action: body.member("do").map(action) ?? Fault.Action(), source: body.withoutNulls)
    }

    private static func match(_ body: CheckedObject) -> Fault.Match {
        var match = Fault.Match()
        match.endpoint = body.text("endpoint")
        match.grant = body.text("grant")
        match.client = body.text("client")
        match.user = body.text("user")
        match.headers = body.member("header")?.texts.map { ($0.name.lowercased(), $0.value) } ?? []
        match.token = body.text("token")
        return match
    }

    private static func limit(_ body: CheckedObject) -> Fault.Limit {
        var limit = Fault.Limit()
        limit.after = body.integer("after") ?? 0
        limit.times = body.integer("times")
        limit.cycle = body.integer("pass").map { ($0, body.integer("fail") ?? 1) }
        limit.probability = body.number("probability") ?? 1
        limit.until = body.time("until")
        return limit
    }

    private static func action(_ body: CheckedObject) -> Fault.Action {
        var action = Fault.Action()
        action.status = body.integer("status")
        action.body = body.text("body")
        action.headers = body.member("headers")?.texts ?? []
        action.refuse = body.choice("refuse", OAuthErrorCode.self)
        action.delay = delay(body)
        action.bytesPerSecond = body.text("trickle").flatMap(FaultShapes.bytesPerSecond)
        action.truncate = body.integer("truncate")
        action.close = body.choice("close", Fault.Action.Close.self)
        action.garbage = body.bool("garbage") ?? false
        action.retryAfter = body.seconds("retryAfter").map { max(0, $0) }
        action.instanceNotFound = body.bool("instanceNotFound") ?? false
        action.staleKeys = body.bool("staleKeys") ?? false
        return action
    }

    private static func delay(_ body: CheckedObject) -> ClosedRange<Int64>? {
        if let range = body.member("delay") {
            let low = range.milliseconds("min") ?? 0
            return low...max(low, range.milliseconds("max") ?? 0)
        }
        return body.milliseconds("delay").map { $0...$0 }
    }
}
