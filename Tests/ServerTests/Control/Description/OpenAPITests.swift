import Crypto
import Encodings
import HTTP
import JOSE
import Provider
import ResourceFormat
@testable import Server
import TestSupport
import Testing

/// The OpenAPI document and the page, and that the server does what they say.
@Suite struct OpenAPITests {
    private static func document() throws -> JSONObject {
        let response = try #require(try TestServer().control("GET", "/openapi.json"))
        #expect(response.status == 200 && response.header("Content-Type") == "application/json")
        return response.json
    }

    private static func references(_ value: JSON) -> [String] {
        switch value {
        case .array(let values): values.flatMap(references)
        case .object(let object):
            object.members.flatMap { $0.name == "$ref" ? [$0.value.string ?? ""] : references($0.value) }
        default: []
        }
    }

    @Test("the document has every route once, with its parameters, and every reference resolves")
    func document() throws {
        let document = try Self.document()
        #expect(document["openapi"] == "3.1.0")
        let schemas = document["components"]?.object?["schemas"]?.object?.members.map(\.name) ?? []
        #expect(Set(schemas).count == schemas.count, "no name is used for two shapes")
        var names: Set<String> = []
        for route in ControlAPI.routes {
            let path = document["paths"]?.object?[ControlAPI.prefix + route.path]?.object
            let operation = try #require(path?[route.method.lowercased()]?.object, "\(route.method) \(route.path)")
            let isNew = names.insert(operation["operationId"]?.string ?? "").inserted
            #expect(isNew, "\(route.path)")
            let declared = operation["parameters"]?.array?.compactMap { $0.object?["name"]?.string } ?? []
            #expect(declared == route.pathParameters + route.query.map(\.name))
        }
        for reference in Self.references(.object(document)) {
            #expect(reference.hasPrefix("#/"))
            let target = reference.split(separator: "/").dropFirst().reduce(JSON.object(document) as JSON?) {
                $0?.object?[String($1)]
            }
            #expect(target != nil, "\(reference)")
        }
    }

    /// Calls that succeed, by operation.
    private static let calls: [(method: String, path: String, body: JSON?)] = [
        ("GET", "/clock", nil), ("PUT", "/clock", ["advance": "1h", "frozen": .bool(true)]), ("DELETE", "/clock", nil),
        ("POST", "/tokens", ["user": "svc", "expiresIn": "-5m", "audience": "x"]),
        ("POST", "/assertions", ["user": "svc"]), ("POST", "/explain", ["token": "x"]),
        (
            "POST", "/faults",
            ["match": ["header": ["A": "b"]], "do": ["delay": ["min": "1ms", "max": "2s"], "trickle": "2KB/s"]]
        ),
        ("GET", "/faults", nil), ("GET", "/requests?limit=1000&since=2020-01-01T00:00:00Z", nil),
        ("POST", "/requests/verify", ["times": ["min": 0]]), ("GET", "/lint", nil), ("DELETE", "/lint", nil),
        ("DELETE", "/requests", nil), ("DELETE", "/faults", nil), ("GET", "/instance", nil),
        ("PATCH", "/instance", ["lifetimes": ["accessToken": "1h"]]), ("GET", "/seed", nil),
        ("PATCH", "/seed", ["organizations": [["name": "New"]]]), ("POST", "/reset", ["only": ["tokens"]]),
        ("PUT", "/snapshots/one", nil), ("GET", "/snapshots", nil), ("DELETE", "/snapshots/one", nil),
        ("GET", "/organizations", nil), ("GET", "/projects?limit=1", nil), ("GET", "/apps", nil),
        ("GET", "/users", nil), ("GET", "/tokens?active=false", nil), ("GET", "/sessions", nil),
        ("GET", "/deviceAuthorizations", nil), ("GET", "/users/svc", nil), ("GET", "/users/alice", nil),
        ("PATCH", "/users/alice", ["state": "locked"]), ("GET", "/users/svc/keys", nil),
        ("GET", "/users/svc/personalAccessTokens", nil), ("GET", "/users/svc/grants", nil),
        ("POST", "/users/svc/keys", ["expirationDate": "2031-01-01T00:00:00Z"]),
        ("POST", "/users/svc/personalAccessTokens", [:]), ("POST", "/users/svc/clientSecret", [:]),
        (
            "POST", "/organizations",
            ["name": "Third", "users": [["type": "machine", "userName": "m", "clientSecret": "s"]]]
        ),
        ("POST", "/projects/270000000000000101/apps", ["type": "api", "name": "Fourth"]),
        ("GET", "/projects/270000000000000101/apps", nil), ("GET", "/apps/270000000000000303", nil),
        ("POST", "/projects/270000000000000101/roles", ["key": "third"]),
        ("GET", "/projects/270000000000000101/roles", nil), ("GET", "/projects/270000000000000101/grants", nil),
        ("PUT", "/users/alice/metadata/a", ["value": "b"]), ("DELETE", "/users/alice/metadata/a", nil),
    ]

    @Test("every response has the shape that the document describes", arguments: calls.indices)
    func answers(index: Int) throws {
        let (method, path, body) = Self.calls[index]
        let server = try TestServer()
        _ = server.post("/oauth/v2/introspect", [("token", "x")])
        _ = server.control("POST", "/faults", ["do": ["status": 503], "when": ["probability": 0]])
        let response = try #require(server.control(method, path, body))
        let request = HTTPRequest(method: method, path: ControlAPI.prefix + path.prefix { $0 != "?" })
        let (route, _) = try ControlAPI.route(request)
        let diagnostics = Diagnostics()
        let checker = ShapeChecker(diagnostics)
        let place = SourceLocation(file: path)
        switch route.answer {
        case .object(let status, let shape):
            #expect(response.status == status, "\(response.text)")
            checker.check(.object(response.json), .object(shape), place)
        case .resource(let status, let shape):
            #expect(response.status == status, "\(response.text)")
            checker.check(.object(response.json), shape, place)
        case .list(let shape):
            #expect(response.status == 200)
            checker.check(response.json["items"] ?? .null, .list(shape), place)
        case .noContent: #expect(response.status == 204)
        default: Issue.record("\(path) is not described")
        }
        #expect(diagnostics.problems.isEmpty, "\(diagnostics.problems) in \(response.text)")
    }

