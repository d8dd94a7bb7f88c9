import Crypto
import Encodings
import HTTP
import TestSupport
import Testing

/// Numbered cases that need time to pass, or the seed to change between two starts on one database.
@Suite struct RestartTests {
    /// Starts with the seed, does something, and starts again with an edited seed on the same database.
    private func restart<Kept>(
        _ before: (ReferenceFixture) throws -> Kept, edit: (String) -> String,
        _ after: (ReferenceFixture, Kept) throws -> Void
    ) throws {
        let folder = TemporaryFolder()
        let database = folder.path + "/db.sqlite"
        let time = TestDependencies()
        let key = try PrivateKey.generate(for: .es256)
        let kept = try before(try ReferenceFixture(database: database, time: time, ellipticKey: key))
        time.advance(bySeconds: 60)
        try after(try ReferenceFixture(database: database, time: time, ellipticKey: key, edit: edit), kept)
    }

    private static func replace(_ old: String, _ new: String) -> (String) -> String {
        { text in
            let parts = text.split(separator: old)
            #expect(parts.count > 1, "the seed has nothing like \(old)")
            return parts.joined(separator: new)
        }
    }

    @Test("I-055 after a secret was regenerated, the old one is refused and the new one works")
    func regeneratedSecret() throws {
        try restart({ _ in }, edit: Self.replace("\"test-api-2-secret\"", "\"another-secret\"")) { fixture, _ in
            IntrospectionOutcome.unauthorized.check(fixture.introspect(fixture.token()))
            IntrospectionOutcome.active.check(
                fixture.introspect(
                    [("token", fixture.token())], headers: [TestServer.basic(ReferenceFixture.idOfB, "another-secret")])
            )
        }
    }

    @Test("I-094 a removed key no longer authenticates") func removedKey() throws {
        try restart(
            { fixture in
                let sign = {
                    try fixture.assertion(by: fixture.ellipticKey, keyID: "270000000000000702", algorithm: .es256)
                }
                IntrospectionOutcome.active.check(fixture.introspect(assertion: try sign()))
            }, edit: Self.replace("\"270000000000000702\"", "\"270000000000000799\"")
        ) { fixture, _ in
            let old = try fixture.assertion(by: fixture.ellipticKey, keyID: "270000000000000702", algorithm: .es256)
            let answer = fixture.introspect(assertion: old)
            IntrospectionOutcome.unauthorized.check(answer)
            #expect(answer.reason == "kid_unknown")
            IntrospectionOutcome.active.check(
                fixture.introspect(
                    assertion: try fixture.assertion(
                        by: fixture.ellipticKey, keyID: "270000000000000799", algorithm: .es256)))
        }
    }

    @Test("I-151 a role that was granted after the token was issued is returned at once") func lateGrant() throws {
        let claim = "urn:zitadel:iam:org:project:roles"
        try restart(
            { fixture in
                let token = fixture.token(of: "svc-jwt")
                #expect(fixture.introspect(token).json[claim]?.object?.members.map(\.name) == ["reader"])
                return token
            },
            edit: Self.replace(
                "\"270000000000000804\", \"project\": \"Shop\", \"roles\": [\"reader\"]",
                "\"270000000000000804\", \"project\": \"Shop\", \"roles\": [\"reader\", \"writer\"]")
        ) { fixture, token in
            #expect(fixture.introspect(token).json[claim]?.object?.members.map(\.name) == ["reader", "writer"])
        }
    }

    @Test("I-152 after a grant was deactivated, the token stays active without the role")
    func deactivatedGrant() throws {
        try restart(
            { $0.token(of: "svc-jwt") },
            edit: Self.replace("\"270000000000000804\",", "\"270000000000000804\", \"state\": \"inactive\",")
        ) {
            fixture, token in
            let answer = fixture.introspect(token)
            IntrospectionOutcome.active.check(answer)
            #expect(!answer.json.members.contains { $0.name.hasSuffix(":roles") })
        }
    }

    @Test("I-157 an API that was created after the token was issued gets the token as active") func lateAPI() throws {
        let app =
            "{\"type\": \"api\", \"id\": \"270000000000000299\", \"clientId\": \"270000000000000399\", \"name\": \"Late\", \"clientSecret\": \"late-secret\"},\n {\"type\": \"api\", \"id\": \"270000000000000202\""
        try restart({ $0.token() }, edit: Self.replace("{\"type\": \"api\", \"id\": \"270000000000000202\"", app)) {
            fixture, token in
            IntrospectionOutcome.active.check(
                fixture.introspect([("token", token)], headers: [TestServer.basic("270000000000000399", "late-secret")])
            )
        }
    }

