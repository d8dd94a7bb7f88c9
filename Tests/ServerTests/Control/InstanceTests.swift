import Encodings
import HTTP
import Model
import Provider
@testable import Server
import TestSupport
import Testing

/// Isolated instances next to the main one.
@Suite struct InstanceTests {
    private let server: TestServer
    private let registry: InstanceRegistry

    init() throws {
        server = try TestServer()
        registry = InstanceRegistry(main: server.service)
    }

    private func send(
        _ method: String, _ path: String, _ body: JSON? = nil, host: String = "localhost:8080", instance: String? = nil,
        form: [(String, String)]? = nil, headers: [(name: String, value: String)] = []
    ) throws -> HTTPResponse {
        let target = path.split(separator: "?", maxSplits: 1)
        let path = String(target[0])
        var request =
            form.map { TestServer.formRequest(path, $0, headers: headers) }
            ?? HTTPRequest(method: method, path: path, headers: headers)
        request.headers.append(("host", host))
        if target.count > 1 { request.query = Array(target[1].utf8) }
        if let instance { request.headers.append(("mock-instance", instance)) }
        if let body {
            request.headers.append(("content-type", "application/json"))
            request.body = body.bytes()
        }
        guard let response = registry.respond(to: request).awaited else {
            Issue.record("no response")
            return HTTPResponse(status: 0)
        }
        return response
    }

    @Test("opening an instance returns the personal access tokens that it generated for the seed")
    func generatedTokens()
        throws
    {
        let user: JSON = ["type": "machine", "userName": "m", "personalAccessTokens": [["id": "999"]]]
        let seed: JSON = ["organizations": [["name": "A", "users": [user]]]]
        let opened = try send("POST", "/mock/v1/instances", ["name": "t1", "seed": seed])
        let token = try #require(opened.json["madeTokens"]?["999"]?.string)
        let headers = [(name: "authorization", value: "Bearer \(token)")]
        #expect(try send("GET", "/oidc/v1/userinfo", instance: "t1", headers: headers).status == 200)
        #expect(try send("POST", "/mock/v1/instances", ["name": "t2"]).json["madeTokens"] == nil)
    }

    private func open(_ body: JSON, expect status: Int = 201) throws -> JSONObject {
        let response = try send("POST", "/mock/v1/instances", body)
        #expect(response.status == status, "\(response.text)")
        return response.json
    }

    private func token(
        _ user: String, _ secret: String, host: String = "localhost:8080", instance: String? = nil
    ) throws -> HTTPResponse {
        try send(
            "POST", "/oauth/v2/token", host: host, instance: instance,
            form: [("grant_type", "client_credentials"), ("scope", "openid")],
            headers: [TestServer.basic(user, secret)])
    }

    @Test("an instance is selected by its host name or by a header, and has its own resources, clock and journal")
    func isolation() throws {
        let opened = try open(["name": "t42", "idleTimeout": "5m"])
        #expect(opened["host"] == "t42.localhost:8080" && opened["issuer"] == "http://t42.localhost:8080")
        let discovery = try send("GET", "/.well-known/openid-configuration", host: "t42.localhost:8080")
        #expect(discovery.json["issuer"] == "http://t42.localhost:8080")
        _ = try send("PATCH", "/mock/v1/users/svc", ["state": "locked"], instance: "t42")
        _ = try send("PUT", "/mock/v1/clock", ["advance": "1h"], host: "t42.localhost:8080")
        #expect(try token("svc@acme.localhost", "svc-secret", instance: "t42").status == 400)
        #expect(try token("svc@acme.localhost", "svc-secret", host: "t42.localhost:8080").status == 400)
        #expect(try token("svc@acme.localhost", "svc-secret").status == 200)
        #expect(try send("GET", "/mock/v1/clock").json["mode"] == "real")
        let journal = try send("GET", "/mock/v1/requests?endpoint=token", instance: "t42").json["items"]?.array
        #expect(journal?.count == 2)
        #expect(try send("GET", "/mock/v1/instances").json["items"]?.array?.count == 1)
        #expect(try send("DELETE", "/mock/v1/instances/t42").status == 204)
        #expect(try token("svc@acme.localhost", "svc-secret", instance: "t42").status == 404)
        #expect(try token("svc@acme.localhost", "svc-secret", host: "t42.localhost:8080").status == 404)
        #expect(try send("POST", "/mock/v1/reset", [:], host: "t42.localhost:8080").status == 404)
        #expect(try token("svc@acme.localhost", "svc-secret", instance: "main").status == 200)
    }

