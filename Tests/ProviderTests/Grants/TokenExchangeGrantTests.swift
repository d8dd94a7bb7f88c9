import Encodings
import HTTP
import JOSE
import TestSupport
import Testing

/// Token exchange (RFC 8693): T150 to T159, and acting for somebody else.
@Suite struct TokenExchangeGrantTests {
    private static let grant = "urn:ietf:params:oauth:grant-type:token-exchange"
    private static let accessToken = "urn:ietf:params:oauth:token-type:access_token"
    private static let idToken = "urn:ietf:params:oauth:token-type:id_token"
    private static let jwt = "urn:ietf:params:oauth:token-type:jwt"
    private static let refreshToken = "urn:ietf:params:oauth:token-type:refresh_token"
    private static let userID = "urn:zitadel:params:oauth:token-type:user_id"
    private static let on = "\"impersonation\": true, \"dialect\": \"server\""

    private func exchange(
        _ fixture: SignInFixture, _ subject: String, _ type: String = accessToken, _ more: [(String, String)] = []
    ) throws -> HTTPResponse {
        try fixture.token(
            SignInFixture.key,
            [("grant_type", Self.grant), ("subject_token", subject), ("subject_token_type", type)] + more)
    }

    private func actor(_ token: String = "pat-svc-0123456789abcdef") -> [(String, String)] {
        [("actor_token", token), ("actor_token_type", Self.accessToken)]
    }

    private func token(_ fixture: SignInFixture, scope: String = "openid profile") throws -> String {
        try fixture.tokens(scope: scope)["access_token"]?.string ?? ""
    }

