import Encodings
import HTTP
import Storage
import TestSupport
import Testing

/// What becomes of resources that calls made when the server starts with the same seed again, or with another one.
@Suite struct SeedRestartTests {
    private let folder = TemporaryFolder()

    private func start(_ seed: String) throws -> ControlCaller {
        ControlCaller(server: try TestServer(seed: seed, database: folder.path + "/db.sqlite"))
    }

    /// Two organizations; A has a project, and grants some of its roles to B.
    private static func seed(
        roles: [String] = ["a", "b"], granted: [String]? = ["a", "b"], more: String = ""
    ) -> String {
        let grants = granted.map {
            #""grants": [{"id": "21", "organization": "B", "roles": \#(JSON.strings($0).text)}],"#
        }
        return
            #"{"organizations": [{"id": "1", "name": "A", "projects": [{"id": "11", "name": "P", \#(grants ?? "") "roles": \#(JSON.strings(roles).text)}]}, {"id": "2", "name": "B"}\#(more)]}"#
    }

    private static func user(_ name: String, _ grant: JSON) -> JSON {
        ["type": "machine", "userName": .string(name), "grants": .array([grant])]
    }

    /// The state can be loaded again.
    private func checkExport(_ call: ControlCaller) throws {
        let seed = try call("GET", "/seed")
        try call("PUT", "/seed", seed)
    }

    @Test(
        "a role that was added to a project of the seed is still there after a restart, and one that the seed lost is not"
    )
    func addedRole() throws {
        do {
            let call = try start(Self.seed())
            try call("POST", "/projects/P/roles", ["key": "added", "displayName": "Added"], expect: 201)
            let user = Self.user("u", ["project": "P", "roles": ["added", "b"]])
            try call("POST", "/organizations/A/users", user, expect: 201)
        }
        do {
            let call = try start(Self.seed())
            #expect(try call("GET", "/projects/P/roles").items.compactMap { $0["key"]?.string } == ["a", "b", "added"])
            #expect(try call("GET", "/users/u/grants").items.first?["roles"] == ["added", "b"])
            try call("POST", "/reset", [:], expect: 204)
            #expect(try call("GET", "/projects/P/roles").items.count == 2, "a reset comes back to the seed")
        }
        do {
            let call = try start(Self.seed())
            try call("POST", "/projects/P/roles", ["key": "again"], expect: 201)
        }
        let call = try start(Self.seed(roles: ["a", "c"], granted: ["a"]))
        #expect(try call("GET", "/projects/P/roles").items.compactMap { $0["key"]?.string } == ["a", "c", "again"])
        try checkExport(call)
    }

    @Test("a part of a seed that is added while the server runs leaves added roles what they are") func extended()
        throws
    {
        do {
            let call = try start(Self.seed())
            try call("POST", "/projects/P/roles", ["key": "added"], expect: 201)
            let part: JSON = ["organizations": [["id": "1", "projects": [["id": "11", "roles": ["patched"]]]]]]
            try call("PATCH", "/seed", part)
        }
        let call = try start(Self.seed())
        #expect(try call("GET", "/projects/P/roles").items.compactMap { $0["key"]?.string } == ["a", "b", "added"])
    }

    @Test("grants that calls made lose what the next seed no longer has") func narrowed() throws {
        do {
            let call = try start(Self.seed())
            let own = Self.user("own", ["project": "P", "roles": ["a", "b"]])
            let foreign = Self.user("foreign", ["project": "P", "roles": ["a", "b"], "organization": "B"])
            try call("POST", "/organizations/A/users", own, expect: 201)
            try call("POST", "/organizations/B/users", foreign, expect: 201)
        }
        do {
            let call = try start(Self.seed(granted: ["a"]))
            #expect(try call("GET", "/users/own/grants").items.first?["roles"] == ["a", "b"])
            #expect(try call("GET", "/users/foreign/grants").items.first?["roles"] == ["a"])
            try checkExport(call)
        }
    }

    @Test("a grant that a call made by a project grant goes with that, and loses the roles that the project loses")
    func removed() throws {
        do {
            let call = try start(Self.seed())
            let foreign = Self.user("foreign", ["project": "P", "roles": ["a", "b"], "organization": "B"])
            let own = Self.user("own", ["project": "P", "roles": ["a", "b"]])
            try call("POST", "/organizations/B/users", foreign, expect: 201)
            try call("POST", "/organizations/A/users", own, expect: 201)
        }
        let call = try start(Self.seed(roles: ["a"], granted: nil))
        #expect(try call("GET", "/users/foreign/grants").items.isEmpty)
        #expect(try call("GET", "/users/own/grants").items.first?["roles"] == ["a"])
        try checkExport(call)
    }

    static let conflicts = [
        (
            #", {"id": "4", "name": "C", "primaryDomain": "made.localhost"}"#,
            "organization 4 of the seed has the domain"
        ),
        (
            #", {"id": "4", "name": "C", "userLoginMustBeDomain": false, "users": [{"id": "5", "type": "machine", "userName": "m"}]}"#,
            "user 5 of the seed has the login name \"m\""
        ),
    ]

    @Test("a seed that takes the name of something that a call made is refused at the start", arguments: conflicts)
    func conflict(more: String, message: String) throws {
        do {
            let call = try start(Self.seed())
            let made: JSON = ["name": "Made", "primaryDomain": "made.localhost", "userLoginMustBeDomain": .bool(false)]
            try call("POST", "/organizations", made, expect: 201)
            try call("POST", "/organizations/Made/users", ["type": "machine", "userName": "m"], expect: 201)
        }
        var text = ""
        do { _ = try start(Self.seed(more: more)) } catch let error as StorageError { text = error.description }
        #expect(text.contains(message), "\(text)")
        #expect(text.contains("made through the API; use a fresh --database"))
        #expect(throws: Never.self) { try start(Self.seed()) }
    }
}
