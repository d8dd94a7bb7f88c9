import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// Audience, scopes and claims of tokens and of answers: numbered cases, and what only a seed can make.
@Suite struct AudienceAndRoleTests {
    private static let prefix = "urn:zitadel:iam:org:project:"
    private static let both = "\(ReferenceFixture.audience) \(prefix)id:\(ReferenceFixture.otherProject):aud"
    private static let second = TestServer.basic("270000000000000312", "b2-secret")

    static let mismatches: [(number: String, scope: String, met: String, needed: String)] = [
        ("I-187", ReferenceFixture.audience, "270000000000000101", "270000000000000102"),
        (
            "I-190", "\(prefix)id:zitadel:aud", "270000000000000100, which is the instance's own project, not yours",
            "270000000000000102"
        ),
        ("I-197", "\(prefix)id:999:aud", "999", "270000000000000102"),
    ]

    @Test("a token with another audience is inactive, and the reason names the scope to request", arguments: mismatches)
    func mismatch(number: String, scope: String, met: String, needed: String) throws {
        let fixture = try ReferenceFixture()
        let answer = fixture.introspect([("token", fixture.token(scope: "openid \(scope)"))], headers: [Self.second])
        IntrospectionOutcome.inactive.check(answer)
        #expect(answer.reason == "aud_mismatch", "\(number)")
        let line = answer.header("Mock-Reason") ?? ""
        #expect(line.contains("is for \(met);"), "\(number): \(line)")
        #expect(line.contains("\(Self.prefix)id:\(needed):aud"), "\(number): \(line)")
    }

    @Test(
        "I-188, I-189 a token without an audience scope is inactive, and the reason names the scope",
        arguments: ["svc", "svc-jwt"])
    func noAudience(user: String) throws {
        let fixture = try ReferenceFixture()
        let answer = fixture.introspect(fixture.token(of: user, scope: "openid"))
        IntrospectionOutcome.inactive.check(answer)
        #expect(answer.reason == "aud_empty")
        #expect(answer.header("Mock-Reason")?.contains(ReferenceFixture.audience) == true)
    }

    private static let granted = ["270000000000000001": "acme.localhost", "270000000000000002": "partner.localhost"]
    private static let own = ["270000000000000001": "acme.localhost"]
    static let roleScopes: [(number: String, scope: String, expected: [String: [String: String]])] = [
        ("I-143, I-149", "openid", ["reader": granted, "writer": own]),
        ("I-145", "\(prefix)role:writer", ["writer": own]),
        ("I-146", "\(prefix)role:nobody", [:]),
        ("I-147", "urn:zitadel:iam:org:projects:roles", ["reader": granted, "writer": own]),
        (
            "I-150", "urn:zitadel:iam:org:roles:id:270000000000000002",
            ["reader": ["270000000000000002": "partner.localhost"]]
        ),
        ("of an organization that granted nothing", "urn:zitadel:iam:org:roles:id:270000000000000003", [:]),
    ]

    @Test("returned roles depend on the grants, the scopes and the caller's project", arguments: roleScopes)
    func roles(number: String, scope: String, expected: [String: [String: String]]) throws {
        let fixture = try ReferenceFixture()
        let answer = fixture.introspect(fixture.token(scope: "\(scope) \(Self.both)"))
        IntrospectionOutcome.active.check(answer)
        for name in ["\(Self.prefix)roles", "\(Self.prefix)\(ReferenceFixture.project):roles"] {
            let roles = answer.json[name]?.object?.members.map { role in
                (
                    role.name,
                    Dictionary(
                        uniqueKeysWithValues: role.value.object?.members.map { ($0.name, $0.value.string ?? "") } ?? [])
                )
            }
            #expect(Dictionary(uniqueKeysWithValues: roles ?? []) == expected, "\(number): \(answer.text)")
            #expect((answer.json[name] == nil) == expected.isEmpty)
        }
        #expect(answer.json["\(Self.prefix)\(ReferenceFixture.otherProject):roles"] == nil, "only the caller's project")
    }

    @Test("I-148 an API of another project gets the roles of its own project only") func otherProject() throws {
        let fixture = try ReferenceFixture()
        let answer = fixture.introspect(
            [("token", fixture.token(scope: "openid \(Self.both)"))], headers: [Self.second])
        #expect(answer.json["\(Self.prefix)roles"]?.object?.members.map(\.name) == ["auditor"])
        #expect(answer.json["\(Self.prefix)\(ReferenceFixture.project):roles"] == nil)
    }