    @Test(
        "a request for an instance that is not open is answered with the reason, and is in the journal of the main one")
    func notOpen() throws {
        let response = try token("svc@acme.localhost", "svc-secret", instance: "zz")
        #expect(response.status == 404 && response.reason == "instance_unknown")
        #expect(response.header("Mock-Reason")?.contains("there is no instance \"zz\" (header Mock-Instance)") == true)
        _ = try open(["name": "t42"])
        _ = try send("DELETE", "/mock/v1/instances/t42")
        let closed = try token("svc@acme.localhost", "svc-secret", host: "t42.localhost:8080")
        #expect(closed.status == 404 && closed.reason == "instance_unknown")
        let entries = try send("GET", "/mock/v1/requests").json["items"]?.array ?? []
        #expect(entries.count == 2)
        for entry in entries.compactMap(\.object) {
            #expect(entry["status"] == 404 && entry["reason"] == "instance_unknown")
            #expect(entry["path"] == "/oauth/v2/token")
        }
        let control = try send("GET", "/mock/v1/clock", instance: "zz")
        #expect(control.status == 404 && control.reason == "instance_unknown")
    }

    @Test("a problem with the seed of an instance is reported at its place in the body") func seedProblem() throws {
        let one = try open(["name": "t1", "seed": ["organizations": [["nam": "A", "id": "1"]]]], expect: 400)
        #expect(one["pointer"] == "/seed/organizations/0/nam")
        #expect(one["detail"]?.string?.hasPrefix("/seed/organizations/0/nam: unknown member; did you mean") == true)
        let both = try open(["name": "t1", "seed": [:], "copy": .bool(true)], expect: 400)
        #expect(both["detail"] == "/copy: is sent with seed; send one of them")
    }

    @Test("a host name of an instance that is not open causes a warning while instances are open")
    func hostOfNone() throws {
        func warning(_ host: String) throws -> String? {
            try send("GET", "/.well-known/openid-configuration", host: host).header("Mock-Warning")
        }
        #expect(try warning("z42.localhost:8080") == nil)
        _ = try open(["name": "t42"])
        let expected =
            "instance-not-open; no instance \"z42\" is open, so the main instance answered for its host; did you mean \"t42\"?"
        #expect(try warning("z42.localhost:8080") == expected)
        for host in ["t42.localhost:8080", "localhost:8080", "127.0.0.1:8080", "z42.example.test"] {
            #expect(try warning(host) == nil, "\(host)")
        }
        #expect(try send("GET", "/mock/v1/clock", host: "z42.localhost:8080").header("Mock-Warning") == expected)
    }

