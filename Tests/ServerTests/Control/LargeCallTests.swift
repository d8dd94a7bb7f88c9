import Encodings
import HTTP
import ResourceFormat
import TestSupport
import Testing

/// Calls of the control API cost in proportion to their size: an upload of a few megabytes never keeps the server busy for minutes.
@Suite(.serialized) struct LargeCallTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What is called first, and then the call that is measured.
        let calls: @Sendable (_ count: Int) -> [(method: String, path: String, body: JSON)]

        init(_ name: String, _ calls: @escaping @Sendable (Int) -> [(method: String, path: String, body: JSON)]) {
            testDescription = name
            self.calls = calls
        }

        init(_ name: String, _ method: String, _ path: String, _ body: @escaping @Sendable (Int) -> JSON) {
            self.init(name) { [(method, path, body($0))] }
        }
    }

    private static func list(_ count: Int, _ item: (Int) -> JSON) -> JSON { .array((0..<count).map(item)) }

    private static func map(_ count: Int, _ value: JSON = "v") -> JSON {
        var object = JSONObject()
        for index in 0..<count { object.append("m\(index)", value) }
        return .object(object)
    }

    private static func acme(_ members: JSON) -> JSON {
        let organization: JSON = ["name": "ACME"]
        return ["organizations": [organization.merged(with: members)]]
    }

    private static func user(_ members: JSON) -> JSON {
        let user: JSON = ["type": "machine", "userName": "robot"]
        return user.merged(with: members)
    }

    static let kinds: [Kind] = [
        Kind("a part of a seed with projects", "PATCH", "/seed") { count in
            acme(["projects": list(count) { ["name": .string("p\($0)")] }])
        },
        Kind("a part of a seed with organizations", "PATCH", "/seed") { count in
            ["organizations": list(count) { ["name": .string("o\($0)")] }]
        },
        Kind("a part of a seed with a user again and again", "PATCH", "/seed") { count in
            acme(["users": list(count) { _ in user([:]) }])
        },
        Kind("a part of a seed with unknown members", "PATCH", "/seed") { map($0) },
        Kind("a seed of organizations without names", "PUT", "/seed") { count in
            ["organizations": list(count) { _ in [:] }]
        },
        Kind("a seed of users that are none", "PUT", "/seed") { count in acme(["users": list(count) { _ in 1 }]) },
        Kind("a user without a type", "POST", "/organizations/ACME/users") { map($0) },
        Kind("a part of a seed with grants", "PATCH", "/seed") { count in
            acme([
                "projects": list(count) { ["name": .string("p\($0)")] },
                "users": [user(["grants": list(count) { ["project": .string("p\($0)"), "roles": []] }])],
            ])
        },
        Kind("claims of a user", "PATCH", "/users/svc") { ["claims": map($0)] },
        Kind("claims of a user in a token") { count in
            [
                ("PATCH", "/users/svc", ["claims": map(count)]),
                ("POST", "/tokens", ["user": "svc", "format": "jwt"]),
            ]
        },
        Kind("unknown roles of projects with many") { count in
            let projects = list(count / 400) { number in
                ["name": .string("p\(number)"), "roles": list(400) { .string("role-\($0)") }]
            }
            let grants = list(count / 400) { number in
                ["project": .string("p\(number)"), "roles": list(400) { .string("rule-\($0)") }]
            }
            return [
                ("PATCH", "/seed", acme(["projects": projects])),
                ("POST", "/organizations/ACME/users", user(["grants": grants])),
            ]
        },
        Kind("grants to unknown projects", "POST", "/organizations/ACME/users") { count in
            user(["grants": list(count) { ["project": .string("x\($0)"), "roles": []] }])
        },
        Kind("keys that are none", "POST", "/organizations/ACME/users") { count in
            user(["keys": list(count) { _ in ["publicKey": "x"] }])
        },
        Kind("headers of a fault", "POST", "/faults") { ["do": ["headers": map($0)]] },
        Kind("claims of a token", "POST", "/tokens") { ["user": "svc", "format": "jwt", "claims": map($0)] },
        Kind("unknown members", "POST", "/tokens") { map($0) },
    ]

    /// The time of the last call on a new server.
    private static func work(_ kind: Kind, _ count: Int) throws -> Int64 {
        let server = try TestServer()
        let calls = kind.calls(count)
        for call in calls.dropLast() {
            let answer = try #require(server.control(call.method, call.path, call.body))
            try #require(answer.status < 300, "\(answer.text.prefix(500))")
        }
        let last = try #require(calls.last)
        let start = processorTime()
        let answer = try #require(server.control(last.method, last.path, last.body))
        let time = processorTime() - start
        try #require(answer.body.count < 1000 * count, "an answer is no larger than the call")
        return time
    }

    @Test("a call of eight times the size takes about eight times as long", arguments: kinds)
    func growth(kind: Kind) throws {
        let small = try min(Self.work(kind, 400), Self.work(kind, 400))
        // A run that was lucky is enough: a cost that grows with the square is 64 times as high.
        let isLinear = try (0..<3).contains { _ in try Self.work(kind, 3200) < 20 * max(4_000_000, small) }
        #expect(isLinear)
    }

    @Test("of many problems, the first hundred are shown, and how many more there are") func problems() throws {
        let answer = try #require(TestServer().control("POST", "/tokens", Self.map(150)))
        #expect(answer.status == 400)
        let problems = answer.json["problems"]?.array ?? []
        #expect(problems.count == 101)
        #expect(problems.last?["detail"] == "and 51 more problems")
    }
}