    @Test("userinfo and JWTs have the roles of every project of the audience, if role scopes were requested")
    func rolesOfAudience() throws {
        let fixture = try ReferenceFixture()
        for (scope, projects) in [
            ("urn:zitadel:iam:org:projects:roles", [ReferenceFixture.project, ReferenceFixture.otherProject]),
            ("openid", []),
        ] {
            let token = fixture.token(scope: "openid \(scope) \(Self.both)")
            let claims = fixture.server.get("/oidc/v1/userinfo", headers: [("authorization", "Bearer \(token)")]).json
            let named = claims.members.map(\.name).filter { $0.hasSuffix(":roles") }
            #expect(named == projects.map { "\(Self.prefix)\($0):roles" }, "\(scope)")
        }
    }

    @Test(
        "I-208, I-209 a personal access token is active for any API, with the roles of the caller's project in its scope"
    )
    func personal() throws {
        let fixture = try ReferenceFixture()
        let token = "pat-svc-0123456789abcdef"
        let own = fixture.introspect(token).json
        #expect(own["aud"] == .strings(["270000000000000302", ReferenceFixture.project]))
        #expect(own["scope"]?.string?.hasSuffix("\(Self.prefix)role:reader \(Self.prefix)role:writer") == true)
        #expect(own["jti"] == .string("270000000000000601"))
        #expect(own["exp"] == .integer(253_402_300_799))
        for absent in ["client_id", "amr", "auth_time"] { #expect(own[absent] == nil) }
        let other = fixture.introspect([("token", token)], headers: [Self.second]).json
        #expect(other["aud"] == .strings(["270000000000000312", ReferenceFixture.otherProject]))
        #expect(other["\(Self.prefix)roles"]?.object?.members.map(\.name) == ["auditor"])
    }

    @Test("I-119, I-123, I-124, I-125, I-133 the scopes decide which members are returned") func members() throws {
        let fixture = try ReferenceFixture()
        let plain = fixture.introspect(fixture.token(scope: ReferenceFixture.audience)).json
        for absent in ["username", "preferred_username", "name", "updated_at", "email"] {
            #expect(plain[absent] == nil)
        }
        #expect(plain["sub"] == .string("270000000000000501"))
        #expect(plain["amr"] == .strings(["pwd"]))
        let full = fixture.introspect(
            fixture.token(scope: "openid profile email phone address \(ReferenceFixture.audience)")
        )
        .json
        #expect(full["username"] == .string("svc@acme.localhost"))
        #expect(full["name"] == .string("Service"))
        for absent in ["email", "phone_number", "address", "given_name", "locale"] { #expect(full[absent] == nil) }
        let key = try TestServer.key("svc")
        let assertion = Assertion.sign(
            Assertion.claims(of: "270000000000000501", audience: fixture.server.issuer, now: fixture.server.time.now),
            by: key.privateKey, keyID: key.keyID)
        let token =
            fixture.jwtBearer(assertion: assertion, scope: ReferenceFixture.audience).json["access_token"]?.string ?? ""
        let profile = fixture.introspect(token).json
        #expect(profile["client_id"] == .string("svc"))
        #expect(profile["amr"] == nil)
    }

    @Test(
        "I-139 members have struct order, I-140 are sorted with extra claims; I-141 Go's escapes; I-144 granted roles only"
    ) func order() throws {
        let fixture = try ReferenceFixture()
        let plain = fixture.introspect(
            fixture.token(of: "svc-plain", scope: "openid profile \(ReferenceFixture.audience)"))
        #expect(
            plain.json.members.map(\.name) == [
                "active", "scope", "client_id", "token_type", "exp", "iat", "auth_time", "nbf", "sub", "aud", "amr",
                "iss", "jti", "username", "name",
                "updated_at", "preferred_username",
            ])
        #expect(plain.text.contains("\"name\":\"A \\u0026 B \\u003cx\\u003e\""))
        let names = fixture.introspect(fixture.token()).json.members.map(\.name)
        #expect(names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(names.first == "active")
    }

    @Test(
        "I-134 metadata is unpadded base64url, I-135 absent if empty, I-136 to I-138 organization claims are returned")
    func organizationClaims() throws {
        let fixture = try ReferenceFixture()
        let scope =
            "urn:zitadel:iam:user:metadata urn:zitadel:iam:org:id:270000000000000001 urn:zitadel:iam:org:domain:primary:acme.localhost \(ReferenceFixture.audience)"
        let answer = fixture.introspect(fixture.token(scope: scope)).json
        #expect(
            answer["urn:zitadel:iam:user:metadata"]
                == .object(["a": .string("AQID"), "team": .string("d8OkcmVob3VzZT8-")]))
        #expect(answer["urn:zitadel:iam:org:id"] == .string("270000000000000001"))
        #expect(answer["urn:zitadel:iam:org:domain:primary"] == .string("acme.localhost"))
        #expect(answer["urn:zitadel:iam:user:resourceowner:id"] == .string("270000000000000001"))
        #expect(answer["urn:zitadel:iam:user:resourceowner:name"] == .string("ACME"))
        #expect(answer["urn:zitadel:iam:user:resourceowner:primary_domain"] == .string("acme.localhost"))
        #expect(
            fixture.introspect(fixture.token(of: "svc-plain", scope: scope)).json["urn:zitadel:iam:user:metadata"]
                == nil)
    }

    @Test("I-122 in an organization without the domain policy, user names are returned without a domain")
    func plainLoginNames() throws {
        let fixture = try ReferenceFixture()
        let answer = fixture.introspect(fixture.token(of: "partner-svc", domain: "")).json
        #expect(answer["username"] == .string("partner-svc"))
    }

    @Test("claims of the seed are in tokens, userinfo and introspection, and never replace a standard claim")
    func seedClaims() throws {
        let fixture = try ReferenceFixture { seed in
            seed.split(separator: "\"userName\": \"svc-jwt\"").joined(
                separator:
                    "\"userName\": \"svc-jwt\", \"claims\": {\"tenant\": {\"b\": 1, \"a\": [true]}, \"sub\": \"evil\"}")
        }
        let token = fixture.token(of: "svc-jwt")
        let tenant = JSON.object(["b": .integer(1), "a": .array([.bool(true)])])
        let sub = JSON.string("270000000000000502")
        let info = fixture.server.get("/oidc/v1/userinfo", headers: [("authorization", "Bearer \(token)")]).json
        for claims in [try CompactJWS(token).claims, fixture.introspect(token).json, info] {
            #expect(claims["tenant"] == tenant)
            #expect(claims["sub"] == sub)
            #expect(claims.members.filter { $0.name == "sub" }.count == 1)
        }
    }

    @Test(
        "unknown scopes are dropped with a warning, or kept when the seed says so",
        arguments: [("drop", false), ("keep", true)])
    func unknownScopes(setting: String, isKept: Bool) throws {
        let fixture = try ReferenceFixture(instance: "\"unknownScopes\": \"\(setting)\"")
        let answer = fixture.tokenAnswer(
            scope: "openid read:messages urn:zitadel:iam:nonsense \(ReferenceFixture.audience)")
        let scopes = fixture.introspect(answer.json["access_token"]?.string ?? "").json["scope"]?.string?.split(
            separator: " ")
        #expect(scopes?.contains("read:messages") == isKept)
        #expect(scopes?.contains("urn:zitadel:iam:nonsense") == false, "ZITADEL's own prefix is never a scope of yours")
        let warning = answer.header("Mock-Warning") ?? ""
        #expect(warning.hasPrefix("scope-dropped; "))
        #expect(warning.contains("read:messages") == !isKept)
    }

    @Test("I-223 the scope of another organization is dropped") func otherOrganization() throws {
        let fixture = try ReferenceFixture()
        let answer = fixture.introspect(
            fixture.token(scope: "urn:zitadel:iam:org:id:270000000000000002 \(ReferenceFixture.audience)")
        ).json
        #expect(answer["urn:zitadel:iam:org:id"] == nil)
        #expect(answer["scope"] == .string(ReferenceFixture.audience))
    }

    @Test("tokens have the lifetimes of the seed") func lifetimes() throws {
        let fixture = try ReferenceFixture(instance: "\"lifetimes\": {\"accessToken\": \"90s\", \"idToken\": \"2m\"}")
        let answer = fixture.tokenAnswer()
        #expect(answer.json["expires_in"] == .integer(89))
        let token = fixture.introspect(answer.json["access_token"]?.string ?? "").json
        let now = fixture.server.time.now
        #expect(token["exp"] == .integer(now + 90))
        #expect(token["iat"] == .integer(now))
        #expect(
            try CompactJWS(answer.json["id_token"]?.string ?? "").claims["exp"] == .integer(now + 43200),
            "ID tokens of client_credentials live by the server's configuration, not by the instance's")
    }
}
