import HTTP
import TestSupport
import Testing

/// Preflights as the library rs/cors answers them, with the options of the handler that a path belongs to.
@Suite struct CORSTests {
    private static let token = "/oauth/v2/token"
    private static let gateway = ["/.well-known/jwks.json", "/healthz", "/management/v1/healthz", "/oauth/v3/token"]

    private static func preflight(_ path: String, _ headers: [(name: String, value: String)]) throws -> HTTPResponse {
        let answer = try TestServer().send(HTTPRequest(method: "OPTIONS", path: path, headers: headers))
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
        return answer
    }

    private static func values(_ name: String, _ answer: HTTPResponse) -> [String] {
        answer.headers.filter { $0.name == name }.map(\.value)
    }

    /// The answer to a preflight for GET that asks for headers, in one line or several.
    private static func isAllowed(_ path: String, _ lists: [String]) throws -> Bool {
        var headers: [(name: String, value: String)] = [
            ("origin", "https://spa.example"), ("access-control-request-method", "GET"),
        ]
        headers += lists.map { (name: "access-control-request-headers", value: $0) }
        let answer = try preflight(path, headers)
        let isAllowed = answer.header("Access-Control-Allow-Origin") != nil
        #expect(values("Access-Control-Allow-Headers", answer) == (isAllowed ? lists : []))
        return isAllowed
    }

    @Test(
        "pages may use other methods at the gateway paths than at OAuth endpoints",
        arguments: [
            ("GET", true, true), ("HEAD", true, true), ("POST", true, true), ("OPTIONS", true, true),
            ("PUT", false, true), ("PATCH", false, true), ("DELETE", false, true), ("TRACE", false, false),
            ("get", false, false),
        ])
    func methods(method: String, atEndpoints: Bool, atGateway: Bool) throws {
        for path in [Self.token] + Self.gateway {
            let isAllowed = path == Self.token ? atEndpoints : atGateway
            let answer = try Self.preflight(
                path, [("origin", "https://spa.example"), ("access-control-request-method", method)])
            #expect(Self.values("Access-Control-Allow-Methods", answer) == (isAllowed ? [method] : []), "\(path)")
            #expect(answer.header("Vary")?.hasSuffix(", Cookie") == (path != Self.token))
        }
    }

    @Test(
        "pages may send other headers to the gateway paths than to OAuth endpoints",
        arguments: [
            "x-grpc-web", "x-zitadel-orgid", "x-user-agent", "connect-protocol-version", "connect-timeout-ms",
            "grpc-timeout",
        ])
    func headers(name: String) throws {
        #expect(try !Self.isAllowed(Self.token, [name]))
        for path in Self.gateway { #expect(try Self.isAllowed(path, ["accept,\(name)"]), "\(path)") }
    }

    @Test("a health check answers a preflight without an origin, and any other OPTIONS with 405")
    func healthCheck() throws {
        let answer = try Self.preflight("/healthz", [("access-control-request-method", "GET")])
        #expect(answer.headers.map(\.name) == ["Vary", "X-Robots-Tag"])
        let server = try TestServer()
        #expect(server.send(HTTPRequest(method: "OPTIONS", path: "/healthz")).status == 405)
        let deleted = server.send(HTTPRequest(method: "DELETE", path: "/healthz", headers: [("origin", "null")]))
        #expect(deleted.header("Access-Control-Allow-Origin") == "null")
        let traced = server.send(HTTPRequest(method: "TRACE", path: "/healthz", headers: [("origin", "null")]))
        #expect(traced.header("Access-Control-Allow-Origin") == nil)
    }

    @Test("of repeated preflight headers, the first line decides, and all lines are returned") func repeated() throws {
        let answer = try Self.preflight(
            Self.token,
            [
                ("origin", "https://a"), ("origin", "https://b"), ("access-control-request-method", "GET"),
                ("access-control-request-method", "PUT"),
            ])
        #expect(Self.values("Access-Control-Allow-Origin", answer) == ["https://a", "https://b"])
        #expect(Self.values("Access-Control-Allow-Methods", answer) == ["GET", "PUT"])
        let refused = try Self.preflight(
            Self.token,
            [
                ("origin", "https://a"), ("access-control-request-method", "PUT"),
                ("access-control-request-method", "GET"),
            ])
        #expect(refused.header("Access-Control-Allow-Origin") == nil)
    }

    @Test(
        "a local origin next to another one does not allow headers of the test double",
        arguments: [["http://localhost:1", "https://evil.test"], ["https://evil.test", "http://localhost:1"]])
    func mockHeaders(origins: [String]) throws {
        var headers: [(name: String, value: String)] = origins.map { (name: "origin", value: $0) }
        headers += [("access-control-request-method", "GET"), ("access-control-request-headers", "mock-login-as")]
        let answer = try Self.preflight(Self.token, headers)
        #expect(answer.header("Access-Control-Allow-Origin") == nil)
    }

    @Test("a list names at most 16 headers of the test double", arguments: [(16, true), (17, false)])
    func manyMockHeaders(count: Int, isAllowed: Bool) throws {
        let list = (0..<count).map { "mock-\($0)" }.joined(separator: ",")
        let headers = [
            (name: "origin", value: "http://localhost:1"), ("access-control-request-method", "POST"),
            ("access-control-request-headers", list),
        ]
        let answer = try Self.preflight(Self.token, headers)
        #expect((answer.header("Access-Control-Allow-Origin") != nil) == isAllowed)
    }

    static let lists: [(lines: [String], isAllowed: Bool)] = [
        (["accept,content-type"], true), (["accept", "content-type"], true), (["content-type", "accept"], false),
        (["accept", "accept"], false), (["accept", "x-foo"], false), (["Accept"], false),
        (["accept, content-type"], true), (["accept ,\tcontent-type"], true), (["accept,  content-type"], false),
        (["accept  ,content-type"], false), (["accept,,content-type"], true), (["accept, ,  ,content-type"], true),
        (["accept,   ,content-type"], false),
        (["accept" + String(repeating: ",", count: 16)], true),
        (["accept" + String(repeating: ",", count: 17)], false),
        ([",,,,,,,,accept", "content-type,,,,,,,,,"], false),
    ]

    @Test("the list of requested headers must be sorted, without duplicates, and with few spaces", arguments: lists)
    func list(lines: [String], isAllowed: Bool) throws {
        #expect(try Self.isAllowed(Self.token, lines) == isAllowed)
    }

    @Test("an empty list of requested headers asks for nothing, and is not returned") func emptyList() throws {
        let answer = try Self.preflight(
            Self.token,
            [
                ("origin", "https://a"), ("access-control-request-method", "GET"),
                ("access-control-request-headers", ""),
            ])
        #expect(answer.header("Access-Control-Allow-Origin") == "https://a")
        #expect(answer.header("Access-Control-Allow-Headers") == nil)
    }
}
