import Encodings
import HTTP
import TestSupport
import Testing

/// What of a resource a call cannot set.
@Suite struct ReadOnlyMemberTests {
    static let resources = ["/organizations/ACME", "/projects/Shop", "/apps/270000000000000303", "/users/alice"]

    @Test("a whole answer can be sent back, in whatever order its members are", arguments: resources)
    func whole(_ path: String) throws {
        let call = ControlCaller(server: try TestServer())
        let shown = try call("GET", path)
        let reversed = JSON.object(JSONObject(reversing: shown.object ?? [:]))
        #expect(try call("PATCH", path, reversed) == shown, "nothing is changed")
    }

    @Test("every app and user of the fixture can be sent back", arguments: ["/apps", "/users"])
    func all(_ list: String) throws {
        let call = ControlCaller(server: try TestServer())
        let ids = try call("GET", list).items.map(\.id)
        #expect(!ids.isEmpty)
        for id in ids {
            let shown = try call("GET", "\(list)/\(id)")
            #expect(try call("PATCH", "\(list)/\(id)", shown) == shown)
        }
    }

    static let patches: [(path: String, member: String, value: JSON, problem: String)] = [
        ("/users/alice", "organization", "ACME", "is \"270000000000000001\" and cannot be set; leave it out"),
        ("/users/alice", "loginNames", 42, "is [\"alice@acme.localhost\"] and cannot be set; leave it out"),
        ("/users/alice", "details", ["sequence": 99], "cannot be set; leave it out"),
        ("/users/alice", "grants", [], "grants are changed by routes of their own"),
        ("/projects/Shop", "organization", "nope", "cannot be set; leave it out"),
        ("/apps/270000000000000303", "project", "1", "is \"270000000000000101\" and cannot be set; leave it out"),
        ("/apps/270000000000000303", "id", "1", "an id cannot be changed; leave it out"),
    ]

    @Test("another value of a member that cannot be set is refused, and nothing is changed", arguments: patches)
    func patch(_ path: String, _ member: String, _ value: JSON, _ problem: String) throws {
        let call = ControlCaller(server: try TestServer())
        let before = try call("GET", path)
        let refused = try call("PATCH", path, .object(JSONObject(dictionaryLiteral: (member, value))), expect: 400)
        #expect(refused["pointer"] == .string("/" + member))
        #expect(refused["detail"]?.string?.contains(problem) == true, "\(refused.text)")
        #expect(try call("GET", path) == before)
    }

    @Test("a new resource may have its derived members, but no others") func create() throws {
        let call = ControlCaller(server: try TestServer())
        let robot: JSONObject = ["type": "machine", "userName": "robot"]
        for (name, value): (String, JSON) in [
            ("organization", "ACME"), ("loginNames", ["robot"]), ("details", [:]),
        ] {
            let refused = try call(
                "POST", "/organizations/ACME/users", .object(robot.setting(name, value)), expect: 400)
            #expect(refused["pointer"] == .string("/" + name))
            #expect(refused["detail"]?.string?.contains("cannot be set; leave it out") == true, "\(refused.text)")
        }
        try call("GET", "/users/robot", expect: 404)
        let fitting = robot.setting("organization", "270000000000000001").setting(
            "loginNames", ["robot@acme.localhost"])
        try call("POST", "/organizations/ACME/users", .object(fitting), expect: 201)
    }

    static let nameless: [(method: String, path: String, body: JSON, problem: String)] = [
        ("POST", "/organizations", [:], "has no member \"name\", which is required"),
        ("POST", "/organizations", ["id": "5"], "has no member \"name\", which is required"),
        ("POST", "/organizations", ["name": "N", "projects": [["id": "5"]]], "/projects/0: has no member \"name\""),
        ("POST", "/organizations/ACME/projects", [:], "has no member \"name\", which is required"),
        ("PATCH", "/projects/Shop", ["name": .null], "has no member \"name\", which is required"),
        ("PATCH", "/organizations/ACME", ["name": .null], "has no member \"name\", which is required"),
    ]

    @Test("a name that is missing is asked for, and not the id of an earlier file", arguments: nameless)
    func name(_ method: String, _ path: String, _ body: JSON, _ problem: String) throws {
        let refused = try ControlCaller(server: try TestServer())(method, path, body, expect: 400)
        let detail = refused["detail"]?.string ?? ""
        #expect(detail.contains(problem), "\(detail)")
        #expect(!detail.contains("earlier") && !detail.contains("at least one"), "\(detail)")
    }
}

extension JSONObject {
    /// The same members from the last to the first, also in the objects that they hold.
    fileprivate init(reversing object: JSONObject) {
        self.init()
        for member in object.members.reversed() { append(member.name, member.value.reversed) }
    }
}

extension JSON {
    fileprivate var reversed: JSON {
        switch self {
        case .object(let object): .object(JSONObject(reversing: object))
        case .array(let values): .array(values.map(\.reversed))
        default: self
        }
    }
}