    @Test("T154 exchanging an access token for another one keeps audience and scopes, and changes the client")
    func accessTokens() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        let answer = try exchange(fixture, try token(fixture))
        #expect(
            answer.json.members.map(\.name)
                == ["access_token", "issued_token_type", "token_type", "expires_in", "scope", "id_token"])
        #expect(answer.json["issued_token_type"] == .string(Self.accessToken))
        let active = fixture.introspect(answer.json["access_token"]?.string ?? "").json
        #expect(active["client_id"] == .string(SignInFixture.key))
        #expect(active["scope"] == .string("openid profile"))
        #expect(active["auth_time"] == nil)
        #expect(active["amr"] == .strings(["pwd"]))
        #expect(SignInFixture.claims(answer.json["id_token"]?.string)["sid"] == nil)
    }

    @Test("an older version exchanges for a scope that the token does not have, with a warning")
    func unbounded() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\", \"serverVersion\": \"v3.4\"")
        let answer = try exchange(fixture, try token(fixture), Self.accessToken, [("scope", "openid offline_access")])
        #expect(answer.status == 200)
        #expect(
            answer.header("Mock-Warning")?.hasPrefix("exchange-unbounded; scope \"offline_access\" is not on") == true)
        let bounded = try exchange(fixture, try token(fixture), Self.accessToken, [("scope", "openid")])
        #expect(bounded.status == 200 && bounded.header("Mock-Warning") == nil)
    }

    @Test("T155 a token can be exchanged for an ID token or a JWT; T157 not for a refresh token")
    func requestedTypes() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        let subject = try token(fixture)
        func ask(_ type: String) throws -> HTTPResponse {
            try exchange(fixture, subject, Self.accessToken, [("requested_token_type", type)])
        }
        let identity = try ask(Self.idToken).json
        #expect(identity["token_type"] == .string("N_A"))
        #expect(identity["id_token"] == nil)
        #expect(SignInFixture.claims(identity["access_token"]?.string)["azp"] == .string(SignInFixture.key))
        let jwt = try ask(Self.jwt).json
        #expect(SignInFixture.claims(jwt["access_token"]?.string)["client_id"] == .string(SignInFixture.key))
        #expect(jwt["token_type"] == .string("Bearer"))
        for type in [Self.refreshToken, Self.userID] {
            #expect(
                try ask(type).json["error_description"]?.string == "Errors.TokenExchange.Token.TypeNotSupported")
        }
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let name: String
        let more: [(String, String)]
        let error: String
        let description: String
        let status: Int
        var testDescription: String { name }

        init(_ name: String, _ more: [(String, String)], _ error: String, _ description: String, status: Int = 400) {
            self.name = name
            self.more = more
            self.error = error
            self.description = description
            self.status = status
        }
    }

    static let refused: [Refused] = [
        .init("T150 no subject", [("subject_token", "")], "invalid_request", "subject_token missing"),
        .init("T150b no type", [("subject_token_type", "")], "invalid_request", "subject_token_type missing"),
        .init("T151 odd type", [("subject_token_type", "x")], "invalid_request", "subject_token_type is not supported"),
        .init(
            "odd requested type", [("requested_token_type", "x")], "invalid_request",
            "requested_token_type is not supported"),
        .init("odd actor type", [("actor_token_type", "x")], "invalid_request", "actor_token_type is not supported"),
        .init("T152 resource", [("resource", "https://x")], "invalid_target", "resource parameter not supported"),
        .init("T153 garbage", [("subject_token", "foo")], "invalid_request", "subject_token invalid"),
        .init("a refresh token", [("subject_token_type", refreshToken)], "invalid_request", "subject_token invalid"),
        .init(
            "T156 audience", [("audience", "foo")], "invalid_target",
            "audience \"foo\" not found in subject or actor token"),
        .init(
            "T156c scope", [("scope", "openid email")], "invalid_scope",
            "scope \"email\" not found in subject or actor token"),
        .init(
            "T158 impersonation off", [("actor_token", "pat-svc-0123456789abcdef"), ("actor_token_type", accessToken)],
            "invalid_request", "Errors.TokenExchange.Impersonation.PolicyDisabled", status: 403),
        .init(
            "a user id while it is off", [("subject_token", SignInFixture.alice), ("subject_token_type", userID)],
            "invalid_request", "Errors.TokenExchange.Impersonation.PolicyDisabled", status: 403),
    ]

    @Test("a wrong token exchange is refused", arguments: refused) func rejections(_ refused: Refused) throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        // Of a parameter that is there twice, the last one counts.
        let answer = try exchange(fixture, try token(fixture), Self.accessToken, refused.more)
        #expect(answer.status == refused.status)
        #expect(answer.json["error"]?.string == refused.error)
        #expect(answer.json["error_description"]?.string == refused.description)
    }

    @Test("T159 a token of another project is refused by the newest server, and accepted by older ones")
    func otherProject() throws {
        let new = try SignInFixture(instance: "\"dialect\": \"server\"")
        let foreign = try new.tokens(SignInFixture.guarded)["access_token"]?.string ?? ""
        #expect(try exchange(new, foreign).json["error_description"]?.string == "subject_token invalid")
        let old = try SignInFixture(instance: "\"serverVersion\": \"v4.13\"")
        let taken = try old.tokens(SignInFixture.guarded)["access_token"]?.string ?? ""
        #expect(try exchange(old, taken).status == 200)
        let wide = try exchange(old, try token(old), Self.accessToken, [("scope", "openid offline_access")])
        #expect(wide.json["refresh_token"] != nil)
    }

    @Test("a token exchange can narrow the audience and the scopes") func narrower() throws {
        let fixture = try SignInFixture()
        let answer = try exchange(
            fixture, try token(fixture), Self.accessToken, [("audience", SignInFixture.project), ("scope", "openid")])
        let active = fixture.introspect(answer.json["access_token"]?.string ?? "").json
        #expect(active["aud"] == .strings([SignInFixture.project]))
        #expect(active["scope"] == .string("openid"))
    }

    @Test("the audience of an exchange is what was requested, and neither scopes nor a refresh add to it")
    func finalAudience() throws {
        let fixture = try SignInFixture()
        let other = "urn:zitadel:iam:org:project:id:270000000000000102:aud"
        let subject = try token(fixture, scope: "openid offline_access \(other)")
        let answer = try exchange(fixture, subject, Self.accessToken, [("audience", SignInFixture.project)]).json
        let narrow = fixture.introspect(answer["access_token"]?.string ?? "").json
        #expect(narrow["aud"] == .strings([SignInFixture.project]))
        #expect(narrow["scope"]?.string?.contains(other) == true)
        let refreshed = try fixture.refresh(answer["refresh_token"]?.string ?? "", SignInFixture.key).json
        let after = fixture.introspect(refreshed["access_token"]?.string ?? "").json
        #expect(after["aud"] == .strings([SignInFixture.project]))
    }

    @Test("an expired ID token is accepted neither as subject nor as actor") func expiredIDToken() throws {
        let owner = "openid urn:zitadel:iam:user:resourceowner"
        let fixture = try SignInFixture(instance: Self.on) {
            $0.replacing(
                "\"userName\": \"alice\"",
                with: "\"userName\": \"alice\", \"instanceRoles\": [\"IAM_ADMIN_IMPERSONATOR\"]")
        }
        let identity = try fixture.tokens(scope: owner)["id_token"]?.string ?? ""
        let acting = [("actor_token", identity), ("actor_token_type", Self.idToken), ("scope", "openid")]
        #expect(try exchange(fixture, "270000000000000512", Self.userID, acting).status == 200)
        fixture.time.advance(bySeconds: 43200)
        let late = try exchange(fixture, "270000000000000512", Self.userID, acting)
        #expect(late.json["error_description"]?.string == "actor_token invalid")
        let subject = try exchange(fixture, identity, Self.idToken, [("scope", "openid")])
        #expect(subject.json["error_description"]?.string == "subject_token invalid")
    }

    @Test("offline_access that the subject has gives a refresh token, which works for the exchanging app")
    func refreshing() throws {
        let fixture = try SignInFixture()
        let answer = try exchange(fixture, try token(fixture, scope: "openid offline_access")).json
        let refreshed = try fixture.refresh(answer["refresh_token"]?.string ?? "", SignInFixture.key)
        #expect(refreshed.status == 200)
        #expect(fixture.introspect(answer["access_token"]?.string ?? "").reason == "token_superseded")
    }

    @Test("exchanging a personal access token adds the app, its project and the project's roles")
    func personalAccessToken() throws {
        let fixture = try SignInFixture()
        let answer = try exchange(fixture, "pat-svc-0123456789abcdef").json
        #expect(
            answer["scope"]?.string?.hasSuffix("project:role:reader urn:zitadel:iam:org:project:role:writer") == true)
        let active = fixture.introspect(answer["access_token"]?.string ?? "").json
        #expect(active["aud"] == .strings([SignInFixture.key, SignInFixture.project]))
    }

    @Test("T155b an ID token as subject needs the claim of its owner") func idTokenSubject() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        let bare = try fixture.tokens()["id_token"]?.string ?? ""
        #expect(
            try exchange(fixture, bare, Self.idToken, [("scope", "openid")]).json["error_description"]?.string
                == "subject_token invalid")
        let full = try fixture.tokens(scope: "openid urn:zitadel:iam:user:resourceowner")["id_token"]?.string ?? ""
        let old = try SignInFixture(instance: "\"serverVersion\": \"v4.13\"")
        let taken = try old.tokens(scope: "openid urn:zitadel:iam:user:resourceowner")["id_token"]?.string ?? ""
        #expect(try exchange(old, taken, Self.idToken, [("scope", "openid")]).status == 200)
        #expect(
            try exchange(fixture, full, Self.idToken, [("scope", "openid")]).json["error"]?.string == "invalid_scope",
            "an ID token has no scopes, and without an actor none may be asked for")
    }

    // MARK: Acting for somebody else

    @Test("an impersonation gives a token of the subject, with the actor in act")
    func impersonation() throws {
        let fixture = try SignInFixture(instance: Self.on)
        let answer = try exchange(
            fixture, SignInFixture.alice, Self.userID,
            actor() + [("scope", "openid email"), ("requested_token_type", Self.jwt)])
        #expect(answer.status == 200)
        let claims = SignInFixture.claims(answer.json["access_token"]?.string)
        #expect(claims["sub"] == .string(SignInFixture.alice))
        let act: JSONObject = ["iss": .string(fixture.server.issuer), "sub": .string("270000000000000501")]
        #expect(claims["act"] == .object(act))
        #expect(claims["aud"] == .strings([SignInFixture.key, SignInFixture.project]))
        let active = fixture.introspect(answer.json["access_token"]?.string ?? "").json
        #expect(active["act"] == .object(act))
        #expect(active["email"] == .string("alice@acme.example"))
        #expect(SignInFixture.claims(answer.json["id_token"]?.string)["act"] == .object(act))
    }

    @Test("exchanging a token that was obtained by impersonation keeps the earlier actor")
    func earlierActor() throws {
        let fixture = try SignInFixture(instance: Self.on) {
            $0.replacing(
                "\"userName\": \"alice\"",
                with: "\"userName\": \"alice\", \"instanceRoles\": [\"IAM_ADMIN_IMPERSONATOR\"]")
        }
        let manager = try fixture.tokens(scope: "openid profile")["access_token"]?.string ?? ""
        let first =
            try exchange(
                fixture, "270000000000000512", Self.userID, actor(manager) + [("scope", "openid profile")]
            ).json["access_token"]?.string ?? ""
        #expect(
            try exchange(fixture, "270000000000000521", Self.userID, actor(first) + [("scope", "openid")]).status == 404
        )
        let second = try exchange(fixture, first, Self.accessToken, [("requested_token_type", Self.jwt)])
        let kept = SignInFixture.claims(second.json["access_token"]?.string)["act"]?.object
        #expect(kept?["sub"] == .string(SignInFixture.alice), "an exchange without an actor keeps who acted")
        let third = try exchange(
            fixture, first, Self.accessToken, actor(manager) + [("requested_token_type", Self.jwt)])
        #expect(
            SignInFixture.claims(third.json["access_token"]?.string)["act"]?.object?["sub"]
                == .string(SignInFixture.alice))
    }

    @Test(
        "act may be nested 50 deep, and one more level is refused",
        arguments: [accessToken, jwt])
    func depth(type: String) throws {
        let fixture = try SignInFixture(instance: Self.on)
        func act(with token: String) throws -> HTTPResponse {
            try exchange(
                fixture, "270000000000000501", Self.userID,
                actor(token) + [("scope", "openid"), ("requested_token_type", type)])
        }
        var token = "pat-svc-0123456789abcdef"
        for _ in 0..<50 { token = try act(with: token).json["access_token"]?.string ?? "" }
        var acting = fixture.introspect(token).json["act"]?.object
        var depth = 0
        while let next = acting { (acting, depth) = (next["act"]?.object, depth + 1) }
        #expect(depth == 50)
        let refused = try act(with: token)
        #expect(refused.status == 400)
        #expect(refused.json["error_description"]?.string == "actor_token invalid")
        #expect(refused.reason == "actor_token_invalid")
        #expect(refused.header("Mock-Reason")?.contains("50 deep") == true)
    }

    @Test("an actor without a role is refused, and a manager may be the subject") func permission() throws {
        let fixture = try SignInFixture(instance: Self.on)
        let scope = [("scope", "openid")]
        let none = try exchange(
            fixture, SignInFixture.alice, Self.userID, actor("pat-plain-0123456789abcdef") + scope)
        #expect(none.status == 404)
        #expect(none.json["error"]?.string == "invalid_request")
        #expect(none.reason == "impersonation_no_membership")
        #expect(none.header("Mock-Reason")?.contains("IAM_ADMIN_IMPERSONATOR") == true)
        let manager = try exchange(fixture, "270000000000000517", Self.userID, actor() + scope)
        #expect(manager.status == 200)
    }

    @Test("unknown or inactive actors and subjects are refused") func badActors() throws {
        let fixture = try SignInFixture(instance: Self.on)
        let scope = [("scope", "openid")]
        func description(_ subject: String, _ more: [(String, String)]) throws -> String? {
            let answer = try exchange(fixture, subject, Self.userID, more + scope)
            return answer.json["error_description"]?.string
        }
        #expect(try description(SignInFixture.alice, []) == "actor_token invalid")
        #expect(try description(SignInFixture.alice, actor("foo")) == "actor_token invalid")
        #expect(
            try description(
                SignInFixture.alice, [("actor_token", SignInFixture.alice), ("actor_token_type", Self.userID)])
                == "actor_token invalid")
        #expect(try description("1", actor()) == "subject_token invalid")
        #expect(try description("270000000000000513", actor()) == "Errors.User.NotActive")
        let wide = try exchange(
            fixture, SignInFixture.alice, Self.userID, actor() + [("scope", "openid offline_access")])
        #expect(wide.json["error"]?.string == "invalid_scope")
    }

    @Test("a JWT that the app signed about a user is accepted as subject") func signedSubject() throws {
        let fixture = try SignInFixture(instance: Self.on)
        let file = try TestServer.key("web-key")
        let claims = Assertion.claims(
            of: SignInFixture.key, audience: fixture.server.issuer, now: fixture.time.now,
            ["sub": .string(SignInFixture.alice)]
        )
        let subject = Assertion.sign(claims, by: file.privateKey, keyID: file.keyID)
        let answer = try exchange(fixture, subject, Self.jwt, actor() + [("scope", "openid")])
        #expect(answer.status == 200)
        #expect(SignInFixture.claims(answer.json["id_token"]?.string)["sub"] == .string(SignInFixture.alice))
        let old = Assertion.claims(
            of: SignInFixture.key, audience: fixture.server.issuer, now: fixture.time.now - 3601,
            ["sub": .string(SignInFixture.alice)])
        let stale = Assertion.sign(old, by: file.privateKey, keyID: file.keyID)
        #expect(
            try exchange(fixture, stale, Self.jwt, actor()).json["error_description"]?.string == "subject_token invalid"
        )
    }
}
