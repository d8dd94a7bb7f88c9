import Crypto
import Encodings
import HTTP
import JOSE
import Model
import Provider
import TestSupport
import Testing

/// The state of an instance as a whole: settings, seed, reset, snapshots, keys, scenarios.
@Suite struct SeedResetSnapshotTests {
    private static let caller = TestServer.basic("270000000000000302", "test-api-2-secret")

    private func mint(_ call: ControlCaller, _ more: JSONObject = [:]) throws -> String {
        var body: JSONObject = ["user": "svc", "audience": ["270000000000000101"]]
        body.members += more.members
        return try call("POST", "/tokens", .object(body), expect: 201)["token"]?.string ?? ""
    }

    private func isActive(_ server: TestServer, _ token: String) -> Bool {
        server.post("/oauth/v2/introspect", [("token", token)], headers: [Self.caller]).json["active"] == .bool(true)
    }

    @Test("changed settings apply to the next request, also those of the command line") func settings() throws {
        let server = try TestServer { $0.dialect = .documented }
        let call = ControlCaller(server: server)
        #expect(server.post("/oauth/v2/token", [("grant_type", "x")]).status == 400)
        let wrong = { server.post("/oauth/v2/introspect", [("token", "x")], headers: [TestServer.basic("1", "2")]) }
        #expect(wrong().status == 401)
        let changed = try call("PATCH", "/instance", ["dialect": "server", "lifetimes": ["accessToken": "1m"]])
        #expect(changed["dialect"] == "server" && changed["lifetimes"]?["idToken"] == "12h")
        #expect(wrong().status == 400)
        let token = try call("POST", "/tokens", ["user": "svc"], expect: 201)
        #expect(token["expiresAt"]?.string?.contains("T10:01:00") == true)
        try call("POST", "/reset", [:], expect: 204)
        #expect(wrong().status == 401, "what the command line says is back")
        #expect(try call("GET", "/instance")["lifetimes"]?["accessToken"] == "12h")
    }

    @Test("the exported seed brings another instance to the same state, byte for byte") func export() throws {
        let call = ControlCaller(server: try TestServer())
        try call("POST", "/users/svc/keys", [:], expect: 201)
        try call("PATCH", "/users/alice", ["password": "new-password", "nickName": "${not a variable}"])
        let seed = try call("GET", "/seed")
        let other = ControlCaller(server: try TestServer())
        try other("PUT", "/seed", seed)
        #expect(try other("GET", "/seed") == seed)
    }

