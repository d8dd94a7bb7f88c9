import Encodings
import HTTP
import Provider
import Server
import TestSupport
import Testing

/// By which name a request came, and what follows from it.
@Suite struct OriginTests {
    private typealias Header = (name: String, value: String)

    static let names: [(name: String, headers: [(name: String, value: String)], issuer: String)] = [
        ("T003 Host", [("host", "b.test")], "http://b.test"),
        ("Host with a port", [("host", "b.test:1234")], "http://b.test:1234"),
        ("an IPv6 address", [("host", "[::1]:8080")], "http://[::1]:8080"),
        ("X-Forwarded-Host beats Host", [("host", "a"), ("x-forwarded-host", "b.test")], "http://b.test"),
        (
            "a list of forwarded hosts is not a host", [("host", "a.test"), ("x-forwarded-host", "b.test, c.test")],
            "http://a.test"
        ),
        ("a port that is none", [("host", "a.test"), ("x-forwarded-host", "b.test:x")], "http://a.test"),
        (
            "Forwarded counts as a whole: a port must be in quotes",
            [("host", "a.test"), ("forwarded", "host=b.test:7;proto=https")], "http://a.test"
        ),
        (
            "the first host and proto of all elements of Forwarded",
            [("forwarded", "for=10.0.0.1, for=10.0.0.2;host=b.test;proto=https")], "https://b.test"
        ),
        (
            "also over several lines", [("forwarded", "for=10.0.0.1"), ("forwarded", "host=b.test, host=c.test")],
            "http://b.test"
        ),
        (
            "what Forwarded does not say, X-Zitadel-Forwarded may",
            [("host", "a.test"), ("forwarded", "for=x"), ("x-zitadel-forwarded", "host=b.test;proto=https")],
            "https://b.test"
        ),
        (
            "a list of protos is not a proto", [("host", "b.test"), ("x-forwarded-proto", "https, http")],
            "http://b.test"
        ),
        ("T005 X-Forwarded-Proto", [("host", "b.test"), ("x-forwarded-proto", "https")], "https://b.test"),
        ("a proto in capitals", [("host", "b.test"), ("x-forwarded-proto", "HTTPS")], "http://b.test"),
        ("a proto that is none", [("host", "b.test"), ("x-forwarded-proto", "gopher")], "http://b.test"),
        ("Forwarded", [("host", "a"), ("forwarded", "for=1.2.3.4;host=b.test;proto=https")], "https://b.test"),
        (
            "Forwarded in quotes, the first element", [("forwarded", "Host=\"b.test:99\";Proto=https, host=c.test")],
            "https://b.test:99"
        ),
        ("X-Zitadel-Forwarded", [("x-zitadel-forwarded", "host=b.test;proto=https")], "https://b.test"),
        (
            "Forwarded beats X-Forwarded-Host", [("x-forwarded-host", "c.test"), ("forwarded", "host=b.test")],
            "http://b.test"
        ),
        (
            "x-zitadel-instance-host beats all", [("x-zitadel-instance-host", "b.test"), ("forwarded", "host=c.test")],
            "http://b.test"
        ),
        (
            "x-zitadel-public-host makes the issuer", [("host", "a.test"), ("x-zitadel-public-host", "b.test")],
            "http://b.test"
        ),
        (
            "an empty x-zitadel-instance-host counts as not sent",
            [("host", "b.test"), ("x-zitadel-instance-host", "")], "http://b.test"
        ),
        (
            "an empty X-Forwarded-Host counts as not sent", [("host", "b.test"), ("x-forwarded-host", "")],
            "http://b.test"
        ),
        (
            "an empty x-zitadel-public-host counts as not sent", [("host", "b.test"), ("x-zitadel-public-host", "")],
            "http://b.test"
        ),
        (
            "an empty host in Forwarded counts as not sent", [("host", "b.test"), ("forwarded", "host=")],
            "http://b.test"
        ),
        (
            "also in quotes",
            [("x-forwarded-host", "b.test"), ("forwarded", "host=\"\";proto=\"\""), ("x-forwarded-proto", "https")],
            "https://b.test"
        ),
        (
            "an empty Forwarded leaves it to X-Zitadel-Forwarded",
            [("forwarded", ""), ("x-zitadel-forwarded", "host=b.test")], "http://b.test"
        ),
        (
            "a public host replaces a Host that is empty", [("host", ""), ("x-zitadel-public-host", "b.test")],
            "http://b.test"
        ),
    ]

    @Test("the issuer follows the host name", arguments: names.indices) func issuer(index: Int) throws {
        let example = Self.names[index]
        let document = try TestServer().get("/.well-known/openid-configuration", headers: example.headers).json
        #expect(document["issuer"] == .string(example.issuer), "\(example.name)")
        let endpoints = document.members.filter { $0.name.hasSuffix("_endpoint") || $0.name == "jwks_uri" }.compactMap(
            \.value.string)
        #expect(endpoints.count == 8)
        #expect(endpoints.allSatisfy { $0.hasPrefix(example.issuer + "/") }, "\(example.name)")
    }

