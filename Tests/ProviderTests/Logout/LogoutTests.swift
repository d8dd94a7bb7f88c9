import Encodings
import HTTP
import HTTPServer
import JOSE
import Provider
import Server
import Storage
import Synchronization
import System
import TestSupport
import Testing

/// Logout: the endpoint (T177 to T180), its page, and back-channel notifications.
@Suite struct LogoutTests {
    private func endSession(_ fixture: SignInFixture, _ parameters: [(String, String)]) throws -> HTTPResponse {
        let query = parameters.map { "\($0)=\(PercentEncoding.formEncoded($1))" }.joined(separator: "&")
        return try fixture.browser().get("/oidc/v1/end_session?" + query).response
    }

    private static let bye = ("post_logout_redirect_uri", "https://web.example/bye")

    @Test(
        "T178b, T180 a valid hint ends its session: access tokens end, the refresh token stays valid"
    )
    func hint() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let tokens = try fixture.tokens(SignInFixture.web, scope: "openid offline_access", in: browser)
        let hint = ("id_token_hint", tokens["id_token"]?.string ?? "")
        let plain = try endSession(fixture, [hint])
        #expect(plain.status == 302)
        #expect(plain.header("Location") == "/logout/done")
        #expect(plain.text == "<a href=\"/logout/done\">Found</a>.\n\n")
        let access = tokens["access_token"]?.string ?? ""
        #expect(fixture.introspect(access).json["active"] == .bool(false))
        #expect(fixture.introspect(access).reason == "session_terminated")
        #expect(try browser.open(fixture.target()).response.status == 200, "signed out")
        let refreshed = try fixture.refresh(tokens["refresh_token"]?.string ?? "")
        #expect(refreshed.status == 200)
        #expect(fixture.introspect(refreshed.json["access_token"]?.string ?? "").json["active"] == .bool(true))
        let sent = try endSession(fixture, [hint, Self.bye, ("state", "s 1")])
        #expect(sent.header("Location") == "https://web.example/bye?state=s+1")
        #expect(try browser.get("/logout/done").html.contains("id=\"signedOut\""))
    }

    @Test("a hint ends its own session only, not the others of the browser") func oneSession() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let alice = try fixture.tokens(SignInFixture.web, in: browser)
        _ = try fixture.signIn(SignInFixture.web, ["prompt": "login"], as: "Bob", in: browser)
        _ = try endSession(fixture, [("id_token_hint", alice["id_token"]?.string ?? "")])
        let page = try browser.open(fixture.target(SignInFixture.web, ["prompt": "select_account"]))
        #expect(page.buttons("sessions") == ["Continue as Bob &lt;b&gt;Brown&lt;/b&gt;"])
    }

    @Test("T178 an expired hint is accepted") func expiredHint() throws {
        let fixture = try SignInFixture()
        let hint = try fixture.tokens()["id_token"]?.string ?? ""
        fixture.time.advance(bySeconds: 7 * 24 * 3600)
        #expect(try endSession(fixture, [("id_token_hint", hint)]).status == 302)
    }

    @Test("a refused logout ends nothing and does not redirect") func rejections() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        let hint = ("id_token_hint", try fixture.tokens()["id_token"]?.string ?? "")
        let cases: [([(String, String)], String)] = [
            ([("id_token_hint", "garbage")], "id_token_hint invalid"),
            ([(hint.0, hint.1.replacing("eyJhbGci", with: "eyJhbGcj"))], "id_token_hint invalid"),
            ([hint, ("client_id", SignInFixture.native)], "client_id does not match azp of id_token_hint"),
            ([("client_id", "1")], "Errors.App.NotFound"),
            ([hint, ("post_logout_redirect_uri", "https://evil.example")], "post_logout_redirect_uri invalid"),
            ([("client_id", SignInFixture.spa), Self.bye], "post_logout_redirect_uri invalid"),
        ]
        for (parameters, description) in cases {
            let answer = try endSession(fixture, parameters)
            #expect(answer.status == 400)
            #expect(answer.json["error_description"]?.string == description)
        }
        let access = try fixture.tokens()["access_token"]?.string ?? ""
        #expect(fixture.introspect(access).json["active"] == .bool(true), "a refused logout ends nothing")
    }

    @Test("a post-logout URI may have any loopback port for native apps, and match globs in development mode")
    func addresses() throws {
        let fixture = try SignInFixture(instance: "\"serverVersion\": \"v3.4\"")
        func location(_ client: String, _ uri: String) throws -> String? {
            try endSession(fixture, [("client_id", client), ("post_logout_redirect_uri", uri)]).header("Location")
        }
        #expect(try location(SignInFixture.native, "http://127.0.0.1:5/bye") == "http://127.0.0.1:5/bye")
        #expect(try location(SignInFixture.native, "http://127.0.0.1:5/other") == nil)
        #expect(try location(SignInFixture.native, "http://evil.example\\@localhost/bye") == nil)
        #expect(try location(SignInFixture.globbed, "http://dev.example/any") == "http://dev.example/any")
        #expect(try location(SignInFixture.web, "https://web.example/bye?x=1") == nil)
    }

    @Test("without a hint, older servers redirect the browser, and newer ones ask on a page")
    func withoutHint() throws {
        let old = try SignInFixture(instance: "\"serverVersion\": \"v2.71\"")
        #expect(try endSession(old, []).header("Location") == "/ui/login/logout/done")
        let client = ("client_id", SignInFixture.web)
        #expect(try endSession(old, [client, Self.bye]).header("Location") == "https://web.example/bye")
        let new = try SignInFixture()
        let page = try endSession(new, [client, Self.bye, ("state", "x")])
        #expect(page.header("Location")?.hasPrefix("/ui/v2/login/logout?logout_token=eyJ") == true)
        #expect(page.locationParameters["post_logout_redirect"] == "https://web.example/bye?state=x")
        let token = SignInFixture.claims(page.locationParameters["logout_token"])
        #expect(token.members.map(\.name) == ["post_logout_redirect_uri"])
    }

    @Test("without a hint, older servers sign the browser out at once") func olderWithoutHint() throws {
        let fixture = try SignInFixture(instance: "\"serverVersion\": \"v3.4\"")
        let browser = fixture.browser()
        let token = try fixture.tokens(in: browser)["access_token"]?.string ?? ""
        _ = try fixture.browser().get("/oidc/v1/end_session")
        #expect(fixture.introspect(token).json["active"] == .bool(true), "another browser signs nobody out")
        _ = try browser.get("/oidc/v1/end_session")
        #expect(fixture.introspect(token).reason == "session_terminated")
        #expect(try browser.open(fixture.target()).response.status == 200)
    }

    @Test(
        "the logout page redirects for a logout token only: for no other JWT, algorithm or key"
    )
    func otherTokens() throws {
        let fixture = try SignInFixture()
        let keys = fixture.server.instance.snapshot.keys
        let key = try keys.active()
        let target = ("post_logout_redirect_uri", JSON.string("https://evil.example/"))
        func location(_ claims: [(String, JSON)], kid: String? = nil) throws -> String? {
            let browser = fixture.browser()
            _ = try fixture.signIn(SignInFixture.web, in: browser)
            var object = JSONObject()
            for (name, value) in claims { object.append(name, value) }
            let token = try CompactJWS.sign(
                object, by: key.privateKey, algorithm: key.algorithm, keyID: kid ?? key.id)
            let page = try browser.get("/ui/v2/login/logout?logout_token=\(token)")
            return try browser.press(page, "logout", "Sign out").response.header("Location")
        }
        #expect(try location([target]) == "https://evil.example/", "what this server signs as a logout token")
        #expect(
            try location([target, ("logout_hint", .string("a")), ("ui_locales", .strings(["de"]))])
                == "https://evil.example/")
        #expect(try location([target, ("iss", .string(fixture.server.issuer))]) == "/logout/done")
        #expect(try location([target, ("sub", .string(SignInFixture.alice))]) == "/logout/done")
        #expect(try location([target], kid: "other") == "/logout/done")
    }

    @Test("the logout page signs out of one account or of all, and redirects only where the server itself said")
    func page() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let alice = try fixture.tokens(SignInFixture.web, in: browser)["access_token"]?.string ?? ""
        _ = try fixture.signIn(SignInFixture.web, ["prompt": "login"], as: "Bob", in: browser)
        let query = "client_id=\(SignInFixture.web)&post_logout_redirect_uri=https://web.example/bye"
        let page = try browser.open("/oidc/v1/end_session?\(query)")
        #expect(
            page.buttons("logout") == ["Sign out Bob &lt;b&gt;Brown&lt;/b&gt;", "Sign out Alice Adams", "Sign out all"])
        let answer = try browser.press(page, "logout", "Sign out Alice").response
        #expect(answer.header("Location") == "https://web.example/bye")
        #expect(fixture.introspect(alice).json["active"] == .bool(false))
        let second = try browser.open("/oidc/v1/end_session?\(query)")
        #expect(second.buttons("logout") == ["Sign out Bob &lt;b&gt;Brown&lt;/b&gt;"], "one account needs one button")
        _ = try browser.press(second, "logout", "Sign out Bob")
        let third = try browser.open("/oidc/v1/end_session?\(query)").response
        #expect(third.header("Location") == "https://web.example/bye", "nobody is left to ask about")
        let forged = try browser.get("/ui/v2/login/logout?post_logout_redirect=https://evil.example").response
        #expect(forged.header("Location") == "/logout/done")
    }

    // MARK: Back channel

    /// An app that listens for logout notices.
    private final class Listener: Sendable {
        let notices = Mutex<[String]>([])

        func answer(_ request: HTTPRequest) -> HTTPResponse {
            notices.withLock {
                $0.append("\(request.method) \(request.path) \(String(decoding: request.body, as: UTF8.self))")
            }
            return HTTPResponse(status: 200)
        }
    }

    private func fixture(_ port: Int, isOn: Bool) throws -> SignInFixture {
        try SignInFixture(instance: isOn ? "\"backChannelLogout\": true" : "") {
            $0.replacing(
                "\"name\": \"Web\", ",
                with: "\"name\": \"Web\", \"backChannelLogoutUri\": \"http://127.0.0.1:\(port)/back?x=1\", ")
        }
    }

    @Test("apps that got tokens from the session get a logout token, in ZITADEL's form") func backChannel() throws {
        let listener = Listener()
        let server = try HTTPServer(
            host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: 100_000),
            handler: { .response(listener.answer($0)) })
        defer { server.stop() }
        let fixture = try fixture(server.port, isOn: true)
        let hint = try fixture.tokens()["id_token"]?.string ?? ""
        _ = try endSession(fixture, [("id_token_hint", hint)])
        fixture.server.service.drain()
        let notices = listener.notices.withLock { $0 }
        #expect(notices.count == 1)
        let prefix = "POST /back logout_token="
        #expect(notices.first?.hasPrefix(prefix) == true)
        let token = try CompactJWS(String(notices.first?.dropFirst(prefix.count) ?? ""))
        #expect(
            token.claims.members.map(\.name) == ["iss", "sub", "aud", "iat", "exp", "jti", "events", "sid"])
        #expect(token.claims["aud"] == .strings([SignInFixture.web]))
        #expect(token.claims["exp"] == .integer(fixture.time.now + 900))
        #expect(token.claims["sid"] == SignInFixture.claims(hint)["sid"])
        let events = token.claims["events"]?.object?.members.map(\.name)
        #expect(events == ["http://schemas.openid.net/event/backchannel-logout"])
    }

    @Test("an app that got an ID token only is notified, too, even long after its access tokens were removed")
    func lateNotice() throws {
        let listener = Listener()
        let server = try HTTPServer(
            host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: 100_000),
            handler: { .response(listener.answer($0)) })
        defer { server.stop() }
        let uri = "http://127.0.0.1:\(server.port)/back"
        let fixture = try SignInFixture(instance: "\"backChannelLogout\": true") {
            $0.replacing("\"name\": \"Single ", with: "\"backChannelLogoutUri\": \"\(uri)\", \"name\": \"Single ")
        }
        let answer = try fixture.signIn(SignInFixture.spa, ["response_type": "id_token"])
        fixture.time.advance(bySeconds: 5 * 86400)
        try fixture.server.storage.removeTokens(expiredBefore: fixture.time.now)
        _ = try endSession(fixture, [("id_token_hint", answer.locationParameters["id_token"] ?? "")])
        fixture.server.service.drain()
        #expect(listener.notices.withLock { $0.count } == 1)
    }

    @Test("a server that stops does not wait for an app that does not answer a logout notice")
    func hangingApp() throws {
        let begun = Monitor(false)
        let app = try HTTPServer(
            host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: 100_000),
            handler: { _ in
                begun.change { $0 = true }
                return .response(HTTPResponse(status: 200, delivery: Delivery(ending: .hang)))
            })
        defer { app.stop() }
        let fixture = try fixture(app.port, isOn: true)
        _ = try endSession(fixture, [("id_token_hint", try fixture.tokens()["id_token"]?.string ?? "")])
        _ = begun.wait { $0 ? true : nil }
        #expect(!fixture.server.service.close(), "it was given up before it was answered")
    }

    @Test("a server that stops drops logout notices that did not begin")
    func closing() throws {
        let fixture = try fixture(1, isOn: true)
        let hint = try fixture.tokens()["id_token"]?.string ?? ""
        fixture.server.service.close()
        #expect(try endSession(fixture, [("id_token_hint", hint)]).status == 302)
        fixture.server.service.close()
    }

    @Test("no logout notices are sent unless the instance enables them") func off() throws {
        let listener = Listener()
        let server = try HTTPServer(
            host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: 100_000),
            handler: { .response(listener.answer($0)) })
        defer { server.stop() }
        let fixture = try fixture(server.port, isOn: false)
        _ = try endSession(fixture, [("id_token_hint", try fixture.tokens()["id_token"]?.string ?? "")])
        fixture.server.service.drain()
        #expect(listener.notices.withLock { $0.isEmpty })
    }
}
