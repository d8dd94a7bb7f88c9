import Encodings
import HTTP
import TestSupport
import Testing

/// Sessions of a browser: who is signed in without a click, and what the prompts and hints of an authorization request select.
@Suite struct SingleSignOnTests {
    @Test("a second app needs no click, and gets the same session") func singleSignOn() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let first = try fixture.tokens(SignInFixture.web, in: browser)
        fixture.time.advance(bySeconds: 100)
        let answer = try browser.open(fixture.target(SignInFixture.native)).response
        let second = try fixture.redeem(answer.locationParameters["code"] ?? "", SignInFixture.native).json
        let (one, two) = (
            SignInFixture.claims(first["id_token"]?.string), SignInFixture.claims(second["id_token"]?.string)
        )
        #expect(one["sid"] == two["sid"])
        #expect(one["auth_time"] == two["auth_time"])
        #expect(one["iat"] != two["iat"])
    }

    @Test("another browser does not have the session") func otherBrowser() throws {
        let fixture = try SignInFixture()
        _ = try fixture.tokens(SignInFixture.web, in: fixture.browser())
        #expect(try fixture.browser().open(fixture.target()).buttons("sessions").isEmpty)
    }

    @Test("the prompt none gives login_required without a session, and a code with one") func promptNone() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let target = fixture.target(SignInFixture.web, ["prompt": "none"])
        let refused = try browser.open(target).response
        #expect(refused.locationParameters["error"] == "login_required")
        #expect(refused.locationParameters["state"] == "st-1")
        #expect(refused.reason == "login_required")
        _ = try fixture.signIn(SignInFixture.web, [:], as: "Alice", in: browser)
        #expect(try browser.open(target).response.locationParameters["code"] != nil)
    }

    @Test("the prompt login asks again despite a session, and the sign-in is new") func promptLogin() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let old = SignInFixture.claims(try fixture.tokens(SignInFixture.web, in: browser)["id_token"]?.string)
        fixture.time.advance(bySeconds: 100)
        let page = try browser.open(fixture.target(SignInFixture.web, ["prompt": "login"]))
        #expect(page.buttons("sessions").isEmpty)
        let answer = try browser.press(page, "people", "Continue as Alice").response
        let new = SignInFixture.claims(
            try fixture.redeem(answer.locationParameters["code"] ?? "").json["id_token"]?.string)
        #expect(new["auth_time"] == .integer(fixture.time.now))
        #expect(new["sid"] == old["sid"], "the same person in the same browser")
    }

    @Test("the prompt select_account lists who is signed in, and who is not") func selectAccount() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        _ = try fixture.signIn(SignInFixture.web, [:], as: "Alice", in: browser)
        _ = try fixture.signIn(SignInFixture.web, ["prompt": "login"], as: "Bob", in: browser)
        let page = try browser.open(fixture.target(SignInFixture.web, ["prompt": "select_account"]))
        #expect(page.buttons("sessions") == ["Continue as Bob &lt;b&gt;Brown&lt;/b&gt;", "Continue as Alice Adams"])
        let others = page.buttons("people")
        #expect(others.contains("Continue as Root Owner"))
        #expect(!others.contains { $0.hasSuffix("Alice Adams") || $0.contains("Bob") }, "nobody has two buttons")
        #expect(page.html.contains("<h2>Sign in as somebody else</h2>"))
        let code = try browser.press(page, "sessions", "Continue as Alice").response.locationParameters["code"] ?? ""
        #expect(
            SignInFixture.claims(try fixture.redeem(code).json["id_token"]?.string)["sub"]
                == .string(SignInFixture.alice)
        )
    }

    @Test("a sign-in gives the browser a new cookie, so that a planted one is useless") func fixation() throws {
        let fixture = try SignInFixture()
        let planted = (name: "zitadel.useragent", value: String(repeating: "p", count: 43))
        let victim = fixture.browser()
        victim.cookies = [planted]
        #expect(try fixture.signIn(in: victim).status == 302)
        #expect(victim.cookies.map(\.value) != [planted.value])
        let attacker = fixture.browser()
        attacker.cookies = [planted]
        let silent = try attacker.open(fixture.target(SignInFixture.web, ["prompt": "none"]))
        #expect(silent.response.locationParameters["error"] == "login_required")
        let again = try victim.open(fixture.target(SignInFixture.web))
        #expect(again.response.locationParameters["code"] != nil, "the victim is still signed in")
    }

    @Test("a session of another browser cannot be selected") func sessionOfOtherBrowser() throws {
        let fixture = try SignInFixture()
        let victim = SignInFixture.claims(
            try fixture.tokens(SignInFixture.web, in: fixture.browser())["id_token"]?.string)
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        let answer = try browser.submit(page, "people", [("session", victim["sid"]?.string ?? "")])
        #expect(answer.problem == "Please sign in again.")
    }

    static let fresh: [[String: String?]] = [["prompt": "login"], ["max_age": "30"], ["login_hint": "carl"]]

    @Test("a session that does not satisfy the request cannot be selected by a form either", arguments: fresh)
    func staleSession(_ changes: [String: String?]) throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let sid = SignInFixture.claims(try fixture.tokens(in: browser)["id_token"]?.string)["sid"]?.string ?? ""
        fixture.time.advance(bySeconds: 60)
        let page = try browser.open(fixture.target(SignInFixture.web, changes))
        let answer = try browser.submit(page, "people", [("session", sid)])
        #expect(answer.problem == "Please sign in again.")
        #expect(try browser.press(answer, "people", "Continue as Bob").response.status == 302)
    }

    @Test("only GET opens the page: HEAD would use up the sign-in") func head() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        _ = try fixture.signIn(SignInFixture.web, [:], as: "Alice", in: browser)
        let page = try browser.get(fixture.target()).response.header("Location") ?? ""
        let sides = page.split(separator: "?")
        var request = HTTPRequest(method: "HEAD", path: String(sides[0]), query: Array(sides[1].utf8))
        request.headers = browser.cookies.map { ("cookie", "\($0.name)=\($0.value)") }
        #expect(fixture.server.send(request).status == 405)
        #expect(try browser.get(page).response.locationParameters["code"] != nil)
    }

    @Test("people who were deleted have no button") func deletedPeople() throws {
        let fixture = try SignInFixture()
        let page = try fixture.browser().open(fixture.target())
        #expect(!page.html.contains("Dora Gone"))
        #expect(page.html.contains("Lola Shut"))
    }

    @Test("the prompt create says where accounts come from") func promptCreate() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        _ = try fixture.signIn(SignInFixture.web, [:], as: "Alice", in: browser)
        let page = try browser.open(fixture.target(SignInFixture.web, ["prompt": "create"]))
        #expect(page.html.contains("<p id=\"create\">"))
        #expect(try browser.press(page, "people", "Continue as Bob").response.locationParameters["code"] != nil)
    }

    @Test("max_age asks again when the sign-in is older, and always with 0") func maxAge() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        _ = try fixture.signIn(SignInFixture.web, [:], as: "Alice", in: browser)
        fixture.time.advance(bySeconds: 60)
        func isSilent(_ age: String) throws -> Bool {
            try browser.open(fixture.target(SignInFixture.web, ["max_age": age, "prompt": "none"])).response
                .locationParameters["code"] != nil
        }
        #expect(try isSilent("60"))
        #expect(try !isSilent("59"))
        #expect(try !isSilent("0"))
    }

    @Test("a session is valid for ten days") func sessionLifetime() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        _ = try fixture.signIn(SignInFixture.web, [:], as: "Alice", in: browser)
        fixture.time.advance(bySeconds: 240 * 3600 - 1)
        #expect(try browser.open(fixture.target()).response.locationParameters["code"] != nil)
        fixture.time.advance(bySeconds: 1)
        #expect(try browser.open(fixture.target()).response.status == 200)
    }

    @Test("login_hint and id_token_hint select the session") func hints() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let alice = try fixture.tokens(SignInFixture.web, in: browser)["id_token"]?.string
        _ = try fixture.signIn(SignInFixture.web, ["prompt": "login"], as: "Bob", in: browser)
        func subject(_ changes: [String: String?]) throws -> JSON? {
            let code = try browser.open(fixture.target(SignInFixture.web, changes)).response.locationParameters["code"]
            return try code.flatMap { SignInFixture.claims(try fixture.redeem($0).json["id_token"]?.string)["sub"] }
        }
        #expect(try subject([:]) == .string("270000000000000512"), "the newest session")
        #expect(try subject(["login_hint": "alice@acme.localhost"]) == .string(SignInFixture.alice))
        #expect(try subject(["id_token_hint": alice]) == .string(SignInFixture.alice))
        #expect(try subject(["login_hint": "carl"]) == nil)
        let page = try browser.open(fixture.target(SignInFixture.web, ["login_hint": "carl"]))
        #expect(page.html.contains("id=\"loginName\""))
        #expect(page.html.contains("value=\"carl\""))
    }

    @Test("the session of a deactivated person is not used") func deactivated() throws {
        let folder = TemporaryFolder()
        let time = TestDependencies()
        func fixture(_ state: String) throws -> SignInFixture {
            try SignInFixture(alice: state, in: folder, time: time)
        }
        func cookies() throws -> [(name: String, value: String)] {
            let fixture = try fixture("active")
            let browser = fixture.browser()
            _ = try fixture.signIn(SignInFixture.web, [:], as: "Alice", in: browser)
            return browser.cookies
        }
        let known = try cookies()
        let second = try fixture("inactive")
        let again = second.browser()
        again.cookies = known
        #expect(try again.open(second.target()).response.status == 200)
    }
}