    @Test("a forwarded host that is longer than any name is ignored, and no response repeats it")
    func longHost() throws {
        let server = try TestServer()
        for (length, isRead) in [(HTTPRequest.hostLimit, true), (HTTPRequest.hostLimit + 1, false)] {
            let name = String(repeating: "a", count: length)
            for header in ["x-forwarded-host", "x-zitadel-instance-host", "x-zitadel-public-host"] {
                let answer = server.get("/.well-known/openid-configuration", headers: [(header, name)])
                #expect(answer.json["issuer"]?.string?.contains(name) == isRead, "\(header)")
                #expect(answer.body.count < 20_000)
            }
        }
    }

    @Test("a pinned issuer is the same under every host name") func pinned() throws {
        let server = try TestServer { $0.issuer = "https://id.example" }
        for headers in [[], [(name: "host", value: "b.test")], [(name: "x-zitadel-public-host", value: "c.test")]] {
            #expect(
                server.get("/.well-known/openid-configuration", headers: headers).json["issuer"]
                    == .string("https://id.example"))
        }
        let token = server.accessToken(of: "svc-jwt")
        let answer = server.post(
            "/oauth/v2/introspect", [("token", token)],
            headers: [TestServer.basic("270000000000000302", "test-api-2-secret"), ("host", "other.test")])
        #expect(answer.json["iss"] == .string("https://id.example"))
    }

    @Test("under another host name an opaque token is active, a JWT is not, and the reason names both issuers")
    func otherName() throws {
        let server = try TestServer()
        let headers = [TestServer.basic("270000000000000302", "test-api-2-secret"), (name: "host", value: "b.test")]
        let opaque = server.post("/oauth/v2/introspect", [("token", server.accessToken(of: "svc"))], headers: headers)
        #expect(opaque.json["active"] == .bool(true))
        #expect(opaque.json["iss"] == .string("http://b.test"))
        let jwt = server.post("/oauth/v2/introspect", [("token", server.accessToken(of: "svc-jwt"))], headers: headers)
        #expect(jwt.text == "{\"active\":false}\n")
        #expect(jwt.reason == "token_issuer")
        let line = jwt.header("Mock-Reason") ?? ""
        #expect(line.contains("\"http://localhost:8080\"") && line.contains("\"http://b.test\""))
    }

    @Test(
        "a request without a Host has no instance, unless the issuer is pinned",
        arguments: [[(name: "host", value: "")], []])
    func noHost(headers: [(name: String, value: String)]) throws {
        let request = HTTPRequest(method: "GET", path: "/.well-known/openid-configuration", headers: headers)
        let answer = try TestServer().service.answer(request)
        #expect(answer.status == 404)
        #expect(answer.text.contains("Instance not found"))
        let pinned = try TestServer { $0.issuer = "https://id.example" }
        #expect(pinned.service.answer(request).json["issuer"] == .string("https://id.example"))
    }

    @Test(
        "a host that is not one of the domains has no instance",
        arguments: [
            ("a.test", true), ("a.test:99", true), ("b.test:1", true), ("b.test", false), ("b.test:2", false),
            ("c.test", false), ("", false),
        ])
    func domains(host: String, isKnown: Bool) throws {
        let fixture = try ReferenceFixture(instance: "\"domains\": [\"a.test\", \"b.test:1\"]")
        for headers in [
            [(name: "host", value: host)], [(name: "host", value: "a.test"), (name: "x-forwarded-host", value: host)],
        ] {
            if host.isEmpty, headers.count > 1 { continue }
            let answer = fixture.server.get("/.well-known/openid-configuration", headers: headers)
            #expect(answer.status == (isKnown ? 200 : 404))
            guard !isKnown else { continue }
            #expect(answer.text.contains("Instance not found"))
            #expect(answer.header("Content-Type") == "text/plain; charset=utf-8")
        }
    }

    @Test(
        "health needs no instance, and 404 is plain text",
        arguments: [
            ("/debug/healthz", 200, "ok"), ("/healthz", 200, "{\"status\":\"SERVING\"}"),
            ("/debug/ready", 200, "\"ok\""), ("/debug/validate", 200, "\"ok\""), ("/management/v1/healthz", 200, "{}"),
            ("/robots.txt", 200, "User-agent: *\nDisallow: /\n"),
            ("/oauth/v2/nothing", 404, "404 page not found\n"),
            ("/nothing", 404, "{\"code\":5,\"message\":\"Not Found\"}"),
            ("/OAUTH/V2/TOKEN", 404, "{\"code\":5,\"message\":\"Not Found\"}"),
            ("/oauth/v2/token/", 404, "404 page not found\n"), ("/%6fauth/v2/token", 404, "404 page not found\n"),
            ("/oauth/v2/%74oken", 404, "404 page not found\n"),
            ("/oauth/v2/authorize/callback", 400, "auth request callback is missing id\n"),
        ])
    func paths(path: String, status: Int, body: String) throws {
        let answer = try TestServer().get(path)
        #expect(answer.status == status)
        #expect(answer.text == body)
        #expect(answer.header("X-Robots-Tag") == "none")
    }

    @Test("an unclean path is redirected up to 64 KiB with its query", arguments: [(65_536, 301), (65_537, 404)])
    func longCleaning(size: Int, status: Int) throws {
        let server = try TestServer()
        let path = "//oauth" + String(repeating: "x", count: 30_000)
        var request = HTTPRequest(method: "GET", path: path, headers: [])
        request.query = [UInt8](repeating: 0xFF, count: size - path.utf8.count)
        #expect(server.send(request).status == status)
    }

    @Test(
        "a path that is not clean is redirected, with any method and with no other header",
        arguments: [
            ("//oauth/v2/token", "/oauth/v2/token"), ("/oauth/./v2/token", "/oauth/v2/token"),
            ("/oauth/v2/x/../token", "/oauth/v2/token"), ("/oauth/v2/token//", "/oauth/v2/token/"),
            ("/oauth/v2%2F%2Ftoken", "/oauth/v2/token"), ("/..", "/"),
        ])
    func cleaning(path: String, target: String) throws {
        for method in ["GET", "POST"] {
            let answer = try TestServer().send(
                HTTPRequest(method: method, path: path, query: Array("a=%FF&b".utf8), headers: [("host", "a")]))
            #expect(answer.status == 301)
            #expect(answer.headers.map(\.name) == ["Location"])
            #expect(answer.header("Location") == target + "?a=%FF&b")
            #expect(answer.body.isEmpty)
            let bare = try TestServer().send(
                HTTPRequest(method: method, path: path, hasEmptyQuery: true, headers: [("host", "a")]))
            #expect(bare.header("Location") == target + "?")
        }
    }

    @Test("responses to methods that pages may not use have no CORS headers, and others allow all origins")
    func corsOfMethods() throws {
        let server = try TestServer()
        for (method, isAllowed) in [
            ("GET", true), ("HEAD", true), ("POST", true), ("OPTIONS", true), ("PUT", false), ("PATCH", false),
            ("DELETE", false),
        ] {
            let answer = server.send(
                HTTPRequest(
                    method: method, path: "/oauth/v2/keys",
                    headers: [("host", "a"), ("origin", "https://app.test"), ("origin", "null")]))
            let origins = answer.headers.filter { $0.name == "Access-Control-Allow-Origin" }.map(\.value)
            #expect(origins == (isAllowed ? ["https://app.test", "null"] : []), "\(method)")
        }
    }

    @Test(
        "only pages of this computer, of the server's host and of the apps may send Mock-Login-As",
        arguments: [
            ("https://evil.test", false), ("null", false), ("https://evil.test:8080", false),
            ("http://localhost:3000", true), ("http://127.0.0.1:9", true), ("http://[::1]", true),
            ("http://shop.localhost", true), ("https://a.test", true), ("http://notlocalhost", false),
            ("https://localhost.evil.test", false),
        ])
    func mockHeaders(origin: String, isAllowed: Bool) throws {
        let answer = try TestServer().send(
            HTTPRequest(
                method: "OPTIONS", path: "/oauth/v2/authorize",
                headers: [
                    ("host", "a.test:8080"), ("origin", origin), ("access-control-request-method", "GET"),
                    ("access-control-request-headers", "mock-login-as"),
                ]))
        #expect(answer.status == 204)
        #expect((answer.header("Access-Control-Allow-Origin") != nil) == isAllowed)
    }

    /// Names that a stranger can register and give the address of this server (DNS rebinding), and names that nobody can.
    private static let hosts = [
        ("evil.com:8080", false), ("evil.com", false), ("192.0.2.1.nip.io", false), ("localhost.evil.com:8080", false),
        ("test", true), ("a.test:8080", true), ("localhost:8080", true), ("127.0.0.1:8080", true), ("[::1]:8080", true),
        ("own.example:8080", true), ("own.example", true), ("mock-zitadel:8080", true),
    ]

    @Test(
        "a page of the server's own host may send Mock-Login-As only if no stranger can own that host", arguments: hosts
    )
    func reboundPreflight(host: String, isTrusted: Bool) throws {
        let fixture = try SignInFixture(instance: Self.own)
        let answer = fixture.server.send(
            HTTPRequest(
                method: "OPTIONS", path: "/oauth/v2/authorize",
                headers: [
                    ("host", host), ("origin", "http://" + host), ("access-control-request-method", "GET"),
                    ("access-control-request-headers", "mock-login-as"),
                ]))
        #expect((answer.header("Access-Control-Allow-Origin") != nil) == isTrusted)
    }

    private static let own = "\"domains\": [\"own.example\"]"

    @Test("Mock-... headers of a host that a stranger can own are ignored, with a warning", arguments: hosts)
    func reboundHeaders(host: String, isTrusted: Bool) throws {
        let isOwn = host.hasPrefix("own.example")
        let fixture = try SignInFixture(instance: isOwn ? Self.own : "")
        let target = fixture.target().split(separator: "?", maxSplits: 1)
        func authorize(_ headers: [(name: String, value: String)]) -> HTTPResponse {
            fixture.server.send(
                HTTPRequest(
                    method: "GET", path: String(target[0]), query: Array(target[1].utf8),
                    headers: [("host", host)] + headers))
        }
        let answer = authorize([("mock-login-as", "alice"), ("mock-instance", "main")])
        #expect((answer.locationParameters["code"] != nil) == isTrusted)
        let warnings = answer.headers.filter {
            $0.name == "Mock-Warning" && $0.value.hasPrefix("mock-header-ignored; ")
        }
        #expect(warnings.count == (isTrusted ? 0 : 1))
        #expect(authorize([]).header("Mock-Warning")?.contains("mock-header-ignored") != true)
        let refused = fixture.server.send(
            HTTPRequest(
                method: "GET", path: "/oidc/v1/userinfo", headers: [("host", host), ("mock-dialect", "documented")]))
        #expect(refused.headers.contains { $0.value.hasPrefix("mock-header-ignored; ") } == !isTrusted)
    }

    @Test("an isolated instance is selected by the header only for hosts that no stranger can own, and the control API")
    func reboundInstance() throws {
        let server = try TestServer()
        let registry = InstanceRegistry(main: server.service)
        func status(_ method: String, _ path: String, host: String, body: String = "", instance: String?) -> Int? {
            var request = HTTPRequest(
                method: method, path: path, headers: [("host", host), ("content-type", "application/json")],
                body: Array(body.utf8))
            if let instance { request.headers.append(("mock-instance", instance)) }
            guard let response = registry.respond(to: request).awaited else { return nil }
            return response.status
        }
        let keys = "/oauth/v2/keys"
        #expect(status("GET", keys, host: "localhost", instance: "nobody") == 404)
        #expect(status("GET", keys, host: "evil.com", instance: "nobody") == 200, "the main instance answers")
        #expect(status("GET", "/mock/v1/clock", host: "evil.com", instance: "main") == 403)
    }

    static let preflights: [(name: String, headers: [(name: String, value: String)], isAllowed: Bool)] = [
        ("a simple one", [("origin", "https://app.test"), ("access-control-request-method", "POST")], true),
        (
            "with headers",
            [
                ("origin", "https://app.test"), ("access-control-request-method", "POST"),
                ("access-control-request-headers", "authorization,content-type"),
            ], true
        ),
        (
            "headers out of order",
            [
                ("origin", "https://app.test"), ("access-control-request-method", "POST"),
                ("access-control-request-headers", "content-type,authorization"),
            ], false
        ),
        (
            "an unknown header",
            [
                ("origin", "https://app.test"), ("access-control-request-method", "POST"),
                ("access-control-request-headers", "x-evil"),
            ],
            false
        ),
        ("OPTIONS", [("origin", "https://app.test"), ("access-control-request-method", "OPTIONS")], true),
        ("another method", [("origin", "https://app.test"), ("access-control-request-method", "DELETE")], false),
        ("no origin", [("access-control-request-method", "POST")], false),
    ]

    @Test("a preflight is answered before anything else", arguments: preflights.indices) func preflight(
        index: Int
    ) throws {
        let example = Self.preflights[index]
        let fixture = try ReferenceFixture(instance: "\"domains\": [\"nowhere.test\"]")
        let answer = fixture.server.send(
            HTTPRequest(method: "OPTIONS", path: "/oauth/v2/token", headers: example.headers))
        #expect(answer.status == 204, "\(example.name)")
        #expect(
            (answer.header("Access-Control-Allow-Origin") == "https://app.test") == example.isAllowed, "\(example.name)"
        )
        #expect(answer.body.isEmpty)
    }

    @Test("OPTIONS * asks about the server as a whole, and is answered with 200") func serverOptions() throws {
        let response = try TestServer().send(HTTPRequest(method: "OPTIONS", path: "*"))
        #expect(response.status == 200 && response.body.isEmpty)
    }
}