    @Test("a body is checked as the document describes: unknown members, types and formats")
    func bodies() throws {
        let server = try TestServer()
        for route in ControlAPI.routes {
            let shape: ObjectShape
            switch route.body {
            case .object(let one, _): shape = one
            case .objects(_, _, let all): shape = all
            default: continue
            }
            for member in shape.members {
                var body = JSONObject()
                body.append(member.name, .array([.array([])]))
                body.append("no\u{7}such", .bool(true))
                let response = try #require(server.control(route.method, route.path, .object(body)))
                #expect(response.status == 400)
                let pointers = response.json["problems"]?.array?.compactMap { $0.object?["pointer"]?.string } ?? []
                #expect(pointers.contains("/no\u{7}such"))
                #expect(pointers.contains { $0.hasPrefix("/\(member.name)") }, "\(route.path) \(member.name)")
            }
        }
    }

    @Test("the shape of the parameters of all scenarios accepts those of each scenario")
    func scenarios() throws {
        guard case .objects(_, let shapes, let all) = ScenarioShapes.parameters else {
            Issue.record("one shape for all scenarios")
            return
        }
        #expect(Set(shapes.keys) == Set(ScenarioName.allCases.map(\.rawValue)))
        for (name, shape) in shapes {
            for member in shape.members {
                let common = try #require(all.member(member.name))
                #expect(common.documentation.contains(name), "\(member.name)")
                guard case .integer(let range) = member.value, case .integer(let wider) = common.value else { continue }
                #expect(wider.contains(range.lowerBound) && wider.contains(range.upperBound), "\(name) \(member.name)")
            }
        }
    }

    @Test("null means that a member is absent, and an integer may have an empty fraction")
    func lenient() throws {
        let server = try TestServer()
        let fault: JSON = ["match": .null, "do": ["status": .decimal("503.0"), "body": .null]]
        let added = try #require(server.control("POST", "/faults", fault))
        #expect(added.status == 201 && added.json["match"] == nil, "\(added.text)")
        #expect(server.post("/oauth/v2/introspect", [("token", "x")]).status == 503)
        #expect(server.control("POST", "/explain", ["token": "x", "assertion": .null])?.status == 200)
    }

    static let refused: [(method: String, path: String, body: JSON?, detail: String)] = [
        (
            "PUT", "/clock", ["advance": "1h", "offset": "1h"],
            "has \"advance\" and \"offset\"; expected only one of them"
        ),
        (
            "PUT", "/clock", [:],
            "has no member \"advance\", \"offset\", \"now\" or \"frozen\"; at least one of them is required"
        ),
        ("PUT", "/clock", ["advance": "soon"], "/advance: is \"soon\"; expected a duration such as"),
        ("POST", "/tokens", ["user": .null], "/user: is missing, and is required"),
        ("POST", "/faults", ["do": ["status": 700]], "/do/status: is 700; expected a whole number from 200 to 599"),
        (
            "POST", "/faults", ["do": ["status": 503], "when": ["probability": .decimal("1.5")]],
            "/when/probability: is 1.5; expected a number from 0"
        ),
        ("POST", "/faults", ["do": ["delay": "2h"]], "/do/delay: is \"2h\"; expected a duration from 0s to 1h"),
        ("POST", "/faults", ["do": ["headers": ["A": 1]]], "/do/headers/A: is a number; expected a string"),
        ("GET", "/requests?limit=0", nil, "limit is 0; expected a whole number from 1 to 1000"),
        ("GET", "/requests?limit=x", nil, "limit is \"x\"; expected a whole number from 1 to 1000"),
        ("GET", "/requests?endpiont=token", nil, "unknown parameter \"endpiont\"; did you mean endpoint?"),
        ("GET", "/requests?outcome=good", nil, "outcome: \"good\" is not an outcome; use \"ok\""),
        ("GET", "/requests?wait=61s", nil, "wait is \"61s\"; expected a duration up to 60s"),
        ("DELETE", "/faults?id=1", nil, "unknown parameter \"id\"; there are none here"),
    ]

    @Test(
        "a call that does not match the document is refused with what was sent and expected",
        arguments: refused.indices)
    func isRefused(index: Int) throws {
        let example = Self.refused[index]
        let response = try #require(try TestServer().control(example.method, example.path, example.body))
        #expect(response.status == 400)
        #expect(response.json["detail"]?.string?.hasPrefix(example.detail) == true, "\(response.text)")
    }

    @Test("the page shows every route, and loads nothing") func page() throws {
        let page = try #require(try TestServer().control("GET", "/docs"))
        #expect(page.header("Content-Type") == "text/html; charset=utf-8")
        for route in ControlAPI.routes { #expect(page.text.contains("id=\"\(route.operationID)\"")) }
        for loading in ["<script", "<link", "<img", "src=", "http://", "https://", "url(http"] {
            #expect(!page.text.contains(loading), "\(loading)")
        }
        #expect(page.header("Content-Security-Policy")?.hasPrefix("default-src 'none'") == true)
    }
}
