import Model
import Encodings
import HTTP
import OAuth
import Provider
import ResourceFormat

/// `/mock/v1/requests` and `/lint`
enum JournalRoutes {
    static let routes = [
        ControlRoute(
            "GET", "/requests", "The latest requests, newest first; waits for one with wait",
            query: JournalShapes.filters + JournalShapes.waiting, answer: .list(.object(JournalShapes.request)), list),
        ControlRoute(
            "GET", "/requests/events", "New requests as server-sent events", query: JournalShapes.filters,
            answer: .text(mediaType: "text/event-stream"), problems: [.tooMany], events),
        ControlRoute(
            "GET", "/requests/{id}", "One request", query: [], answer: .object(status: 200, JournalShapes.request)
        ) { request in
            let id = request.path["id"]
            guard let entry = request.instance.journal.entry(id: id) else {
                throw request.missing("request", id, "an id of the journal, which keeps the latest requests only")
            }
            return .ok(entry.json)
        },
        ControlRoute("DELETE", "/requests", "Clear the journal", query: []) { request in
            request.instance.journal.clear()
            return .noContent
        },
        ControlRoute(
            "POST", "/requests/verify", "Check which requests came in", query: [],
            body: .object(JournalShapes.verification, isRequired: false),
            answer: .object(status: 200, JournalShapes.verified), problems: [.notVerified], verify),
        ControlRoute(
            "GET", "/lint", "Warnings per client", query: [], answer: .list(.object(JournalShapes.finding)), lint),
        ControlRoute("DELETE", "/lint", "Clear the warnings", query: []) { request in
            request.instance.lint.clear()
            return .noContent
        },
    ]

    // MARK: List and wait

    /// Which requests are meant.
    /// - Parameter fields: the parameters of a query, or the member `match` of a verification.
    private static func filter(_ fields: CheckedObject, _ request: ControlRequest) -> JournalFilter {
        var filter = JournalFilter()
        filter.endpoint = fields.text("endpoint")
        filter.method = fields.text("method")
        filter.client = fields.text("client").map { clientNames($0, request) }
        filter.user = fields.text("user").map { userNames($0, request) }
        filter.grant = fields.text("grant").map { GrantType(rawValue: $0)?.name ?? $0 }
        filter.reason = fields.text("reason")
        filter.outcome = fields.choice("outcome", JournalEntry.Outcome.self)
        filter.status = fields.integer("status")
        filter.since = fields.time("since")
        filter.form = fields.object("form")?.members.map { ($0.name, $0.value.string) } ?? []
        return filter
    }

    /// All names of a client: of an app or of a service user.
    private static func clientNames(_ reference: String, _ request: ControlRequest) -> JournalFilter.Names {
        guard let app = try? request.references.app(reference) else { return userNames(reference, request) }
        return .init(requested: reference, all: [app.clientID, app.id, app.name])
    }

    private static func userNames(_ reference: String, _ request: ControlRequest) -> JournalFilter.Names {
        guard let user = request.resources.user(named: reference) else {
            return .init(requested: reference, all: [reference])
        }
        return .init(requested: reference, all: [user.id, user.userName] + request.resources.loginNames(of: user))
    }

    /// Refuses to be content that a client or user sent nothing who is not there: it is a slip, unless the journal has the name.
    private static func checkNames(_ filter: JournalFilter, _ request: ControlRequest) throws(Problem) {
        let entries = request.instance.journal.entries()
        let names = [("client", filter.client, \JournalEntry.client), ("user", filter.user, \JournalEntry.user)]
        for (kind, name, member) in names {
            guard let name, (try? request.references.app(name.requested)) == nil,
                request.resources.user(named: name.requested) == nil,
                !entries.contains(where: { $0[keyPath: member] == name.requested })
            else { continue }
            throw request.missing(kind, name.requested, "an id or a name, or one of the journal")
        }
    }

    private static func list(_ request: ControlRequest) -> ControlReply {
        let query = request.query
        let filter = filter(query, request)
        let limit = query.integer("limit") ?? 100
        let count = query.integer("count") ?? 1
        let journal = request.instance.journal
        guard let milliseconds = query.milliseconds("wait") else { return .ok(page(journal.entries(filter), limit)) }
        let timers = request.application.timers
        return .later { responder in
            JournalWait(journal, filter, count: count, limit: limit, timers: timers, responder)
                .start(milliseconds: milliseconds)
        }
    }

    static func page(_ entries: [JournalEntry], _ limit: Int) -> JSONObject {
        ["items": .array(entries.prefix(limit).map { .object($0.json) })]
    }

    // MARK: Events

    private static func events(_ request: ControlRequest) throws -> ControlReply {
        let filter = filter(request.query, request)
        let journal = request.instance.journal
        let stream = BodyStream()
        let observer = journal.observe { notice in
            guard filter.matches(notice.entry) else { return }
            stream.send(
                notice.text { entry in
                    Array("event: request\nid: \(entry.id)\ndata: ".utf8) + JSON.object(entry.json).bytes()
                        + Array("\n\n".utf8)
                })
        }
        guard let observer else { throw Problem(.tooMany, "too many event streams; close one") }
        stream.whenClientGone { journal.stopObserving(observer) }
        stream.send(Array(": connected\n\n".utf8))
        return .response(
            HTTPResponse(
                status: 200, headers: [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")],
                stream: stream))
    }

    // MARK: Verify

    private static func verify(_ request: ControlRequest) throws -> ControlReply {
        let body = request.checkedBody
        let filter = body.member("match").map { Self.filter($0, request) } ?? JournalFilter()
        let times = body.member("times")
        let most = times?.integer("max")
        let least = times?.integer("min") ?? (most == nil ? 1 : 0)
        let entries = request.instance.journal.entries()
        let matching = entries.filter(filter.matches)
        guard matching.count < least || matching.count > most ?? .max else {
            if matching.isEmpty { try checkNames(filter, request) }
            return .ok(["matched": .integer(Int64(matching.count))])
        }
        let expected = most.map { least == $0 ? "\(least)" : "\(least) to \($0)" } ?? "at least \(least)"
        var problem = Problem(
            .notVerified, "\(matching.count) of \(entries.count) requests match; expected \(expected)")
        problem.extra.append("matched", .integer(Int64(matching.count)))
        // Those that are too many are shown, or else those that nearly match.
        let shown =
            matching.count < least
            ? nearest(entries, filter)
            : matching.prefix(5).map { .object(["request": .object($0.json), "differences": .array([])]) }
        problem.extra.append("nearest", .array(shown))
        throw problem
    }

    /// The requests with the fewest differences, at most five.
    private static func nearest(_ entries: [JournalEntry], _ filter: JournalFilter) -> [JSON] {
        let ranked = entries.map { (entry: $0, count: filter.differenceCount($0)) }.filter { $0.count > 0 }
            .sorted { $0.count < $1.count }
        return ranked.prefix(5).map { entry, _ in
            .object(["request": .object(entry.json), "differences": .strings(filter.differences(entry))])
        }
    }

    private static func lint(_ request: ControlRequest) -> ControlReply {
        let items = request.instance.lint.all.map { finding -> JSON in
            .object([
                "client": finding.client.map { .string(Masking.withoutCodes($0)) } ?? .null,
                "code": .string(finding.code),
                "count": .integer(Int64(finding.count)),
                "last": .string(UTCDateTime(unix: finding.last.seconds).rfc3339),
                "detail": .string(Masking.withoutCodes(finding.detail)),
            ])
        }
        return .ok(["items": .array(items)])
    }
}
