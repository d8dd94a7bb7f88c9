import Encodings
import HTTP
import Provider
import Storage
import TestSupport
import Testing

/// Cases that were found by attacking the control API.
@Suite struct ControlRegressionTests {
    private let server: TestServer
    private let call: ControlCaller

    init() throws {
        server = try TestServer()
        call = ControlCaller(server: server)
    }

    private func userInfo(_ token: String) -> Int {
        server.get("/oidc/v1/userinfo", headers: [("authorization", "Bearer \(token)")]).status
    }

    @Test("a token that PATCH /seed created survives a reset, and an invalid PATCH changes nothing")
    func seedTokens() throws {
        let user: JSON = ["type": "machine", "userName": "late", "personalAccessTokens": [["id": "999"]]]
        let made = try call("PATCH", "/seed", ["organizations": [["name": "ACME", "users": [user]]]])
        let token = try #require(made["madeTokens"]?["999"]?.string)
        #expect(userInfo(token) == 200)
        try call("POST", "/reset", [:], expect: 204)
        #expect(userInfo(token) == 200)
        try call("PATCH", "/seed", ["organizations": .null], expect: 400)
        #expect(try call("GET", "/organizations").items.count == 2)
    }

    @Test(
        "PUT /seed returns a new personal access token each time, and only the latest one works")
    func putTwice() throws {
        let token: JSON = ["id": "999"]
        let seed: JSON = [
            "organizations": [
                ["name": "A", "users": [["type": "machine", "userName": "m", "personalAccessTokens": [token]]]]
            ]
        ]
        let first = try #require(call("PUT", "/seed", seed)["madeTokens"]?["999"]?.string)
        #expect(userInfo(first) == 200)
        let second = try #require(call("PUT", "/seed", seed)["madeTokens"]?["999"]?.string)
        #expect(userInfo(second) == 200 && userInfo(first) == 401)
        try call("POST", "/reset", [:], expect: 204)
        #expect(userInfo(second) == 200)
    }

    @Test("the reason for a token that a call revoked or removed says so") func removedTokens() throws {
        let minted = try call("POST", "/tokens", ["user": "svc"], expect: 201)
        let token = try #require(minted["token"]?.string)
        try call("DELETE", "/tokens/\(minted.id)", expect: 204)
        #expect(server.introspect(token).header("Mock-Reason")?.contains("or through the control API") == true)
        let made = try call("POST", "/users/svc/personalAccessTokens", [:], expect: 201)
        let removed = try #require(made["token"]?.string)
        try call("DELETE", "/personalAccessTokens/\(made.id)", expect: 204)
        #expect(server.introspect(removed).header("Mock-Reason")?.contains("have been deleted") == true)
    }

    @Test("applying the same PATCH /seed twice adds once, and it may refer to resources that a call created")
    func seedTwice() throws {
        try call("POST", "/organizations/ACME/projects", ["name": "By call", "roles": ["z"]], expect: 201)
        let bob: JSON = [
            "type": "human", "userName": "bob",
            "grants": [["project": "Shop", "organization": "Partner", "roles": ["reader"]]],
        ]
        let alice: JSON = ["type": "human", "userName": "alice", "grants": [["project": "By call", "roles": ["z"]]]]
        let fragment: JSON = [
            "organizations": [["name": "Partner", "users": [bob]], ["name": "ACME", "users": [alice]]]
        ]
        for _ in 0..<2 { try call("PATCH", "/seed", fragment) }
        #expect(try call("GET", "/users/bob/grants").items.count == 1)
        #expect(try call("GET", "/users/alice/grants").items.count == 2)
        try call("POST", "/projects/Shop/grants", ["organization": "Partner", "roles": ["reader"]], expect: 409)
    }

    @Test("a scenario that begins twice is undone completely, and undoing it keeps later changes")
    func scenarios() throws {
        let roles = { try call("GET", "/users/svc/grants").items.first?["roles"] }
        let before = try roles()
        for _ in 0..<2 { try call("PUT", "/scenarios/role-revoked", ["user": "svc"]) }
        #expect(try roles() == [])
        try call("DELETE", "/scenarios/role-revoked", expect: 204)
        #expect(try roles() == before)
        try call("PUT", "/scenarios/role-revoked", ["user": "svc"])
        try call("DELETE", "/projects/Shop/roles/reader", expect: 204)
        try call("DELETE", "/scenarios/role-revoked", expect: 204)
        #expect(try roles()?.array?.contains("reader") == false)

        try call("PUT", "/scenarios/pat-expires", ["user": "svc"])
        try call("PATCH", "/users/svc", ["state": "locked"])
        try call("PATCH", "/users/svc", ["state": "active"])
        try call("DELETE", "/scenarios/pat-expires", expect: 204)
        #expect(userInfo("pat-svc-0123456789abcdef") == 401, "its user's leave has ended it")
    }

