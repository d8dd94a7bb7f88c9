import Encodings
import TestSupport
import Testing

/// How many roles a project has, and how much metadata a user.
@Suite struct CountLimitTests {
    private let server: TestServer
    private let call: ControlCaller

    init() throws {
        server = try TestServer()
        call = ControlCaller(server: server)
    }

    private func metadata(_ numbers: Range<Int>) -> JSON {
        var entries = JSONObject()
        for number in numbers { entries.append("k\(number)", .string("v")) }
        return ["metadata": .object(entries)]
    }

    @Test("a user may have 1000 metadata entries; a further one is refused by every call, until one is removed")
    func metadata() throws {
        try call("PATCH", "/users/alice", ["metadata": .null])
        try call("PATCH", "/users/alice", metadata(0..<1000))
        let refused = try call("PUT", "/users/alice/metadata/more", ["value": "v"], expect: 429)
        #expect(refused["detail"]?.string == "there are 1000 metadata entries already; remove some")
        try call("PATCH", "/users/alice", metadata(1000..<1001), expect: 400)
        try call("PUT", "/users/alice/metadata/k0", ["value": "changed"], expect: 204)
        try call("DELETE", "/users/alice/metadata/k0", expect: 204)
        try call("PUT", "/users/alice/metadata/more", ["value": "v"], expect: 204)
        let export = try call("GET", "/seed")
        try call("PUT", "/seed", export)
    }

    @Test("a key of metadata has at most 200 characters") func key() throws {
        let key = String(repeating: "k", count: 201)
        try call("PUT", "/users/alice/metadata/\(key)", ["value": "v"], expect: 400)
        try call("PUT", "/users/alice/metadata/\(key.dropLast())", ["value": "v"], expect: 204)
    }

    @Test("a project may have 1000 roles; a further one is refused by every call, until one is removed")
    func roles() throws {
        let keys = (0..<1000).map { JSON.string("role\($0)") }
        let project =
            try call(
                "POST", "/organizations", ["name": "Roles", "projects": [["name": "P", "roles": .array(keys)]]],
                expect: 201)["projects"]?.array?.first?.id ?? ""
        try call("POST", "/projects/\(project)/roles", ["key": "more"], expect: 429)
        try call("PATCH", "/projects/\(project)", ["roles": .array(keys + ["more"])], expect: 400)
        try call("DELETE", "/projects/\(project)/roles/role0", expect: 204)
        try call("POST", "/projects/\(project)/roles", ["key": "more"], expect: 201)
    }
}
