import Encodings
import HTTP
import JOSE
import Model
import Provider
import Storage
import TestSupport
import Testing

/// Resources that are made, changed and removed while the server runs.
@Suite struct ResourceTests {
    private static let scope = "openid urn:zitadel:iam:org:project:id:270000000000000101:aud"
    private static let caller = TestServer.basic("270000000000000302", "test-api-2-secret")

    private func token(_ server: TestServer, _ name: String, _ secret: String) -> HTTPResponse {
        server.post(
            "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", Self.scope)],
            headers: [TestServer.basic(name, secret)])
    }

    private func isActive(_ server: TestServer, _ token: String) -> Bool {
        server.post("/oauth/v2/introspect", [("token", token)], headers: [Self.caller]).json["active"] == .bool(true)
    }

    private func roles(_ server: TestServer, _ token: String) -> JSONObject? {
        server.post("/oauth/v2/introspect", [("token", token)], headers: [Self.caller])
            .json["urn:zitadel:iam:org:project:270000000000000101:roles"]?.object
    }

    @Test("a new service user with a secret, a grant and a token works in the next request") func create() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let user = try call(
            "POST", "/organizations/ACME/users",
            [
                "type": "machine", "userName": "robot", "clientSecret": "robot-secret",
                "grants": [["project": "Shop", "roles": ["reader"]]],
                "personalAccessTokens": [["token": "robot-token-0123456789"], [:]],
            ], expect: 201)
        #expect(user["clientSecret"] == "robot-secret")
        #expect(user["loginNames"] == ["robot@acme.localhost"])
        #expect(user["organization"] == "270000000000000001")
        let tokens = user["personalAccessTokens"]?.array ?? []
        #expect(tokens.first?["token"] == "robot-token-0123456789")
        let made = try #require(tokens.last?["token"]?.string)
        #expect(made.utf8.count >= 64)
        let answer = token(server, "robot@acme.localhost", "robot-secret")
        #expect(answer.status == 200)
        let access = answer.json["access_token"]?.string ?? ""
        #expect(isActive(server, access))
        #expect(roles(server, access)?.members.map(\.name) == ["reader"])

        let shown = try call("GET", "/users/robot")
        #expect(shown["clientSecret"] == nil && shown["clientSecretHash"] != nil)
        #expect(shown["personalAccessTokens"]?.array?.first?["token"] == nil, "secrets are shown once")
        try call("DELETE", "/users/robot", expect: 204)
        #expect(!isActive(server, access))
        try call("DELETE", "/users/robot", expect: 204)
        try call("GET", "/users/robot", expect: 404)
        #expect(token(server, "robot@acme.localhost", "robot-secret").status == 401)
    }

    @Test("a user who is locked loses all tokens for good, also personal access tokens") func lock() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let access = token(server, "svc@acme.localhost", "svc-secret").json["access_token"]?.string ?? ""
        let pat = try call("POST", "/users/svc/personalAccessTokens", [:], expect: 201)
        #expect(isActive(server, access))
        #expect(server.get("/oidc/v1/userinfo", headers: [bearer(pat)]).status == 200)
        try call("PATCH", "/users/svc", ["state": "locked"])
        #expect(!isActive(server, access))
        #expect(server.get("/oidc/v1/userinfo", headers: [bearer(pat)]).status == 401)
        try call("PATCH", "/users/svc", ["state": "active"])
        #expect(!isActive(server, access))
        #expect(server.get("/oidc/v1/userinfo", headers: [bearer(pat)]).status == 401, "it stays dead")
        #expect(token(server, "svc@acme.localhost", "svc-secret").status == 200)
    }

    private func bearer(_ token: JSON) -> (name: String, value: String) {
        ("authorization", "Bearer \(token["token"]?.string ?? "")")
    }

    @Test("every problem with a body is reported at its place, and nothing is changed") func wrongBodies() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let before = try call("GET", "/seed")
        let problem = try call(
            "POST", "/projects/Shop/apps",
            ["type": "oidc", "name": "New", "redirectUris": ["localhost:3000/cb"], "devmode": .bool(true)], expect: 400)
        let pointers = problem["problems"]?.array?.compactMap { $0["pointer"]?.string }
        #expect(pointers == ["/redirectUris/0", "/devmode"])
        #expect(problem["type"] == "/mock/problems/invalid-body")
        for (method, path, body, pointer) in Self.wrong {
            let problem = try call(method, path, body, expect: 400)
            #expect(problem["pointer"]?.string == pointer, "\(method) \(path): \(problem.text)")
        }
        #expect(try call("GET", "/seed") == before)
    }

    private static let wrong: [(String, String, JSON, String)] = [
        ("PATCH", "/users/svc", ["state": "asleep"], "/state"),
        ("PATCH", "/users/svc", ["id": "7"], "/id"),
        ("PATCH", "/users/svc", ["keys": []], "/keys"),
        ("PATCH", "/users/svc", ["nickname": "x"], "/nickname"),
        ("POST", "/users/svc/grants", ["project": "Shop", "roles": ["redaer"]], "/roles/0"),
        ("POST", "/users/svc/grants", ["project": "Shopp", "roles": []], "/project"),
        ("POST", "/users/svc/keys", ["publicKey": "x"], "/publicKey"),
        ("POST", "/users/svc/keys", ["keyFile": "/etc/passwd"], "/keyFile"),
        ("POST", "/users/svc/clientSecret", ["clientSecret": ""], "/clientSecret"),
        ("PUT", "/users/svc/metadata/x", ["base64": "!"], "/base64"),
        ("POST", "/organizations/ACME/users", ["userName": "x"], ""),
        ("PATCH", "/instance", ["dialect": "klingon"], "/dialect"),
        ("PATCH", "/instance", ["signingKeys": []], "/signingKeys"),
    ]

    private static let conflicts: [(String, JSON, String)] = [
        ("/organizations", ["name": "ACME"], "/name"), ("/organizations/ACME/projects", ["name": "Shop"], "/name"),
        (
            "/projects/Shop/apps", ["type": "api", "name": "Other", "clientId": "270000000000000301"],
            "/clientId"
        ),
        ("/projects/Shop/apps", ["type": "api", "name": "Web"], "/name"),
        ("/organizations/ACME/users", ["type": "human", "userName": "SVC"], "/userName"),
        ("/projects/Shop/roles", ["key": "reader"], "/key"),
        ("/projects/Shop/grants", ["organization": "Partner"], "/organization"),
        ("/users/svc/grants", ["project": "Shop", "roles": ["reader"]], "/project"),
    ]

    @Test("a value that another resource has is a conflict", arguments: conflicts)
    func takenValue(path: String, body: JSON, pointer: String) throws {
        let problem = try ControlCaller(server: try TestServer())("POST", path, body, expect: 409)
        #expect(problem["pointer"]?.string == pointer)
    }

    @Test("a personal access token with the value of another one is a conflict, in whatever form it is sent")
    func takenToken() throws {
        let call = ControlCaller(server: try TestServer())
        let path = "/users/svc/personalAccessTokens"
        let hash = try call("GET", "/personalAccessTokens/270000000000000601")["tokenHash"] ?? .null
        let bodies: [(String, JSON)] = [("token", "pat-svc-0123456789abcdef"), ("tokenHash", hash)]
        let made = try call("POST", path, [:], expect: 201)
        for (member, value) in bodies {
            for (method, path) in [("POST", path), ("PATCH", "/personalAccessTokens/\(made.id)")] {
                let problem = try call(method, path, .object([member: value]), expect: 409)
                #expect(problem["pointer"]?.string == "/\(member)")
                let detail = problem["detail"]?.string ?? ""
                #expect(detail.contains("already the value of a personal access token"), "\(detail)")
                #expect(!detail.contains("pat-svc") && !detail.contains("constraint"))
            }
        }
        try call("PATCH", "/personalAccessTokens/270000000000000601", ["token": "pat-svc-0123456789abcdef"])
    }

    @Test("a user name that is a login name cannot have the domain of another organization") func plainName() throws {
        let call = ControlCaller(server: try TestServer())
        let user: JSON = ["type": "machine", "userName": "new@ACME.localhost"]
        let problem = try call("POST", "/organizations/Partner/users", user, expect: 409)
        #expect(problem["pointer"]?.string == "/userName")
        #expect(problem["detail"]?.string?.contains("has a domain of organization \"ACME\"") == true)
        // Nor may it become one.
        let name: JSON = ["type": "machine", "userName": "new@partner.localhost"]
        try call("POST", "/organizations/ACME/users", name, expect: 201)
        let change = try call("PATCH", "/organizations/ACME", ["userLoginMustBeDomain": .bool(false)], expect: 409)
        #expect(change["pointer"]?.string == "/userLoginMustBeDomain")
        #expect(change["detail"]?.string?.contains("has a domain of organization \"Partner\"") == true)
        let own: JSON = ["type": "machine", "userName": "svc@partner.localhost"]
        try call("POST", "/organizations/Partner/users", own, expect: 201)
    }

    struct LoginNameChange: Sendable, CustomTestStringConvertible {
        let patch: JSON
        let pointer: String
        let detail: String
        var testDescription: String { pointer }
    }

    static let loginNameChanges = [
        LoginNameChange(
            patch: ["userLoginMustBeDomain": .bool(false)], pointer: "/userLoginMustBeDomain",
            detail: "login names are unique"),
        LoginNameChange(
            patch: ["primaryDomain": "second.localhost"], pointer: "/primaryDomain", detail: "already a domain of"),
        LoginNameChange(
            patch: ["domains": ["free.localhost", "Second.localhost"]], pointer: "/domains/1",
            detail: "already a domain of"),
        LoginNameChange(
            patch: ["name": "Second!"], pointer: "/name", detail: "gives the organization the domain"),
        LoginNameChange(
            patch: ["domains": ["plain.localhost"]], pointer: "/domains/0",
            detail: "is in the login name \"twin@plain.localhost\""),
    ]

    @Test("an organization cannot change in a way that gives two users one login name", arguments: loginNameChanges)
    func sharedLoginNames(_ change: LoginNameChange) throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        try call("POST", "/organizations", ["name": "First", "userLoginMustBeDomain": .bool(true)], expect: 201)
        try call(
            "POST", "/organizations", ["name": "Second", "primaryDomain": "second.localhost"], expect: 201)
        for organization in ["First", "Second", "Partner"] {
            try call(
                "POST", "/organizations/\(organization)/users", ["type": "machine", "userName": "twin"], expect: 201)
        }
        try call(
            "POST", "/organizations/Partner/users", ["type": "machine", "userName": "twin@plain.localhost"],
            expect: 201)
        let problem = try call("PATCH", "/organizations/First", change.patch, expect: 409)
        #expect(problem["pointer"]?.string == change.pointer)
        let detail = problem["detail"]?.string ?? ""
        #expect(detail.contains(change.detail), "\(detail)")
        let repeated: JSON = ["domains": ["free.localhost", "FREE.localhost", "first.localhost"]]
        let changed = try call("PATCH", "/organizations/First", repeated)
        #expect(changed["domains"] == ["free.localhost"])
        try call("PATCH", "/users/twin@free.localhost", ["name": "N"])
        let seed = try call("GET", "/seed")
        try call("PUT", "/seed", seed)
    }

    @Test("what can be a name is deleted again, and what is too long for one is not found", arguments: ["a", "ä"])
    func longNames(letter: String) throws {
        func path(_ length: Int) -> String {
            "/users/" + PercentEncoding.formEncoded(String(repeating: letter, count: length))
        }
        let call = ControlCaller(server: try TestServer())
        try call("DELETE", path(200), expect: 204)
        try call("DELETE", path(201), expect: 404)
    }

    @Test("roles that differ in their Unicode normal form are removed one at a time") func normalForms() throws {
        let call = ControlCaller(server: try TestServer())
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        for key in [composed, decomposed] {
            try call("POST", "/projects/Shop/roles", ["key": .string(key)], expect: 201)
        }
        let grant = try #require(try call("GET", "/users/svc-jwt/grants").items.first)
        try call("PATCH", "/userGrants/\(grant.id)", ["roles": .strings([composed, decomposed])])
        try call(
            "PATCH", "/projectGrants/270000000000000151", ["roles": .strings(["reader", composed, decomposed])])
        func roles(_ path: String) throws -> [[UInt8]] {
            try call("GET", path)["roles"]?.array?.compactMap { $0.string.map { Array($0.utf8) } } ?? []
        }
        try call(
            "PATCH", "/projects/Shop/roles/\(PercentEncoding.formEncoded(decomposed))", ["displayName": "second"])
        let shown = try call("GET", "/projects/Shop/roles/\(PercentEncoding.formEncoded(composed))")
        #expect(shown["displayName"] != "second")
        try call("DELETE", "/projects/Shop/roles/\(PercentEncoding.formEncoded(composed))", expect: 204)
        #expect(try roles("/userGrants/\(grant.id)") == [Array(decomposed.utf8)])
        #expect(try roles("/projectGrants/270000000000000151") == [Array("reader".utf8), Array(decomposed.utf8)])
    }

    @Test("a new client secret replaces the old one at once, for apps and service users") func secrets() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let made = try call("POST", "/apps/Test API 2/clientSecret".replacing(" ", with: "%20"), [:])
        let secret = try #require(made["clientSecret"]?.string)
        let status = { (secret: String) in
            server.post(
                "/oauth/v2/introspect", [("token", "x")],
                headers: [TestServer.basic("270000000000000302", secret)]
            ).status
        }
        #expect(status("test-api-2-secret") == 401)
        #expect(status(secret) == 200)
        try call("POST", "/users/svc/clientSecret", ["clientSecret": "mine"])
        #expect(token(server, "svc@acme.localhost", "svc-secret").status == 401)
        #expect(token(server, "svc@acme.localhost", "mine").status == 200)
        try call("DELETE", "/users/svc/clientSecret", expect: 204)
        #expect(token(server, "svc@acme.localhost", "mine").status == 401)
        try call("POST", "/users/alice/clientSecret", [:], expect: 400)
        try call("POST", "/apps/270000000000000205/clientSecret", [:], expect: 400)
    }

    @Test("a generated key signs assertions until it is removed") func keys() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let made = try call("POST", "/users/svc/keys", [:], expect: 201)
        let file = try KeyFile(#require(made["keyFile"]).bytes())
        #expect(file.keyID == made.id && file.owner == .serviceAccount(userID: "270000000000000501"))
        let claims = Assertion.claims(of: "270000000000000501", audience: server.issuer, now: server.time.now)
        func answer() -> HTTPResponse {
            server.post(
                "/oauth/v2/token",
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("scope", "openid"),
                    ("assertion", Assertion.sign(claims, by: file.privateKey, keyID: file.keyID)),
                ])
        }
        #expect(answer().status == 200)
        #expect(try call("GET", "/keys/\(made.id)")["keyFile"] == nil)
        // The server made it, so it can also sign with it.
        #expect(try call("POST", "/assertions", ["user": "svc", "key": .string(made.id)])["assertion"] != nil)
        let end: JSON = ["expirationDate": "2020-01-01T00:00:00Z"]
        #expect(try call("PATCH", "/keys/\(made.id)", end)["expirationDate"] == "2020-01-01T00:00:00Z")
        #expect(answer().status == 400, "it has expired")
        try call("DELETE", "/keys/\(made.id)", expect: 204)
        #expect(answer().status == 400)
        try call("POST", "/apps/270000000000000203/keys", [:], expect: 400)
        #expect(try call("POST", "/apps/270000000000000205/keys", [:], expect: 201)["app"] == "270000000000000205")
    }

    @Test("a lost role is missing from the next introspection, whatever change removed it") func roleRemovals() throws {
        for (number, change) in Self.roleChanges.enumerated() {
            let server = try TestServer()
            let call = ControlCaller(server: server)
            let access = token(server, "svc@acme.localhost", "svc-secret").json["access_token"]?.string ?? ""
            #expect(roles(server, access)?["reader"] != nil)
            try change(call)
            #expect(roles(server, access)?["reader"] == nil, "change \(number)")
        }
    }

    private static func grantID(_ call: ControlCaller) throws -> String {
        try call("GET", "/users/svc/grants").items.first?.id ?? ""
    }

    private static let roleChanges: [@Sendable (ControlCaller) throws -> Void] = [
        { try $0("DELETE", "/projects/Shop/roles/reader", expect: 204) },
        { try $0("PATCH", "/projects/Shop", ["roles": ["writer", "other"]]) },
        { try $0("PATCH", "/userGrants/\(grantID($0))", ["roles": ["read:messages"]]) },
        { try $0("PATCH", "/userGrants/\(grantID($0))", ["state": "inactive"]) },
        { try $0("DELETE", "/userGrants/\(grantID($0))", expect: 204) },
    ]

    @Test("an organization's users lose the roles that its project grant loses") func projectGrants() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let users = { try call("GET", "/users/partner-svc/grants").items }
        try call("PATCH", "/projectGrants/270000000000000151", ["roles": ["reader", "read:messages"]])
        let grant = try #require(try users().first { $0["organization"] == "270000000000000002" })
        try call("PATCH", "/userGrants/\(grant.id)", ["roles": ["reader", "read:messages"]])
        try call("PATCH", "/projectGrants/270000000000000151", ["roles": ["read:messages"]])
        #expect(try call("GET", "/userGrants/\(grant.id)")["roles"] == ["read:messages"])
        try call("DELETE", "/projectGrants/270000000000000151", expect: 204)
        #expect(try users().filter { $0["organization"] == "270000000000000002" }.isEmpty)
    }

    @Test("null in a patch restores the default, and derived members follow their sources")
    func derivedMembers() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        try call("PATCH", "/apps/270000000000000303", ["devMode": .bool(true)])
        #expect(try call("PATCH", "/apps/270000000000000303", ["devMode": .null])["devMode"] == .bool(false))
        let organization = try call("POST", "/organizations", ["name": "New Inc"], expect: 201)
        #expect(organization["primaryDomain"] == "new-inc.localhost")
        let renamed = try call("PATCH", "/organizations/\(organization.id)", ["name": "Old Inc"])
        #expect(renamed["primaryDomain"] == "old-inc.localhost", "a generated domain follows the name")
        #expect(try call("PATCH", "/organizations/ACME", ["name": "Acme 2"])["name"] == "Acme 2")
        #expect(try call("PATCH", "/users/alice", ["firstName": "Alicia"])["displayName"] == "Alicia Adams")
        server.time.advance(bySeconds: 60)
        let changed = try call("PATCH", "/users/alice", ["nickName": "Al"])
        #expect(changed["changeDate"]?.string?.contains("T10:01:00") == true)
    }

    @Test("metadata is set, replaced and removed") func metadata() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        try call("PUT", "/users/svc/metadata/team%2Fa", ["value": "blue"], expect: 204)
        try call("PUT", "/users/svc/metadata/raw", ["base64": "/w=="], expect: 204)
        let metadata = try call("GET", "/users/svc")["metadata"]
        #expect(metadata?["team/a"] == "blue" && metadata?["raw"] == ["base64": "/w=="])
        try call("DELETE", "/users/svc/metadata/raw", expect: 204)
        #expect(try call("GET", "/users/svc")["metadata"]?["raw"] == nil)
    }

    @Test("lists are returned in pages") func pages() throws {
        let call = ControlCaller(server: try TestServer())
        var found: [String] = []
        var path = "/users?limit=2"
        while true {
            let page = try call("GET", path)
            #expect(page.items.count <= 2)
            found += page.items.map(\.id)
            guard let next = page["next"]?.string else { break }
            path = "/users?limit=2&after=\(next)"
        }
        #expect(try found == (call("GET", "/users").items.map(\.id)) && found.count > 4)
        try call("GET", "/users?limit=0", expect: 400)
        try call("GET", "/users?after=7", expect: 400)
    }

    @Test("a resource has its dates and its number of changes, and a change without effect does not count")
    func details() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let made = try call("POST", "/organizations", ["name": "New"], expect: 201)
        try call("PUT", "/clock", ["advance": "1h"])
        let changed = try call("PATCH", "/organizations/\(made.id)", ["name": "Newer"])["details"]
        #expect(
            changed == [
                "sequence": 2, "creationDate": "2026-11-21T10:00:00Z", "changeDate": "2026-11-21T11:00:00Z",
                "resourceOwner": .string(made.id),
            ])
        #expect(try call("PATCH", "/organizations/\(made.id)", ["name": "Newer"])["details"] == changed)
        #expect(try call("GET", "/users/svc")["details"]?["sequence"] == 1)
        try call("DELETE", "/organizations/\(made.id)", expect: 204)
        #expect(try server.storage.details(.organization, id: made.id) == nil)
    }

    @Test("the response of one call can be sent to the next") func roundTrip() throws {
        let call = ControlCaller(server: try TestServer())
        for path in ["/organizations/ACME", "/projects/Shop", "/projectGrants/270000000000000151"] {
            let shown = try call("GET", path)
            let patch = JSONObject(shown.object?.members.filter { $0.name != "apps" } ?? [])
            #expect(try call("PATCH", path, .object(patch)) == shown)
        }
    }

    @Test("two organizations cannot have one generated domain, however their names are written")
    func generatedDomains() throws {
        let call = ControlCaller(server: try TestServer())
        try call("POST", "/organizations", ["name": "Kite"], expect: 201)
        for name in ["\u{212A}ite", "kite", "KITE", "K.ite"] {
            let problem = try call("POST", "/organizations", ["name": .string(name)], expect: 409)
            #expect(problem["detail"]?.string?.contains("\"kite.localhost\"") == true, "\(problem.text)")
        }
        let other = try call(
            "POST", "/organizations", ["name": "kite", "primaryDomain": "other.localhost"], expect: 201)
        try call("PATCH", "/organizations/\(other.id)", ["name": "K-ite"])
        let third = try call("POST", "/organizations", ["name": "Third"], expect: 201)
        try call("PATCH", "/organizations/\(third.id)", ["name": "KiTe"], expect: 409)
        try call("PATCH", "/organizations/\(third.id)", ["name": "Fourth"])
        // Names without any letter that a domain can have are given the same one.
        for name in ["会社", "工場"] { try call("POST", "/organizations", ["name": .string(name)], expect: 201) }
    }
}

extension JSONObject {
    fileprivate init(_ members: [Member]) {
        self.init()
        for member in members { append(member.name, member.value) }
    }
}