    @Test("scenarios are part of a snapshot, and a reset of the faults undoes them") func scenarioStates() throws {
        try call("PUT", "/scenarios/idp-down", [:])
        try call("PUT", "/snapshots/down", [:])
        try call("DELETE", "/scenarios/idp-down", expect: 204)
        try call("POST", "/snapshots/down/restore", [:], expect: 204)
        #expect(server.get("/oauth/v2/keys").status == 503)
        try call("DELETE", "/scenarios/idp-down", expect: 204)
        #expect(server.get("/oauth/v2/keys").status == 200)
        try call("PUT", "/scenarios/role-revoked", ["user": "svc"])
        try call("POST", "/reset", ["only": ["faults"]], expect: 204)
        #expect(try call("GET", "/users/svc/grants").items.first?["roles"] != [])
    }

    @Test("restoring a snapshot restores its signing keys, and the seed that a reset returns to")
    func snapshots() throws {
        try call("POST", "/reset", ["only": ["signingKeys"]], expect: 204)
        try call("PUT", "/snapshots/a", [:])
        let keys = server.get("/oauth/v2/keys").text
        try call("PUT", "/seed", ["organizations": [["name": "Only"]]])
        try call("POST", "/snapshots/a/restore", [:], expect: 204)
        try call("POST", "/reset", [:], expect: 204)
        #expect(try call("GET", "/users").items.count > 3)
        #expect(server.get("/oauth/v2/keys").text == keys)
    }

    @Test("the exported seed loads again after any change") func exports() throws {
        try call("PATCH", "/instance", ["autoLogin": "alice@acme.localhost"])
        try call("DELETE", "/users/alice", expect: 204)
        try call("POST", "/organizations", ["name": "\u{65E5}\u{672C}"], expect: 201)
        try call("PATCH", "/apps/Test%20API", ["authMethod": "basic"])
        let seed = try call("GET", "/seed")
        try call("PUT", "/seed", seed)
        #expect(try call("GET", "/seed") == seed)
    }

    @Test("names that differ in Unicode normalization are different names") func unicode() throws {
        try call("PATCH", "/users/alice", ["nickName": "\u{E9}"])
        let changed = try call("PATCH", "/users/alice", ["nickName": "e\u{301}"])["nickName"]?.string
        let stored = try call("GET", "/users/alice")["nickName"]?.string
        #expect(changed?.unicodeScalars.count == 2 && stored?.unicodeScalars.count == 2)
    }

    @Test("a fault can neither split a response nor set header fields of the server") func headers() throws {
        for name in ["X\r\nSet-Cookie: a=b\r\nY", "", "Content-Length", "transfer-encoding"] {
            try call("POST", "/faults", ["do": ["status": 503, "headers": [name: "5"]]] as JSON, expect: 400)
        }
        #expect(try call("GET", "/faults").items.isEmpty)
    }

    @Test("a computed hash stays when its user changes, and a missing hash is computed")
    func passwords() throws {
        let folder = TemporaryFolder()
        let server = try TestServer(database: folder.path + "/db.sqlite")
        let call = ControlCaller(server: server)
        let store = {
            try server.instance.passwords.store(
                in: server.storage, randomBytes: server.instance.dependencies.randomBytes)
        }
        func deferred() throws -> Int { try server.storage.deferredPasswords().count }
        #expect(try deferred() > 0)
        try store()
        #expect(try deferred() == 0)
        try call("PATCH", "/users/alice", ["nickName": "x"])
        #expect(try deferred() == 0)
        try call("DELETE", "/users/alice", expect: 204)
        try call("POST", "/reset", [:], expect: 204)
        try store()
        #expect(try deferred() == 0, "who comes back gets the hash back")
        try call("PATCH", "/users/alice", ["password": "Another1!"])
        #expect(try deferred() == 1)
        try call("DELETE", "/users/bob", expect: 204)
        try call("POST", "/reset", [:], expect: 204)
        try store()
        #expect(try deferred() == 0)
    }
}
