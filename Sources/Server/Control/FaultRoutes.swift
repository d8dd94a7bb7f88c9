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
        let body = JSON.object(request.body).withoutNulls.object ?? [:]
        var fault = try parse(body, id: request.instance.dependencies.newID())
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

    /// - Throws: `Problem` with everything that is wrong with the description of a fault.
    static func parse(_ body: JSONObject, id: String) throws(Problem) -> Fault {
        let reader = BodyReader(body)
        let match = reader.member("match").map(match) ?? Fault.Match()
        let limit = reader.member("when").map(limit) ?? Fault.Limit()
        let action = reader.member("do").map(action)
        if action == nil, !reader.has("do") { reader.report("do", "is missing; expected what the fault does") }
        try reader.check()
        guard let action, let source = body["do"]?.object, !source.members.isEmpty else {
            throw Problem(.invalidBody, "do is empty; expected one or more actions", pointer: "/do")
        }
        let exclusive = ["status", "refuse", "retryAfter", "instanceNotFound", "garbage"].filter { source[$0] != nil }
        guard exclusive.count <= 1 else {
            throw Problem(.invalidBody, "\(exclusive.joined(separator: " and ")) exclude each other", pointer: "/do")
        }
        return Fault(id: id, match: match, limit: limit, action: action, source: body)
    }

    private static func match(_ reader: BodyReader) -> Fault.Match {
        var match = Fault.Match()
        match.endpoint = reader.choice("endpoint", EndpointName.self)?.rawValue
        match.grant = reader.text("grant")
        match.client = reader.text("client")
        match.user = reader.text("user")
        match.headers = reader.member("header")?.textMembers().map { ($0.name.lowercased(), $0.value) } ?? []
        match.token = reader.text("token")
        reader.finish()
        return match
    }

    private static func limit(_ reader: BodyReader) -> Fault.Limit {
        var limit = Fault.Limit()
        limit.after = reader.integer("after", in: 0...1_000_000_000).map(Int.init) ?? 0
        limit.times = reader.integer("times", in: 1...1_000_000_000).map(Int.init)
        let pass = reader.integer("pass", in: 1...1_000_000).map(Int.init)
        let fail = reader.integer("fail", in: 1...1_000_000).map(Int.init)
        if let pass { limit.cycle = (pass, fail ?? 1) }
        if pass == nil, fail != nil { reader.report("fail", "needs pass") }
        limit.probability = reader.number("probability", in: 0...1) ?? 1
        limit.until = reader.time("until")
        reader.finish()
        return limit
    }

    /// An error code: any that a newer server might send, but not a known one with a slip in it.
    private static func refusal(_ reader: BodyReader) -> String? {
        guard let code = reader.text("refuse"), OAuthErrorCode(rawValue: code) == nil else {
            return reader.text("refuse")
        }
        let near = Similarity.nearest(to: code, in: OAuthErrorCode.allCases.map(\.rawValue))
        if let near { reader.report("refuse", "is \"\(code.prefix(100))\"; did you mean \"\(near)\"?") }
        return code
    }

    private static func action(_ reader: BodyReader) -> Fault.Action {
        var action = Fault.Action()
        action.status = reader.integer("status", in: 200...599).map(Int.init)
        action.body = reader.text("body")
        action.headers = headers(reader)
        action.refuse = refusal(reader)
        action.delay = delay(reader)
        action.bytesPerSecond = rate(reader)
        action.truncate = reader.integer("truncate", in: 0...1_000_000_000).map(Int.init)
        action.close = reader.choice("close", Fault.Action.Close.self)
        action.garbage = reader.bool("garbage") ?? false
        action.retryAfter = reader.milliseconds("retryAfter").map { max(0, $0 / 1000) }
        action.instanceNotFound = reader.bool("instanceNotFound") ?? false
        action.staleKeys = reader.bool("staleKeys") ?? false
        reader.finish()
        return action
    }

    /// Fields that the server itself writes are refused, and names that are none.
    private static func headers(_ reader: BodyReader) -> [(name: String, value: String)] {
        guard let member = reader.member("headers") else { return [] }
        let fields = member.textMembers()
        for (name, _) in fields {
            if !FieldSyntax.isToken(name) { member.report(name, "is not the name of a header field") }
            if ["content-length", "transfer-encoding", "connection"].contains(name.lowercased()) {
                member.report(name, "is written by the server itself")
            }
        }
        return fields
    }

    private static func delay(_ reader: BodyReader) -> ClosedRange<Int64>? {
        guard reader.has("delay") else { return nil }
        let longest: Int64 = 3_600_000
        if reader.isObject("delay"), let range = reader.member("delay") {
            let (low, high) = (range.milliseconds("min") ?? 0, range.milliseconds("max") ?? 0)
            range.finish()
            guard (0...longest).contains(low), (low...longest).contains(high) else {
                reader.report("delay", "expected min and max from 0s to 1h, min not above max")
                return nil
            }
            return low...high
        }
        guard let delay = reader.milliseconds("delay") else { return nil }
        guard (0...longest).contains(delay) else {
            reader.report("delay", "expected a duration from 0s to 1h")
            return nil
        }
        return delay...delay
    }

    private static func rate(_ reader: BodyReader) -> Int? {
        guard let text = reader.text("trickle") else { return nil }
        if let rate = FaultShapes.bytesPerSecond(text) { return rate }
        reader.report("trickle", "is \"\(text.prefix(100))\"; expected a rate such as \"10B/s\" or \"2KB/s\"")
        return nil
    }
}