    @Test("maintenance removes what expired in isolated instances as in the main one")
    func maintenance() throws {
        _ = try open(["name": "long", "idleTimeout": "168h"])
        var tokens: [(instance: String, token: String)] = []
        for instance in ["main", "long"] {
            let answer = try token("svc@acme.localhost", "svc-secret", instance: instance)
            tokens.append((instance, try #require(answer.json["access_token"]?.string)))
        }
        func reasons() throws -> [String?] {
            try tokens.map { instance, token in
                try send(
                    "POST", "/oauth/v2/introspect", instance: instance, form: [("token", token)],
                    headers: [TestServer.basic("270000000000000302", "test-api-2-secret")]
                ).reason
            }
        }
        server.time.advance(bySeconds: 43_200 + 86_400 + 1)
        #expect(try reasons() == ["token_expired", "token_expired"])
        registry.maintain { Issue.record("\($0)") }
        #expect(try reasons() == ["token_unknown", "token_unknown"])
    }

    @Test("a copied instance has the tokens of the main one, and a fresh one or one with its own seed has not")
    func contents() throws {
        let access = try token("svc@acme.localhost", "svc-secret").json["access_token"]?.string ?? ""
        _ = try send("POST", "/mock/v1/organizations", ["name": "By call"])
        _ = try open(["name": "copy", "copy": .bool(true)])
        _ = try open(["name": "fresh"])
        _ = try open([
            "name": "own",
            "seed": [
                "organizations": [
                    ["name": "Own", "users": [["type": "machine", "userName": "m", "clientSecret": "s"]]]
                ]
            ],
        ])
        func userInfo(_ instance: String) throws -> Int {
            try send("GET", "/oidc/v1/userinfo", instance: instance, headers: [("authorization", "Bearer \(access)")])
                .status
        }
        #expect(try userInfo("copy") == 200)
        #expect(try userInfo("fresh") == 401)
        func organizations(_ instance: String) throws -> [String] {
            (try send("GET", "/mock/v1/organizations", instance: instance).json["items"]?.array ?? [])
                .compactMap { $0["name"]?.string }
        }
        #expect(try organizations("copy") == ["ACME", "Partner", "By call"])
        #expect(try organizations("fresh") == ["ACME", "Partner"])
        #expect(try organizations("own") == ["Own"])
        #expect(try token("m@own.localhost", "s", instance: "own").status == 200)
        // A reset knows the seed of its instance.
        #expect(try send("POST", "/mock/v1/reset", [:], instance: "own").status == 204)
        #expect(try organizations("own") == ["Own"])
        #expect(try send("POST", "/mock/v1/reset", [:], instance: "copy").status == 204)
        #expect(try organizations("copy") == ["ACME", "Partner"])
    }

    @Test("an instance without requests for too long is closed") func idle() throws {
        _ = try open(["name": "short", "idleTimeout": "1m"])
        server.time.advance(bySeconds: 50)
        #expect(try send("GET", "/mock/v1/clock", instance: "short").status == 200)
        server.time.advance(bySeconds: 50)
        #expect(try send("GET", "/mock/v1/clock", instance: "short").status == 200, "each request counts")
        server.time.advance(bySeconds: 61)
        let gone = try send("GET", "/mock/v1/clock", instance: "short")
        #expect(gone.status == 404 && gone.json["detail"]?.string?.contains("\"short\"") == true)
        _ = try open(["name": "other", "idleTimeout": "1m"])
        server.time.advance(bySeconds: 61)
        registry.closeIdle()
        #expect(registry.all.isEmpty)
    }

    @Test("an instance with an invalid name or seed is refused, and not opened") func wrong() throws {
        _ = try open(["name": "taken"])
        _ = try open(["name": "taken"], expect: 409)
        _ = try open(["name": "main"], expect: 409)
        for body: JSON in [
            ["name": "Upper"], ["name": "127"], ["name": "a.b"], ["name": ""], ["idleTimeout": "0s"],
            ["copy": .bool(true), "seed": [:]], ["seed": ["organization": []]],
        ] {
            _ = try open(body, expect: 400)
        }
        // Else every request to the server itself would be for the instance, and fail after its end.
        let own = try send("POST", "/mock/v1/instances", ["name": "zitadel"], host: "zitadel.test:8080")
        #expect(own.status == 409 && own.json["pointer"] == "/name")
        let problem = try open(["seed": ["organizations": [["name": "A", "state": "x"]]]], expect: 400)
        #expect(problem["pointer"] == "/seed/organizations/0/state")
        #expect(registry.all.map(\.name) == ["taken"])
    }

    @Test("200 instances at a time are isolated from each other") func many() throws {
        for number in 0..<200 {
            let name = "n\(number)"
            _ = try open(["name": .string(name)])
            _ = try send("PATCH", "/mock/v1/users/svc", ["name": .string(name)], instance: name)
        }
        for number in 0..<200 {
            let user = try send("GET", "/mock/v1/users/svc", instance: "n\(number)").json
            #expect(user["name"]?.string == "n\(number)")
        }
        #expect(try send("GET", "/mock/v1/users/svc").json["name"] == "Service")
    }
}
