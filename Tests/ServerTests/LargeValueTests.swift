import HTTP
import TestSupport
import Testing

/// A parameter may be long, of whatever its sender likes. What it costs is its size, not what Unicode makes of it.
@Suite(.serialized) struct LargeValueTests {
    /// Below all bounds, so that the values reach what compares them.
    private static let size = 60_000
    private static let plain = String(repeating: "x", count: size)
    /// Characters of two scalars each, which Swift composes before it compares or hashes them, as many bytes as the plain text.
    private static let accented = String(repeating: "e\u{301}", count: size / 3)

    private static let places: [(path: String, name: String, others: [(String, String)])] = {
        let authorize = [
            ("client_id", "270000000000000303"), ("response_type", "code"), ("scope", "openid"),
            ("redirect_uri", "http://localhost:3000/callback"),
        ]
        let authorized = [
            "redirect_uri", "scope", "client_id", "state", "nonce", "login_hint", "prompt", "response_type", "request",
            "id_token_hint",
        ].map { name in ("/oauth/v2/authorize", name, authorize.filter { $0.0 != name }) }
        let client = [("client_id", "svc@acme.localhost"), ("client_secret", "svc-secret")]
        let machine = [("grant_type", "client_credentials")] + client
        let token = ["scope", "client_id", "client_secret", "grant_type"].map { name in
            ("/oauth/v2/token", name, machine.filter { $0.0 != name })
        }
        let others: [(String, String, [(String, String)])] = [
            ("/oauth/v2/token", "assertion", [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")]),
            ("/oauth/v2/introspect", "token", []), ("/oauth/v2/revoke", "token", client),
            ("/oidc/v1/userinfo", "access_token", []), ("/oidc/v1/end_session", "id_token_hint", []),
            ("/oidc/v1/end_session", "post_logout_redirect_uri", [("client_id", "270000000000000303")]),
            ("/oauth/v2/device_authorization", "client_id", []),
        ]
        return authorized + token + others
    }()

    private static func work(_ request: HTTPRequest, _ server: TestServer) -> Int64 {
        let start = processorTime()
        _ = server.send(request)
        return processorTime() - start
    }

    /// Whether a request costs about as much as one of the same size. The least of many runs counts: other tests that run beside it make single ones slow.
    private static func isCheap(_ request: HTTPRequest, comparedWith plain: HTTPRequest, _ server: TestServer) -> Bool {
        let least = (0..<3).map { _ in work(plain, server) }.min() ?? 0
        return (0..<50).contains { _ in work(request, server) < 4 * max(10_000_000, least) }
    }

    @Test("a parameter with letters outside ASCII takes about as long as another one of its size")
    func parameters() throws {
        let server = try TestServer()
        for place in Self.places {
            func request(_ value: String) -> HTTPRequest {
                let headers =
                    place.path == "/oauth/v2/introspect"
                    ? [TestServer.basic("270000000000000302", "test-api-2-secret")] : []
                return TestServer.formRequest(place.path, place.others + [(place.name, value)], headers: headers)
            }
            #expect(
                Self.isCheap(request(Self.accented), comparedWith: request(Self.plain), server),
                "\(place.name) at \(place.path)")
        }
    }

    @Test(
        "a header field with letters outside ASCII takes about as long as another one of its size",
        arguments: ["cookie", "mock-login-as", "authorization", "origin", "forwarded", "accept-language"])
    func headers(name: String) throws {
        let server = try TestServer()
        func request(_ value: String) -> HTTPRequest {
            let query =
                "client_id=270000000000000303&response_type=code&scope=openid&redirect_uri=http://localhost:3000/callback"
            return HTTPRequest(
                method: "GET", path: "/oauth/v2/authorize", query: Array(query.utf8), headers: [(name, value)])
        }
        #expect(Self.isCheap(request(Self.accented), comparedWith: request(Self.plain), server))
    }

    @Test("many parameters without a meaning take about as long as one of their size", arguments: ["", "grantTipe"])
    func parameters(name: String) throws {
        let server = try TestServer()
        let many = (0..<9000).map { ("\(name)\($0)", "") }
        let size = many.reduce(0) { $0 + $1.0.utf8.count + 2 }
        #expect(
            Self.isCheap(
                TestServer.formRequest("/oauth/v2/token", many),
                comparedWith: TestServer.formRequest("/oauth/v2/token", [("x", String(repeating: "x", count: size))]),
                server))
    }

    @Test(
        "what looks like many parameters in a value takes about as long as another text of its size",
        arguments: ["=", "a=a=", "\":", "abc=abc=", "secret=", "@", " Basic", "http://a:b@"])
    func manySigns(text: String) throws {
        let server = try TestServer()
        let value = String(repeating: text, count: Self.size / text.utf8.count)
        func request(_ value: String) -> HTTPRequest {
            TestServer.formRequest("/oauth/v2/token", [("grant_type", "client_credentials"), ("client_id", value)])
        }
        #expect(Self.isCheap(request(value), comparedWith: request(Self.plain), server))
        func path(_ value: String) -> HTTPRequest { HTTPRequest(method: "GET", path: "/" + value) }
        #expect(Self.isCheap(path(value), comparedWith: path(Self.plain), server))
    }

    @Test(
        "an unregistered redirect URI is parsed once, not once for each registered one",
        arguments: ["+", "http://localhost/@", "http://@"])
    func redirectURI(text: String) throws {
        let server = try TestServer()
        let value = text + String(repeating: String(text.suffix(1)), count: Self.size)
        func request(_ value: String) -> HTTPRequest {
            TestServer.formRequest(
                "/oauth/v2/authorize",
                [
                    ("client_id", "270000000000000303"), ("response_type", "code"), ("scope", "openid"),
                    ("redirect_uri", value),
                ])
        }
        #expect(Self.isCheap(request(value), comparedWith: request(Self.plain), server))
    }
}
