import Encodings
import HTTP
import Provider
import TestSupport
import Testing

/// Scenarios, login sessions and devices by the control API.
@Suite struct ScenarioAndSessionTests {
    private static let caller = TestServer.basic("270000000000000302", "test-api-2-secret")
    private let server: TestServer
    private let call: ControlCaller

    init() throws {
        server = try TestServer()
        call = ControlCaller(server: server)
    }

    private func introspect(_ token: String = "x") -> HTTPResponse {
        server.post("/oauth/v2/introspect", [("token", token)], headers: [Self.caller])
    }

    @Test("the scenario introspection-flaps lets introspection succeed and fail in turn until it ends")
    func introspectionFlaps() throws {
        try call("PUT", "/scenarios/introspection-flaps", ["pass": 2, "fail": 1])
        #expect((0..<6).map { _ in introspect().status } == [200, 200, 503, 200, 200, 503])
        #expect(server.get("/oauth/v2/keys").status == 200)
        let listed = try call("GET", "/scenarios").items.first { $0["active"] == .bool(true) }
        #expect(listed?["name"] == "introspection-flaps" && listed?["parameters"] == ["pass": 2, "fail": 1])
        try call("DELETE", "/scenarios/introspection-flaps", expect: 204)
        #expect((0..<3).allSatisfy { _ in introspect().status == 200 })
        #expect(try call("GET", "/faults").items.isEmpty)
    }

    @Test("the scenario role-revoked takes a role and gives it back") func roleRevoked() throws {
        let token = try call("POST", "/tokens", ["user": "svc", "audience": ["270000000000000101"]], expect: 201)
        func roles() -> JSON? {
            introspect(token["token"]?.string ?? "").json["urn:zitadel:iam:org:project:270000000000000101:roles"]
        }
        #expect(roles()?["reader"] != nil)
        try call("PUT", "/scenarios/role-revoked", ["user": "svc", "roles": ["reader"]])
        #expect(roles()?["reader"] == nil)
        try call("DELETE", "/scenarios/role-revoked", expect: 204)
        #expect(roles()?["reader"] != nil)
        try call("PUT", "/scenarios/role-revoked", [:], expect: 400)
        try call("PUT", "/scenarios/role-revoked", ["user": "nobody"], expect: 404)
        let typo = try call("PUT", "/scenarios/role-revoked", ["user": "svc", "roles": ["raeder"]], expect: 400)
        #expect(typo["detail"] == "\"raeder\" is not a role of the project; did you mean \"reader\"?")
    }

    @Test("the scenarios clock-skew, pat-expires, idp-down, rate-limited and key-rotation take effect and end")
    func otherScenarios() throws {
        try call("PUT", "/scenarios/clock-skew", ["offset": "-10m"])
        #expect(try call("GET", "/clock")["offset"] == "-10m")
        try call("DELETE", "/scenarios/clock-skew", expect: 204)
        #expect(try call("GET", "/clock")["mode"] == "real")

        let pat = [(name: "authorization", value: "Bearer pat-svc-0123456789abcdef")]
        try call("PUT", "/scenarios/pat-expires", ["user": "svc", "in": "10s"])
        #expect(server.get("/oidc/v1/userinfo", headers: pat).status == 200)
        server.time.advance(bySeconds: 10)
        #expect(server.get("/oidc/v1/userinfo", headers: pat).status == 401)
        try call("DELETE", "/scenarios/pat-expires", expect: 204)
        #expect(server.get("/oidc/v1/userinfo", headers: pat).status == 200)

        try call("PUT", "/scenarios/idp-down", [:])
        #expect(introspect().status == 503 && server.get("/oauth/v2/keys").status == 503)
        try call("DELETE", "/scenarios/idp-down", expect: 204)

        try call("PUT", "/scenarios/rate-limited", ["after": 1, "retryAfter": "7s"])
        #expect(introspect().status == 200)
        let limited = introspect()
        #expect(limited.status == 429 && limited.header("Retry-After") == "7")
        try call("POST", "/reset", ["only": ["faults"]], expect: 204)
        #expect(introspect().status == 200)
        #expect(try call("GET", "/scenarios").items.allSatisfy { $0["active"] == .bool(false) })

        let before = server.get("/oauth/v2/keys").text
        try call("PUT", "/scenarios/key-rotation", ["staleFor": "1m"])
        #expect(server.get("/oauth/v2/keys").text == before, "a cache still has the old set")
        server.time.advance(bySeconds: 61)
        #expect(server.get("/oauth/v2/keys").text != before)
        try call("PUT", "/scenarios/sunshine", [:], expect: 404)
    }

    @Test("a device can be approved and denied, and the resulting session can be ended") func device() throws {
        try call("PATCH", "/apps/Native", ["grantTypes": ["device_code", "authorization_code", "refresh_token"]])
        func start() -> JSONObject {
            server.post(
                "/oauth/v2/device_authorization", [("client_id", "270000000000000304"), ("scope", "openid")]
            ).json
        }
        func poll(_ device: JSONObject) -> HTTPResponse {
            server.post(
                "/oauth/v2/token",
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                    ("client_id", "270000000000000304"), ("device_code", device["device_code"]?.string ?? ""),
                ])
        }
        let device = start()
        let code = device["user_code"]?.string ?? ""
        #expect(try call("GET", "/deviceAuthorizations").items.first?["state"] == "pending")
        try call("POST", "/deviceAuthorizations/\(code)", ["decision": "approve"], expect: 400)
        try call("POST", "/deviceAuthorizations/\(code)", ["decision": "approve", "user": "svc"], expect: 400)
        let decided = try call("POST", "/deviceAuthorizations/\(code)", ["decision": "approve", "user": "alice"])
        #expect(decided["state"] == "approved" && decided["user"] == "270000000000000511")
        let access = poll(device).json["access_token"]?.string ?? ""
        let headers = [(name: "authorization", value: "Bearer \(access)")]
        #expect(server.get("/oidc/v1/userinfo", headers: headers).status == 200)
        let sessions = try call("GET", "/sessions?user=alice").items
        #expect(sessions.count == 1 && sessions.first?["user"] == "270000000000000511")
        #expect(try call("GET", "/sessions?user=bob").items.isEmpty)
        try call("DELETE", "/sessions?user=alice", expect: 204)
        #expect(server.get("/oidc/v1/userinfo", headers: headers).status == 401)
        try call("POST", "/deviceAuthorizations/\(code)", ["decision": "deny"], expect: 404)

        let second = start()
        try call("POST", "/deviceAuthorizations/\(second["user_code"]?.string ?? "")", ["decision": "deny"])
        #expect(poll(second).json["error"] == "access_denied")
    }
}
