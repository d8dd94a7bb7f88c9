import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// A refused request is in the journal with its user, so that a test can look for it.
@Suite struct RefusedRequestJournalTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let user: String
        let reason: String
        var client: String?
        let send: @Sendable (SignInFixture) throws -> Void
        var testDescription: String { reason }

        init(
            _ user: String, _ reason: String, client: String? = nil,
            _ send: @escaping @Sendable (SignInFixture) throws -> Void
        ) {
            self.user = user
            self.reason = reason
            self.client = client
            self.send = send
        }
    }

    private static func clientCredentials(
        _ name: String, _ secret: String
    ) -> @Sendable (SignInFixture) throws -> Void {
        {
            _ = $0.server.post(
                "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", "openid")],
                headers: [TestServer.basic(name, secret)])
        }
    }

    private static func password(_ name: String, _ password: String) -> @Sendable (SignInFixture) throws -> Void {
        {
            let browser = $0.browser()
            _ = try browser.submit(
                try browser.open($0.target()), "password", [("loginName", name), ("password", password)])
        }
    }

    /// What a device is answered, whose page a browser then opens as a user.
    private static func device(_ fixture: SignInFixture, openedAs user: String) throws -> JSONObject {
        let device = fixture.server.post(
            "/oauth/v2/device_authorization", [("client_id", SignInFixture.native), ("scope", "openid")]
        ).json
        let browser = fixture.browser()
        browser.headers = [("mock-login-as", user)]
        _ = try browser.get("/device?user_code=\(device["user_code"]?.string ?? "")")
        return device
    }

    private static let exchange = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
    ]

    static let serviceUsers: [Example] = [
        .init("svc", "user_bad_secret", client: "svc", clientCredentials("svc@acme.localhost", "wrong")),
        .init("plain", "user_no_secret", client: "plain", clientCredentials("plain@acme.localhost", "wrong")),
        .init("alice", "user_no_secret", clientCredentials("alice@acme.localhost", "wrong")),
        .init("svc", "user_not_active") {
            _ = $0.server.control("PATCH", "/users/svc", ["state": "inactive"])
            try clientCredentials("svc@acme.localhost", "svc-secret")($0)
        },
        .init("svc", "kid_unknown", client: "svc") {
            let claims = Assertion.claims(of: "270000000000000501", audience: $0.server.issuer, now: $0.time.now)
            let key = try TestServer.key("web-key")
            let assertion = Assertion.sign(claims, by: key.privateKey, keyID: key.keyID)
            _ = $0.server.post(
                "/oauth/v2/token",
                [
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion),
                    ("scope", "openid"),
                ])
        },
        .init("svc", "pat_expired") {
            _ = $0.server.control(
                "PATCH", "/personalAccessTokens/270000000000000601", ["expirationDate": "2020-01-01T00:00:00Z"])
            _ = $0.introspect("pat-svc-0123456789abcdef")
        },
        .init("svc", "pat_expired") {
            _ = $0.server.control(
                "PATCH", "/personalAccessTokens/270000000000000601", ["expirationDate": "2020-01-01T00:00:00Z"])
            _ = $0.server.get("/oidc/v1/userinfo", headers: [("authorization", "Bearer pat-svc-0123456789abcdef")])
        },
    ]

    static let people: [Example] = [
        .init("alice", "password_wrong", client: SignInFixture.web, password("alice", "wr0ng-Passw0rd")),
        .init("bob", "no_password", password("bob", "x")),
        .init("svc", "user_not_human", password("svc", "x")),
        .init("ina", "user_not_active", password("ina", "Password1!")),
        .init("dora", "user_unknown", password("dora", "Password1!")),
        .init("bob", "grant_required", client: SignInFixture.guarded) {
            let browser = $0.browser()
            browser.headers = [("mock-login-as", "bob")]
            _ = try browser.get($0.target(SignInFixture.guarded))
        },
        .init("bob", "grant_required") {
            let browser = $0.browser()
            browser.headers = [("mock-login-as", "bob")]
            _ = try browser.get($0.target(SignInFixture.guarded, ["prompt": "none"]))
        },
    ]

    static let grants: [Example] = [
        .init("alice", "code_used") {
            let code = try $0.code()
            _ = try $0.redeem(code)
            _ = try $0.redeem(code)
        },
        .init("alice", "redirect_uri_differs") {
            _ = try $0.redeem(try $0.code(), SignInFixture.web, ["redirect_uri": "https://other.example/"])
        },
        .init("alice", "code_of_other_client") { _ = try $0.redeem(try $0.code(), SignInFixture.plainWeb) },
        .init("alice", "refresh_token_rotated") {
            let token = try $0.tokens(scope: "openid offline_access")["refresh_token"]?.string ?? ""
            _ = try $0.refresh(token)
            _ = try $0.refresh(token)
        },
        .init("alice", "not_an_access_token") {
            _ = $0.introspect(try $0.tokens(scope: "openid offline_access")["refresh_token"]?.string ?? "")
        },
        .init("alice", "token_signature") {
            let token = try $0.tokens(SignInFixture.native)["access_token"]?.string ?? ""
            _ = $0.introspect(String(token.dropLast(4)) + "AAAA")
        },
        .init("alice", "device_code_used") { fixture in
            let device = try device(fixture, openedAs: "alice")
            for _ in 0..<2 {
                _ = try fixture.token(
                    SignInFixture.native,
                    [
                        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                        ("device_code", device["device_code"]?.string ?? ""),
                    ])
            }
        },
        .init("ina", "user_not_active", client: SignInFixture.native) {
            _ = try device($0, openedAs: "ina")
        },
        .init("alice", "impersonation_no_membership") {
            _ = $0.server.control("PATCH", "/instance", ["impersonation": .bool(true)])
            let token = try $0.tokens()["access_token"]?.string ?? ""
            _ = try $0.token(
                SignInFixture.key,
                exchange + [
                    ("subject_token", token), ("actor_token", "pat-plain-0123456789abcdef"),
                    ("actor_token_type", "urn:ietf:params:oauth:token-type:access_token"),
                ])
        },
        .init("alice", "not_issued_for_client") {
            let token = try $0.tokens()["access_token"]?.string ?? ""
            _ = $0.server.post(
                "/oauth/v2/revoke", [("token", token)],
                headers: [TestServer.basic(SignInFixture.guarded, "guarded-secret")])
        },
    ]

    @Test("a refused request is found by its user", arguments: serviceUsers + people + grants)
    func found(_ example: Example) throws {
        let fixture = try SignInFixture()
        try example.send(fixture)
        let call = ControlCaller(server: fixture.server)
        var match: JSONObject = ["user": .string(example.user), "reason": .string(example.reason)]
        match.append("client", ifNotEmpty: example.client)
        try call("POST", "/requests/verify", ["match": .object(match)])
        #expect(try !call("GET", "/requests?user=\(example.user)&reason=\(example.reason)").items.isEmpty)
    }

    @Test("a service user is the same client whether it is refused or not") func sameClient() throws {
        let server = try TestServer()
        _ = server.accessToken()
        _ = server.post(
            "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", "openid")],
            headers: [TestServer.basic("svc@acme.localhost", "wrong")])
        let items = try ControlCaller(server: server)("GET", "/requests").items
        #expect(items.map { $0["client"]?.string } == ["svc", "svc"])
        #expect(items.map { $0["user"]?.string } == ["svc", "svc"])
    }
}