    @Test("problems of a part of a seed point into the part, also when it names an organization twice") func pointers()
        throws
    {
        let call = ControlCaller(server: try TestServer())
        func organization(_ user: String) -> JSON {
            ["name": "ACME", "users": [["type": "machine", "userName": .string(user), "wrong": 1]]]
        }
        let other: JSON = ["name": "New", "projects": [["name": "P"], ["name": "Q", "wrong": 1]]]
        let fragment: JSON = ["organizations": [organization("one"), organization("two"), other]]
        let problem = try call("PATCH", "/seed", fragment, expect: 400)
        #expect(
            problem["problems"]?.array?.compactMap { $0["pointer"]?.string }.sorted() == [
                "/organizations/0/users/0/wrong", "/organizations/1/users/0/wrong", "/organizations/2/projects/1/wrong",
            ])
    }

    @Test("PUT /seed removes what the seed does not name, and PATCH /seed adds to what exists") func seeds() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        try call("POST", "/organizations", ["name": "By call"], expect: 201)
        try call(
            "PATCH", "/seed",
            [
                "organizations": [
                    [
                        "name": "ACME",
                        "projects": [["name": "Shop", "roles": ["auditor"]]],
                        "users": [
                            ["type": "machine", "userName": "svc", "clientSecret": "another"],
                            ["type": "machine", "userName": "added", "clientSecret": "added"],
                        ],
                    ]
                ]
            ])
        #expect(try call("GET", "/projects/Shop/roles").items.compactMap { $0["key"]?.string }.contains("auditor"))
        #expect(try call("GET", "/users/added")["organization"] == "270000000000000001")
        let form = [("grant_type", "client_credentials"), ("scope", "openid")]
        let basic = TestServer.basic("svc@acme.localhost", "another")
        #expect(server.post("/oauth/v2/token", form, headers: [basic]).status == 200)
        // A reset comes back to the seed with the addition, without what calls made.
        try call("PATCH", "/users/added", ["state": "locked"])
        try call("POST", "/reset", expect: 204)
        #expect(try call("GET", "/users/added")["state"] != "locked")
        try call("GET", "/organizations/By%20call", expect: 404)

        let problem = try call(
            "PATCH", "/seed",
            ["organizations": [["name": "ACME", "users": [["type": "machine", "userName": "x", "state": "asleep"]]]]],
            expect: 400)
        #expect(problem["pointer"] == "/organizations/0/users/0/state", "it points into what was sent")
        try call("PUT", "/seed", ["organizations": [["name": "Only", "users": []]]])
        #expect(try call("GET", "/organizations").items.compactMap { $0["name"]?.string } == ["Only"])
        try call("POST", "/reset", [:], expect: 204)
        #expect(try call("GET", "/users").items.isEmpty)
        for body: JSON in [
            ["organizations": [["name": "A"], ["name": "A"]]],
            [
                "organizations": [
                    [
                        "name": "A",
                        "projects": [
                            ["name": "P", "apps": [["type": "oidc", "name": "W", "clientSecretFile": "/etc/passwd"]]]
                        ],
                    ]
                ]
            ],
            ["instance": ["issuer": "${HOME}"]],
        ] {
            let status = try #require(server.control("PUT", "/seed", body)).status
            #expect(status == 400 || status == 409, "\(body.text)")
        }
        #expect(try call("GET", "/organizations").items.count == 1)
    }

    @Test("null in PATCH /seed removes a secret, of which the server has the hash only")
    func removedSecrets() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let form = [("grant_type", "client_credentials"), ("scope", "openid")]
        let secret = {
            server.post("/oauth/v2/token", form, headers: [TestServer.basic("svc@acme.localhost", "svc-secret")])
        }
        #expect(secret().status == 200)
        func patch(_ user: JSON) throws {
            try call("PATCH", "/seed", ["organizations": [["name": "ACME", "users": [user]]]])
        }
        try patch(["type": "machine", "userName": "svc", "description": "still has its secret"])
        #expect(secret().status == 200)
        try patch(["type": "machine", "userName": "svc", "clientSecret": .null])
        #expect(secret().reason == "user_no_secret")
        #expect(try call("GET", "/users/svc")["description"] == "still has its secret")
    }

    @Test("PATCH /seed finds existing objects by their names") func merging() throws {
        let call = ControlCaller(server: try TestServer())
        func patch(_ members: JSON) throws { try call("PATCH", "/seed", ["organizations": [members]]) }
        let grants = { try call("GET", "/users/svc/grants").items.count }
        let before = try grants()
        let project: JSON = ["name": "Second", "roles": ["one", ["key": "two"]]]
        let user: JSON = [
            "type": "machine", "userName": "svc", "grants": [["project": "Second", "roles": ["one"]]],
        ]
        try patch(["name": "ACME", "projects": [project], "users": [user]])
        #expect(try grants() == before + 1)
        // Once more: no grant is added, and the list of the grant grows.
        let changed: JSON = [
            "type": "machine", "userName": "svc", "grants": [["project": "Second", "roles": ["two"]]],
        ]
        try patch(["name": "ACME", "projects": [project, project], "users": [user, changed]])
        #expect(try grants() == before + 1)
        #expect(try call("GET", "/projects/Second/roles").items.count == 2)
        let roles = try call("GET", "/users/svc/grants").items.last?["roles"]
        #expect(roles == ["one", "two"])
    }

    @Test("a reset restores everything but the signing keys") func reset() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let seed = try call("GET", "/seed")
        let keys = server.get("/oauth/v2/keys").text
        let token = try mint(call)
        try call("DELETE", "/users/alice", expect: 204)
        try call("PATCH", "/users/svc", ["state": "locked"])
        try call("POST", "/organizations", ["name": "By call"], expect: 201)
        try call("PUT", "/clock", ["advance": "1h"])
        try call("POST", "/faults", ["do": ["status": 503]], expect: 201)
        try call("POST", "/reset", [:], expect: 204)
        #expect(try call("GET", "/seed") == seed)
        #expect(!isActive(server, token))
        #expect(server.get("/oauth/v2/keys").text == keys)
        #expect(try call("GET", "/clock")["mode"] == "real")
        let headers = [(name: "authorization", value: "Bearer pat-svc-0123456789abcdef")]
        #expect(server.get("/oidc/v1/userinfo", headers: headers).status == 200, "tokens of the seed live again")
    }

    @Test("a reset can be limited to parts of the state") func partialReset() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let token = try mint(call)
        try call("PUT", "/clock", ["advance": "1h"])
        try call("POST", "/organizations", ["name": "By call"], expect: 201)
        try call("POST", "/reset", ["only": ["clock"]], expect: 204)
        #expect(try call("GET", "/clock")["mode"] == "real")
        #expect(isActive(server, token))
        #expect(try call("GET", "/organizations/By%20call")["name"] == "By call")
        let problem = try call("POST", "/reset", ["only": ["clocks"]], expect: 400)
        #expect(problem["pointer"] == "/only/0")
    }

    @Test("a snapshot restores resources, tokens, clock and faults") func snapshots() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let token = try mint(call)
        try call("PUT", "/clock", ["advance": "1h"])
        try call("PUT", "/snapshots/before", [:])
        let seed = try call("GET", "/seed")
        try call("DELETE", "/users/svc", expect: 204)
        try call("DELETE", "/clock", expect: 204)
        try call("POST", "/signingKeys/rotate", [:], expect: 201)
        #expect(!isActive(server, token))
        try call("POST", "/snapshots/before/restore", [:], expect: 204)
        #expect(isActive(server, token))
        #expect(try call("GET", "/seed") == seed)
        #expect(try call("GET", "/clock")["offset"] == "1h")
        #expect(try call("GET", "/snapshots").items.compactMap { $0["name"]?.string } == ["before"])
        try call("DELETE", "/snapshots/before", expect: 204)
        try call("POST", "/snapshots/before/restore", [:], expect: 404)
        for number in 0..<SavedStates.countLimit { try call("PUT", "/snapshots/\(number)", [:]) }
        try call("PUT", "/snapshots/more", [:], expect: 429)
        try call("PUT", "/snapshots/1", [:])
    }

    @Test("after a rotation the new key signs, and tokens of the old one are active until it is removed")
    func rotation() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let old = try mint(call, ["format": "jwt"])
        let before = try call("GET", "/signingKeys").items
        #expect(before.allSatisfy { $0["privateKey"] == nil })
        let active = try #require(before.first { $0["state"] == "active" }).id
        try call("DELETE", "/signingKeys/\(active)", expect: 409)
        let made = try call("POST", "/signingKeys/rotate", ["algorithm": "ES256"], expect: 201)
        #expect(made["privateKey"]?.string?.contains("PRIVATE KEY") == true)
        let jwks = server.get("/oauth/v2/keys").json["keys"]?.array ?? []
        #expect(jwks.first?["kid"]?.string == made.id && jwks.contains { $0["kid"]?.string == active })
        #expect(isActive(server, old))
        #expect(isActive(server, try mint(call, ["format": "jwt"])))
        try call("DELETE", "/signingKeys/\(active)", expect: 204)
        #expect(!isActive(server, old))
        let pinned = try TestServer.key("web-key").privateKey.pem
        let key = try call(
            "POST", "/signingKeys", ["id": "7", "privateKey": .string(pinned), "state": "initial"], expect: 201)
        #expect(key["state"] == "initial")
        #expect(try call("PATCH", "/signingKeys/7", ["state": "active"])["state"] == "active")
        #expect(try call("GET", "/signingKeys").items.filter { $0["state"] == "active" }.map(\.id) == ["7"])
        try call("POST", "/signingKeys", ["id": "7"], expect: 409)
    }

    @Test("tokens are listed, looked up and revoked, one or many") func tokens() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let first = try call("POST", "/tokens", ["user": "svc", "audience": ["270000000000000101"]], expect: 201)
        let other = try mint(call, ["user": "svc-jwt"])
        let refresh = try call(
            "POST", "/tokens",
            ["user": "alice", "app": "Web", "type": "refresh", "scopes": ["openid", "offline_access"]],
            expect: 201)
        let ids = try call("GET", "/tokens?user=svc&active=true").items.filter { $0["type"] == "access" }.map(\.id)
        #expect(ids == [first.id])
        #expect(try call("GET", "/tokens/\(first.id)")["active"] == .bool(true))
        #expect(try call("GET", "/tokens/\(refresh.id)")["type"] == "refresh")
        #expect(try call("GET", "/tokens/270000000000000601")["type"] == "pat")
        try call("DELETE", "/tokens/\(first.id)", expect: 204)
        #expect(try call("GET", "/tokens/\(first.id)")["ended"] == "revoked")
        #expect(!isActive(server, first["token"]?.string ?? ""))
        #expect(isActive(server, other))
        try call("DELETE", "/tokens?app=Web", expect: 204)
        #expect(try call("GET", "/tokens/\(refresh.id)")["active"] == .bool(false))
        #expect(isActive(server, other))
        try call("DELETE", "/tokens", expect: 204)
        #expect(!isActive(server, other))
        try call("GET", "/tokens?active=maybe", expect: 400)
        try call("GET", "/tokens/7", expect: 404)
    }
}
