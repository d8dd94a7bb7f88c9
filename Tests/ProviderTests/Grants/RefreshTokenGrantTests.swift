import Encodings
import HTTP
import Model
import Provider
import Storage
import TestSupport
import Testing

/// Refresh tokens: rotation, lifetimes, revocation (T139 to T144, T173, T174).
@Suite struct RefreshTokenGrantTests {
    private static let scope = "openid profile offline_access"
    private static let invalid = "Errors.OIDCSession.RefreshTokenInvalid"

    private func start(_ instance: String = "") throws -> (fixture: SignInFixture, access: String, refresh: String) {
        let fixture = try SignInFixture(instance: instance)
        let tokens = try fixture.tokens(scope: Self.scope)
        return (fixture, tokens["access_token"]?.string ?? "", tokens["refresh_token"]?.string ?? "")
    }

    private func isActive(_ fixture: SignInFixture, _ token: String?) -> Bool {
        fixture.introspect(token ?? "").json["active"] == .bool(true)
    }

    @Test("T141, T142 a refresh token works once, and the old access token ends at once, with its reason")
    func rotation() throws {
        let (fixture, access, refresh) = try start("\"dialect\": \"server\"")
        let answer = try fixture.refresh(refresh)
        #expect(
            answer.json.members.map(\.name) == [
                "access_token", "token_type", "refresh_token", "expires_in", "id_token",
            ])
        #expect(answer.json["refresh_token"]?.string != refresh)
        #expect(!isActive(fixture, access))
        #expect(fixture.introspect(access).reason == "token_superseded")
        #expect(isActive(fixture, answer.json["access_token"]?.string))
        let again = try fixture.refresh(refresh)
        #expect(again.status == 400)
        #expect(again.json["error_description"]?.string == Self.invalid)
        #expect(again.reason == "refresh_token_rotated")
        #expect(isActive(fixture, answer.json["access_token"]?.string), "the second try ended nothing")
        #expect(try fixture.refresh(answer.json["refresh_token"]?.string ?? "").status == 200)
    }

    @Test("a refresh continues the session: same prefix of ids, same sid and auth_time") func sameSession() throws {
        let fixture = try SignInFixture()
        let first = try fixture.tokens(SignInFixture.native, scope: Self.scope)
        fixture.time.advance(bySeconds: 3600)
        let second = try fixture.refresh(first["refresh_token"]?.string ?? "", SignInFixture.native).json
        let (old, new) = (
            SignInFixture.claims(first["access_token"]?.string), SignInFixture.claims(second["access_token"]?.string)
        )
        func session(_ claims: JSONObject) -> String { String((claims["jti"]?.string ?? "").prefix { $0 != "-" }) }
        #expect(session(old) == session(new))
        #expect(old["jti"] != new["jti"])
        let (oldID, newID) = (
            SignInFixture.claims(first["id_token"]?.string), SignInFixture.claims(second["id_token"]?.string)
        )
        #expect(oldID["sid"] == newID["sid"])
        #expect(oldID["auth_time"] == newID["auth_time"])
        #expect(newID["iat"] == .integer(fixture.time.now))
    }

    @Test("the refresh token of a removed person reports that the user is not active, and an unknown token is invalid")
    func removed() throws {
        let (fixture, access, refresh) = try start("\"dialect\": \"server\"")
        try fixture.server.instance.change { _ in ([.remove(.user, id: SignInFixture.alice)], ()) }
        let answer = try fixture.refresh(refresh)
        #expect(answer.status == 400)
        #expect(answer.json["error_description"]?.string == "Errors.User.NotActive")
        #expect(answer.reason == "user_not_active")
        #expect(!isActive(fixture, access))
        #expect(try fixture.refresh("x").json["error_description"]?.string == "Errors.User.RefreshToken.Invalid")
        fixture.time.advance(bySeconds: 91 * 86_400)
        try fixture.server.storage.removeExpiredSignIns(before: fixture.time.now, sessionsBefore: 0)
        #expect(try fixture.refresh(refresh).reason == "refresh_token_invalid", "nothing is kept forever")
    }

    @Test("T144 a refresh token expires when it is unused for 30 days, and after 90 days at the latest")
    func lifetimes() throws {
        let day: Int64 = 24 * 3600
        let (idle, _, unused) = try start("\"dialect\": \"server\"")
        idle.time.advance(bySeconds: 30 * day)
        let late = try idle.refresh(unused)
        #expect(late.json["error_description"]?.string == Self.invalid)
        #expect(late.reason == "refresh_token_expired")
        var (fixture, _, refresh) = try start()
        for _ in 0..<3 {
            fixture.time.advance(bySeconds: 30 * day - 1)
            let answer = try fixture.refresh(refresh)
            #expect(answer.status == 200)
            refresh = answer.json["refresh_token"]?.string ?? ""
        }
        fixture.time.advance(bySeconds: 3)
        #expect(try fixture.refresh(refresh).reason == "refresh_token_expired")
    }

    @Test("T143 a refresh with more scopes is refused, and one with fewer changes nothing, with a warning")
    func scopes() throws {
        let (fixture, _, refresh) = try start("\"dialect\": \"server\"")
        for scope in ["openid profile email", "", "openid  profile"] {
            let answer = try fixture.refresh(refresh, scope: scope)
            #expect(answer.status == 400)
            #expect(answer.json.members.map(\.name) == ["error"])
            #expect(answer.json["error"]?.string == "invalid_scope")
        }
        let narrow = try fixture.refresh(refresh, scope: "profile")
        #expect(narrow.json["id_token"] != nil)
        #expect(narrow.header("Mock-Warning")?.hasPrefix("scope-not-narrowed;") == true)
        let scope = fixture.introspect(narrow.json["access_token"]?.string ?? "").json["scope"]?.string
        #expect(scope == Self.scope)
    }

    @Test("T143f a refresh token of another client is refused by the newest server, and accepted by older ones")
    func otherClient() throws {
        let (fixture, _, refresh) = try start("\"dialect\": \"server\"")
        let refused = try fixture.refresh(refresh, SignInFixture.native)
        #expect(refused.json["error"]?.string == "invalid_client")
        #expect(
            refused.json["error_description"]?.string
                == "client_id does not correspond to the client_id in the refresh token")
        #expect(try fixture.refresh(refresh).status == 200)
        let (old, _, other) = try start("\"serverVersion\": \"v2.71\"")
        let taken = try old.refresh(other, SignInFixture.native)
        #expect(taken.status == 200)
        #expect(taken.header("Mock-Warning")?.hasPrefix("refresh_token_of_other_client;") == true)
    }

    @Test("T056 an app without the grant, T139 a missing token and T140 a malformed token are refused")
    func rejections() throws {
        let (fixture, _, refresh) = try start("\"dialect\": \"server\"")
        let foreign = try fixture.refresh(refresh, SignInFixture.plainWeb)
        #expect(foreign.json["error_description"]?.string == "grant_type \"refresh_token\" not allowed")
        #expect(try fixture.refresh("").json["error_description"]?.string == "refresh_token missing")
        for garbage in ["~!~@#$%", "DEAD", String(refresh.dropLast())] {
            let answer = try fixture.refresh(garbage)
            #expect(answer.status == 400)
            #expect(answer.json["error_description"]?.string == "Errors.User.RefreshToken.Invalid")
        }
        let documented = try SignInFixture()
        #expect(try documented.refresh("x").json["error"]?.string == "invalid_grant")
    }

    @Test("T144b the refresh token of a deactivated person is refused") func deactivated() throws {
        let folder = TemporaryFolder()
        let time = TestDependencies()
        func fixture(_ state: String) throws -> SignInFixture {
            try SignInFixture(alice: state, instance: "\"dialect\": \"server\"", in: folder, time: time)
        }
        func before() throws -> String {
            try fixture("active").tokens(scope: Self.scope)["refresh_token"]?.string ?? ""
        }
        let refresh = try before()
        let answer = try fixture("inactive").refresh(refresh)
        #expect(answer.json["error_description"]?.string == "Errors.User.NotActive")
    }

    // MARK: Revocation

    private func revoke(_ fixture: SignInFixture, _ token: String, hint: String? = nil) -> HTTPResponse {
        let form = [("token", token)] + (hint.map { [("token_type_hint", $0)] } ?? [])
        return fixture.server.post(
            "/oauth/v2/revoke", form, headers: [TestServer.basic(SignInFixture.web, "web-secret")])
    }

    @Test("T173 revoking a refresh token ends its access token, too") func revokeRefreshToken() throws {
        let (fixture, access, refresh) = try start("\"dialect\": \"server\"")
        let answer = revoke(fixture, refresh)
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
        #expect(try fixture.refresh(refresh).json["error_description"]?.string == Self.invalid)
        #expect(try fixture.refresh(refresh).reason == "refresh_token_revoked")
        #expect(!isActive(fixture, access))
        #expect(revoke(fixture, refresh).status == 200, "twice is fine")
    }

    @Test("T174 revoking an access token leaves the refresh token") func revokeAccessToken() throws {
        let (fixture, access, refresh) = try start()
        #expect(revoke(fixture, access).status == 200)
        #expect(!isActive(fixture, access))
        #expect(try fixture.refresh(refresh).status == 200)
    }

    @Test("the hint access_token prevents the revocation of a refresh token, and other hints do not")
    func hints() throws {
        let (fixture, _, refresh) = try start()
        #expect(revoke(fixture, refresh, hint: "access_token").status == 200)
        let next = try fixture.refresh(refresh).json["refresh_token"]?.string ?? ""
        #expect(revoke(fixture, next, hint: "odd").status == 200)
        #expect(try fixture.refresh(next).status == 400)
    }

    @Test("a refresh token can be revoked by another app of the project, but not by one of another project")
    func ownership() throws {
        let (fixture, access, refresh) = try start("\"dialect\": \"server\"")
        let guarded = [TestServer.basic(SignInFixture.guarded, "guarded-secret")]
        for token in [access, refresh] {
            let answer = fixture.server.post("/oauth/v2/revoke", [("token", token)], headers: guarded)
            #expect(answer.status == 401)
            #expect(answer.json["error_description"]?.string == "token was not issued for this client")
        }
        let sibling = [TestServer.basic(SignInFixture.plainWeb, "plain-secret")]
        #expect(fixture.server.post("/oauth/v2/revoke", [("token", refresh)], headers: sibling).status == 200)
        #expect(!isActive(fixture, access))
    }

    @Test("revoking an ended refresh token succeeds for every client") func revokedTwice() throws {
        let (fixture, _, refresh) = try start("\"dialect\": \"server\"")
        #expect(revoke(fixture, refresh).status == 200)
        let guarded = [TestServer.basic(SignInFixture.guarded, "guarded-secret")]
        #expect(fixture.server.post("/oauth/v2/revoke", [("token", refresh)], headers: guarded).status == 200)
    }

    @Test("a refresh token is inactive at introspection, with a reason that says what it is")
    func introspection() throws {
        let (fixture, _, refresh) = try start()
        #expect(fixture.introspect(refresh).json["active"] == .bool(false))
        #expect(fixture.introspect(refresh).reason == "not_an_access_token")
    }

    @Test("only one of two simultaneous refreshes gets tokens") func race() async throws {
        let (fixture, _, refresh) = try start()
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { (try? fixture.refresh(refresh).status) ?? 0 } }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1)
        #expect(statuses.filter { $0 == 400 }.count == 7)
    }
}