    @Test("I-158 a renamed user is returned by the new name at once") func renamedUser() throws {
        try restart({ $0.token() }, edit: Self.replace("\"userName\": \"svc\"", "\"userName\": \"renamed\"")) {
            fixture, token in
            let answer = fixture.introspect(token)
            #expect(answer.json["username"] == .string("renamed@acme.localhost"))
            #expect(answer.json["client_id"] == .string("svc"), "the client id is the name at the time of issue")
        }
    }

    @Test(
        "I-181 to I-184 a user who is not active any more loses every token for good",
        arguments: ["inactive", "locked", "deleted"])
    func inactiveUser(state: String) throws {
        let folder = TemporaryFolder()
        let database = folder.path + "/db.sqlite"
        let edit = Self.replace("\"userName\": \"svc\"", "\"userName\": \"svc\", \"state\": \"\(state)\"")
        let token = try ReferenceFixture(database: database).token()
        let pat = "pat-svc-0123456789abcdef"
        do {
            let left = try ReferenceFixture(database: database, edit: edit)
            for text in [token, pat] {
                let answer = left.introspect(text)
                IntrospectionOutcome.inactive.check(answer)
                #expect(answer.reason == "user_inactive")
            }
        }
        do {
            let back = try ReferenceFixture(database: database)
            IntrospectionOutcome.inactive.check(back.introspect(token))
            IntrospectionOutcome.inactive.check(back.introspect(pat))
        }
        let renewed = try ReferenceFixture(
            database: database, edit: Self.replace(pat, "pat-svc-another-0123456789"))
        IntrospectionOutcome.active.check(renewed.introspect("pat-svc-another-0123456789"))
    }

    @Test("I-186 a token stays active when the user's organization is deactivated, as observed")
    func inactiveOrganization() throws {
        try restart(
            { $0.token(of: "partner-svc", domain: "") },
            edit: Self.replace("\"name\": \"Partner\",", "\"name\": \"Partner\", \"state\": \"inactive\",")
        ) { fixture, token in
            IntrospectionOutcome.active.check(fixture.introspect(token))
        }
    }

    @Test("I-170, I-171 a token expires at the second of its exp", arguments: ["svc", "svc-jwt"]) func expiry(
        user: String
    ) throws {
        let fixture = try ReferenceFixture()
        let token = fixture.token(of: user)
        fixture.server.time.advance(bySeconds: 43_199)
        fixture.server.time.advance(byMilliseconds: 999)
        IntrospectionOutcome.active.check(fixture.introspect(token))
        fixture.server.time.advance(byMilliseconds: 1)
        let answer = fixture.introspect(token)
        IntrospectionOutcome.inactive.check(answer)
        #expect(answer.reason == "token_expired")
    }

    @Test("I-191 a personal access token expires at the second of its expiration date") func patExpiry() throws {
        let fixture = try ReferenceFixture()
        let token = "pat-svc-limited-0123456789"
        fixture.server.time.advance(byMilliseconds: 9999)
        IntrospectionOutcome.active.check(fixture.introspect(token))
        fixture.server.time.advance(byMilliseconds: 1)
        let answer = fixture.introspect(token)
        IntrospectionOutcome.inactive.check(answer)
        #expect(answer.reason == "pat_expired")
        #expect(answer.header("Mock-Reason")?.contains("270000000000000602 expired on 2026-11-21T10:00:10Z") == true)
    }

    @Test("I-176, T-170 a revoked token is inactive, and userinfo refuses it", arguments: ["svc", "svc-jwt"])
    func revoked(
        user: String
    ) throws {
        let fixture = try ReferenceFixture()
        // An audience scope may name any id, so a service user's token can be made for an app, which may then revoke it.
        let token = fixture.token(
            of: user, scope: "openid \(ReferenceFixture.audience) urn:zitadel:iam:org:project:id:270000000000000303:aud"
        )
        let web = TestServer.basic("270000000000000303", "web-secret")
        IntrospectionOutcome.active.check(fixture.introspect(token))
        for _ in 1...2 {
            let answer = fixture.server.post("/oauth/v2/revoke", [("token", token)], headers: [web])
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
        }
        let answer = fixture.introspect(token)
        IntrospectionOutcome.inactive.check(answer)
        #expect(answer.reason == "token_revoked")
        let info = fixture.server.get(
            "/oidc/v1/userinfo", headers: [("authorization", "Bearer \(token)"), ("mock-dialect", "server")])
        #expect(info.status == 401)
        #expect(info.text == "{\"error\":\"access_denied\",\"error_description\":\"access token invalid\"}\n")
    }
}
