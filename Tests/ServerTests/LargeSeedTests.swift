import HTTP
import TestSupport
import Testing

/// Requests that anybody may send cost no more with many users and apps: an answer that grows with them would let a few bytes keep the server busy.
@Suite(.serialized) struct LargeSeedTests {
    private static func server(users: Int) throws -> TestServer {
        let people = (0..<users).map { index in
            index % 2 == 0
                ? "{\"type\": \"human\", \"userName\": \"person\(index)\", \"firstName\": \"A\", \"lastName\": \"B\(index)\"}"
                : "{\"type\": \"machine\", \"userName\": \"service\(index)\", \"name\": \"S\(index)\"}"
        }
        let apps = (0..<users).map {
            "{\"type\": \"oidc\", \"name\": \"app\($0)\", \"clientId\": \"client\($0)\", \"authMethod\": \"none\", \"appType\": \"web\", \"redirectUris\": [\"http://localhost:3000/\($0)\"]}"
        }
        return try TestServer(
            seed: """
                {"organizations": [{"name": "ACME", "users": [\(people.joined(separator: ","))],
                  "projects": [{"name": "P", "apps": [\(apps.joined(separator: ","))]}]}]}
                """)
    }

    private static let requests: [(name: String, request: HTTPRequest)] = [
        ("start page", HTTPRequest(method: "GET", path: "/")),
        (
            "unknown client",
            TestServer.formRequest("/oauth/v2/introspect", [("token", "x")], headers: [TestServer.basic("nobody", "x")])
        ),
        (
            "unknown app at sign-in",
            HTTPRequest(
                method: "GET", path: "/oauth/v2/authorize",
                query: Array("client_id=x&response_type=code&redirect_uri=x&scope=openid".utf8))
        ),
        ("discovery", HTTPRequest(method: "GET", path: "/.well-known/openid-configuration")),
        (
            "wrong token",
            HTTPRequest(method: "GET", path: "/oidc/v1/userinfo", headers: [("authorization", "Bearer x")])
        ),
    ]

    private static func work(_ request: HTTPRequest, _ server: TestServer) -> Int64 {
        let start = processorTime()
        _ = server.send(request)
        return processorTime() - start
    }

    @Test("requests without credentials cost the same with four times the users and apps")
    func cost() throws {
        let (small, large) = (try Self.server(users: 1000), try Self.server(users: 4000))
        for (name, request) in Self.requests {
            let least = (0..<5).map { _ in Self.work(request, small) }.min() ?? 0
            // A run that was lucky is enough, so there are more of them only when there was none.
            let isSame = (0..<20).contains { _ in Self.work(request, large) < 3 * max(1_000_000, least) }
            #expect(isSame, "\(name)")
        }
    }
}
