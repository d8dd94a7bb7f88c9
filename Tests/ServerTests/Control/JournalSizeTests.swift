import Encodings
import HTTP
import TestSupport
import Testing

@testable import Provider
@testable import Server

/// Whatever clients send, the journal keeps little of it.
@Suite struct JournalSizeTests {
    private static let long = String(repeating: "x", count: 100_000)

    private static let requests: [(name: String, request: HTTPRequest)] = [
        ("a path", HTTPRequest(method: "GET", path: "/" + long)),
        ("a header", HTTPRequest(method: "GET", path: "/x", headers: [("n", long)])),
        ("the name of a header", HTTPRequest(method: "GET", path: "/x", headers: [(long, "")])),
        ("many headers", HTTPRequest(method: "GET", path: "/x", headers: (0..<2000).map { ("n\($0)", "v") })),
        ("a query", HTTPRequest(method: "GET", path: "/x", query: Array("a=\(long)".utf8))),
        ("a method", HTTPRequest(method: long, path: "/x")),
        ("a client", TestServer.formRequest("/oauth/v2/token", [("client_id", long), ("grant_type", "x")])),
        (
            "many parameters",
            TestServer.formRequest("/oauth/v2/token", (0..<5000).map { ("p\($0)", "v") })
        ),
    ]

    @Test("a journal entry is small, and its size is counted") func size() throws {
        for (name, request) in Self.requests {
            let server = try TestServer()
            _ = server.send(request)
            let entry = try #require(server.instance.journal.entries().first, "\(name)")
            let shown = JSON.object(entry.json).bytes().count
            #expect(shown < 64 << 10, "\(name)")
            #expect(server.instance.journal.byteCount >= shown, "\(name)")
            #expect(server.instance.journal.byteCount < 96 << 10, "\(name)")
        }
    }

    @Test("the journal keeps the first 200 parameters and 100 header fields, and 2 KiB of each text")
    func limits() throws {
        let server = try TestServer()
        _ = server.post(
            "/oauth/v2/" + Self.long, (0..<300).map { ("p\($0)", "v") } + [("p0", "again")],
            headers: (0..<150).map { ("n\($0)", "v") })
        let entry = try #require(server.instance.journal.entries().first)
        #expect(entry.path.utf8.count <= JournalEntry.textLimit + 3 && entry.path.hasSuffix("x…"))
        #expect(entry.details.form.count == JournalEntry.parameterLimit)
        #expect(entry.details.headers.count == JournalEntry.headerLimit)
        // A name that was sent twice has both values.
        _ = server.post("/oauth/v2/token", [("a", "1"), ("b", "2"), ("a", "3")])
        let form = try #require(server.control("GET", "/requests?limit=1")?.json["items"]?.array?[0]["form"])
        #expect(form == ["a": ["1", "3"], "b": "2"])
    }

    @Test("a filter for more than the journal keeps is refused") func filters() throws {
        let server = try TestServer()
        #expect(server.control("GET", "/requests?client=\(Self.long)")?.status == 400)
        let long: JSON = .string(Self.long)
        #expect(server.control("POST", "/requests/verify", ["match": ["user": long]])?.status == 400)
        #expect(server.control("POST", "/requests/verify", ["match": ["form": ["a": long]]])?.status == 400)
        var form = JSONObject()
        for index in 0...JournalEntry.parameterLimit { form.append("p\(index)", .null) }
        #expect(server.control("POST", "/requests/verify", ["match": ["form": .object(form)]])?.status == 400)
    }

    @Test("a waiting call releases everything when its client is gone") func waiting() throws {
        let server = try TestServer()
        weak var responder: Responder?
        let exchange = PendingExchange { _ in Issue.record("nobody is there") }
        do {
            let request = HTTPRequest(
                method: "GET", path: "/mock/v1/requests", query: Array("wait=60s&client=svc".utf8),
                headers: [("host", "localhost")])
            guard case .later(let start) = server.service.respond(to: request) else {
                Issue.record("it does not wait")
                return
            }
            let made = Responder(exchange)
            responder = made
            start(made)
        }
        #expect(responder != nil)
        exchange.clientIsGone()
        #expect(responder == nil)
    }
}
