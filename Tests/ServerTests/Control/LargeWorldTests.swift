import Encodings
import HTTP
import TestSupport
import Testing

/// A call about one resource costs about the same however many others there are.
@Suite(.serialized) struct LargeWorldTests {
    /// A server with this many service users, all with grants and some with personal access tokens, and with a tenth as many apps.
    private static func server(users: Int) throws -> TestServer {
        let server = try TestServer()
        let people: [JSON] = (0..<users).map { index in
            [
                "type": "machine", "id": .string(String(400_000_000_000_000_000 + index)),
                "userName": .string("robot\(index)"),
                "grants": [["project": "Shop", "roles": []]],
                "personalAccessTokens": index % 4 == 0 ? [["token": .string("token-of-robot-\(index)")]] : [],
            ]
        }
        let apps: [JSON] = (0..<users / 10).map {
            ["type": "api", "name": .string("Crowd \($0)"), "authMethod": "private_key_jwt"]
        }
        let body: JSON = [
            "name": "Crowd", "users": .array(people), "projects": [["name": "Crowd", "apps": .array(apps)]],
        ]
        let answer = try #require(server.control("POST", "/organizations", body))
        try #require(answer.status == 201, "\(answer.text.prefix(500))")
        return server
    }

    private struct Call {
        let method: String
        let path: String
        let body: JSON?

        init(_ method: String, _ path: String, _ body: JSON? = nil) {
            self.method = method
            self.path = path
            self.body = body
        }
    }

    private static func calls(_ number: Int) -> [Call] {
        let (user, name) = ("/users/new\(number)", JSON.string("new\(number)"))
        let newUser: JSON = ["type": "machine", "userName": name, "grants": [["project": "Shop", "roles": []]]]
        let newApp: JSON = ["type": "api", "name": name, "authMethod": "private_key_jwt"]
        return [
            Call("POST", "/organizations/ACME/users", newUser),
            Call("POST", "\(user)/personalAccessTokens", [:]),
            Call("GET", user),
            Call("PATCH", user, ["name": name]),
            Call("GET", "\(user)/grants"),
            Call("POST", "/projects/Shop/apps", newApp),
            Call("PATCH", "/projects/Shop", ["projectRoleCheck": .bool(number % 2 == 0)]),
            Call("POST", "/organizations", ["name": name]),
            Call("PATCH", user, ["state": "locked"]),
            Call("DELETE", user),
        ]
    }

    /// The time of each call, in nanoseconds.
    private static func work(_ number: Int, _ server: TestServer) throws -> [Int64] {
        try calls(number).map { call in
            let start = processorTime()
            let answer = try #require(server.control(call.method, call.path, call.body))
            let time = processorTime() - start
            try #require(answer.status < 300, "\(call.path): \(answer.text.prefix(500))")
            return time
        }
    }

    @Test("creating, reading, changing and removing one costs the same with ten times the users") func cost() throws {
        let (small, large) = (try Self.server(users: 1000), try Self.server(users: 10_000))
        let few = try (0..<5).map { try Self.work($0, small) }
        let many = try (0..<5).map { try Self.work($0, large) }
        for (index, call) in Self.calls(0).enumerated() {
            let times = (few.map { $0[index] }.min() ?? 0, many.map { $0[index] }.min() ?? 0)
            print("\(call.method) \(call.path): \(times.0 / 1000) µs, with ten times the users \(times.1 / 1000) µs")
            #expect(times.1 < 3 * max(1_000_000, times.0), "\(call.method) \(call.path)")
        }
    }
}
