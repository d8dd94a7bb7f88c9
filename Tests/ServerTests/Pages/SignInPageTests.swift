import Encodings
import HTTP
import TestSupport
import Testing

/// The sign-in page as people and their tests use it.
@Suite struct SignInPageTests {
    // MARK: Ways in

    @Test("one click on a person's button leads to the app") func oneClick() throws {
        let fixture = try SignInFixture()
        let answer = try fixture.signIn()
        #expect(answer.status == 302)
        #expect(answer.header("Location")?.hasPrefix(SignInFixture.webCallback + "?code=") == true)
        let token = try fixture.redeem(answer.locationParameters["code"] ?? "").json
        #expect(SignInFixture.claims(token["id_token"]?.string)["amr"] == .strings(["pwd"]))
    }

    static let names = ["alice@acme.localhost", "ALICE@acme.localhost", "alice", "alice@acme.example"]

    @Test("a password is accepted with each name that identifies one person only", arguments: names)
    func password(name: String) throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        let answer = try browser.submit(page, "password", [("loginName", name), ("password", "Password1!")])
        #expect(answer.response.locationParameters["code"] != nil)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let name: String
        let password: String
        let problem: String
        let reason: String
        var testDescription: String { name.isEmpty ? "nobody" : name }
    }

    static let mistakes = [
        Mistake(name: "alice", password: "wr0ng-Passw0rd", problem: "Password is invalid", reason: "password_wrong"),
        Mistake(name: "alice", password: "", problem: "Password is empty", reason: "password_wrong"),
        Mistake(name: "alcie", password: "Password1!", problem: "User could not be found", reason: "user_unknown"),
        Mistake(name: "", password: "", problem: "User could not be found", reason: "user_unknown"),
        Mistake(name: "bob", password: "wr0ng-Passw0rd", problem: "User has no password", reason: "no_password"),
        Mistake(name: "svc", password: "svc-secret", problem: "The user must be personal", reason: "user_not_human"),
        Mistake(name: "ina", password: "Password1!", problem: "User is inactive", reason: "user_not_active"),
        Mistake(name: "lola", password: "Password1!", problem: "User is locked", reason: "user_not_active"),
        Mistake(
            name: "nina", password: "Password1!", problem: "User is not yet initialized", reason: "user_not_active"),
        Mistake(name: "dora", password: "Password1!", problem: "User could not be found", reason: "user_unknown"),
    ]

    @Test("a rejected user sees why on the page, and may try again", arguments: mistakes)
    func refused(_ mistake: Mistake) throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        let answer = try browser.submit(
            page, "password", [("loginName", mistake.name), ("password", mistake.password)])
        #expect(answer.response.status == 200)
        #expect(answer.problem == mistake.problem)
        #expect(answer.response.reason == mistake.reason)
        #expect(answer.html.contains("<title>Error: Sign in to Web</title>"))
        if !mistake.password.isEmpty { #expect(!answer.html.contains(mistake.password)) }
        let second = try browser.press(answer, "people", "Continue as Alice")
        #expect(second.response.locationParameters["code"] != nil)
    }

    @Test("a person who may not sign in is refused by the button, too") func refusedByButton() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        #expect(page.html.contains("<small class=\"obstacle\">Cannot sign in: inactive</small>"))
        #expect(try browser.press(page, "people", "Continue as Ina").problem == "User is inactive")
        #expect(
            try browser.submit(page, "people", [("person", "270000000000000501")]).problem
                == "The user must be personal")
        #expect(try browser.submit(page, "people", [("person", "1")]).problem == "User could not be found")
    }

    @Test("a form sent without any button is answered with what to send") func noButton() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        let answer = try browser.submit(page, "people", [])
        #expect(answer.problem == "User could not be found")
        #expect(answer.response.reason == "user_unknown")
        #expect(answer.html.contains("fields person, session, loginName with password, or deny"))
    }

    @Test("wrong passwords are counted, over a restart, until a right one") func counting() throws {
        let folder = TemporaryFolder()
        let time = TestDependencies()
        func attempt(_ password: String) throws -> TestBrowser.Page {
            let fixture = try SignInFixture(database: folder.path + "/db.sqlite", time: time)
            let browser = fixture.browser()
            let page = try browser.open(fixture.target())
            return try browser.submit(page, "password", [("loginName", "alice"), ("password", password)])
        }
        #expect(try attempt("a").problem == "Password is invalid")
        #expect(try attempt("b").problem == "Password is invalid (2 failed attempts)")
        #expect(try attempt("c").problem == "Password is invalid (3 failed attempts)")
        #expect(try attempt("Password1!").problem == nil)
        #expect(try attempt("d").problem == "Password is invalid")
    }

    @Test("canceling gives the app access_denied and ends the request") func deny() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        let answer = try browser.press(page, "deny", "Cancel")
        #expect(answer.response.locationParameters["error"] == "access_denied")
        #expect(answer.response.locationParameters["state"] == "st-1")
        #expect(answer.response.reason == "sign_in_denied")
        #expect(try browser.press(page, "deny", "Cancel").response.status == 404)
    }

    @Test("a request is answered once, and pressing a button again after going back is reported")
    func answeredOnce() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        #expect(try browser.press(page, "people", "Continue as Alice").response.status == 302)
        let again = try browser.press(page, "people", "Continue as Bob")
        #expect(again.response.status == 404)
        #expect(again.response.reason == "auth_request_unknown")
        #expect(try browser.get("/ui/v2/login/login?authRequest=V2_1").problem == "This sign-in request has expired")
        #expect(try browser.get("/ui/v2/login/login").html.contains("the parameter authRequest is missing"))
    }

    // MARK: Single sign-on

    @Test("the second app needs no click, and gets the same session") func singleSignOn() throws {
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

    @Test("prompt select_account shows who is signed in, and who is not") func selectAccount() throws {
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

    @Test("prompt create says where accounts come from") func promptCreate() throws {
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

    // MARK: Without the page

    @Test("Mock-Login-As completes the authorization request at once") func loginAs() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        browser.headers = [("mock-login-as", "alice@acme.localhost")]
        let answer = try browser.get(fixture.target()).response
        #expect(answer.status == 302)
        #expect(try fixture.redeem(answer.locationParameters["code"] ?? "").status == 200)
        browser.headers = []
        let silent = try browser.open(fixture.target(SignInFixture.web, ["prompt": "none"])).response
        #expect(silent.locationParameters["code"] != nil, "the browser is signed in now")
    }

    @Test("headers of the test double pass a preflight, and other custom headers do not") func preflight() throws {
        let fixture = try SignInFixture()
        func isAllowed(_ names: String) -> Bool {
            let request = HTTPRequest(
                method: "OPTIONS", path: "/oauth/v2/token",
                headers: [
                    ("origin", "http://localhost:5173"), ("access-control-request-method", "POST"),
                    ("access-control-request-headers", names),
                ])
            return fixture.server.send(request).header("Access-Control-Allow-Headers") == names
        }
        #expect(isAllowed("authorization,content-type,mock-login-as"))
        #expect(isAllowed("mock-dialect,mock-login-as"))
        #expect(!isAllowed("mock-login-as,x-custom"))
    }

    @Test("Mock-Login-As with an unknown user reports the known ones") func loginAsNobody() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        browser.headers = [("mock-login-as", "alcie")]
        let answer = try browser.get(fixture.target()).response
        #expect(answer.status == 400)
        #expect(answer.reason == "login_as_unknown")
        #expect(answer.header("Mock-Reason")?.contains("\"alice@acme.localhost\"") == true)
    }

    @Test("Mock-Login-As with a user who may not sign in leads to the page, which says why")
    func loginAsLocked() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        browser.headers = [("mock-login-as", "lola")]
        let answer = try browser.get(fixture.target()).response
        #expect(answer.header("Location")?.hasPrefix("/ui/") == true)
        #expect(answer.reason == "user_not_active")
        #expect(try browser.open(fixture.target()).problem == "User is locked")
    }

    @Test("autoLogin skips the page, and login_hint selects another user") func autoLogin() throws {
        let fixture = try SignInFixture(instance: "\"autoLogin\": \"alice@acme.localhost\"")
        func subject(_ changes: [String: String?]) throws -> JSON? {
            let answer = try fixture.browser().open(fixture.target(SignInFixture.web, changes)).response
            let code = answer.locationParameters["code"] ?? ""
            return SignInFixture.claims(try fixture.redeem(code).json["id_token"]?.string)["sub"]
        }
        #expect(try fixture.browser().get(fixture.target()).response.header("Location")?.hasPrefix("/ui/") == true)
        #expect(try subject([:]) == .string(SignInFixture.alice))
        #expect(try subject(["login_hint": "bob"]) == .string("270000000000000512"))
        #expect(try subject(["login_hint": "nobody"]) == .string(SignInFixture.alice))
        #expect(try subject(["login_hint": "svc"]) == .string(SignInFixture.alice))
    }

    // MARK: Who may use an app

    private func attempt(_ person: String, _ changes: [String: String?] = [:]) throws -> TestBrowser.Page {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.open(fixture.target(SignInFixture.guarded, changes))
        return try browser.press(page, "people", "Continue as \(person)")
    }

    @Test("the role check and the project check of a project are applied at sign-in") func projectChecks() throws {
        #expect(try attempt("Alice").response.locationParameters["code"] != nil)
        let bob = try attempt("Bob")
        #expect(bob.problem?.hasPrefix("Login not possible. The user is required to have at least one grant") == true)
        #expect(bob.response.reason == "grant_required")
        let carl = try attempt("Carl")
        #expect(carl.problem?.hasPrefix("Login not possible. The organization of the user must be granted") == true)
        #expect(carl.response.reason == "project_grant_required")
    }

    @Test("the prompt none gives access_denied for a person who may not use the app") func silentButForbidden() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        _ = try fixture.signIn(SignInFixture.web, [:], as: "Bob", in: browser)
        let answer = try browser.open(fixture.target(SignInFixture.guarded, ["prompt": "none"])).response
        #expect(answer.locationParameters["error"] == "access_denied")
    }

    @Test("organization scopes limit who may sign in") func organizationScopes() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let byID = fixture.target(SignInFixture.web, ["scope": "openid urn:zitadel:iam:org:id:270000000000000002"])
        let page = try browser.open(byID)
        #expect(page.buttons("people") == ["Continue as Carl Cohen"])
        #expect(page.html.contains("<p id=\"organization\">The app asks for users of: Partner.</p>"))
        let refused = try browser.submit(page, "password", [("loginName", "alice"), ("password", "Password1!")])
        #expect(refused.problem == "User is no member of the required organization")
        #expect(try browser.press(page, "people", "Continue as Carl").response.locationParameters["code"] != nil)
        let byDomain = fixture.target(
            SignInFixture.web,
            ["scope": "openid urn:zitadel:iam:org:domain:primary:partner.localhost", "prompt": "login"])
        let other = try browser.open(byDomain)
        #expect(other.buttons("people") == ["Continue as Carl Cohen"])
        #expect(other.html.contains("<p id=\"organization\">The app asks for users of: partner.localhost.</p>"))
        let alice = [("person", SignInFixture.alice)]
        #expect(try browser.submit(other, "people", alice).response.reason == "user_of_other_org")
    }

    @Test("the page lists users whom the app would reject last, with the reason") func obstacles() throws {
        let fixture = try SignInFixture()
        let page = try fixture.browser().open(fixture.target(SignInFixture.guarded))
        #expect(page.buttons("people").first == "Continue as Alice Adams")
        let marked = page.html.matches(
            of: /<button class="account off"[^>]*>Continue as ([^<]*)<.*?Cannot sign in: ([^<]*)</
        )
        .map { "\($0.1): \($0.2)" }
        #expect(
            marked == [
                "Bob &lt;b&gt;Brown&lt;/b&gt;: no grant on project Guarded", "Ina Off: inactive", "Lola Shut: locked",
                "Nina New: not initialized yet", "Root Owner: no grant on project Guarded",
                "Carl Cohen: organization has no grant on project Guarded",
            ])
    }

    @Test("a user whom the app rejects is listed once, as a marked account that stays signed in")
    func rejectedAccount() throws {
        let page = try attempt("Bob")
        #expect(page.buttons("sessions") == ["Continue as Bob &lt;b&gt;Brown&lt;/b&gt;"])
        #expect(page.form("sessions")?.contains("Cannot sign in: no grant on project Guarded") == true)
        #expect(!page.buttons("people").contains { $0.contains("Bob") })
    }

    @Test("with more than eight users the page has a filter, which says when nothing matches") func filter() throws {
        #expect(try SignInFixture().browser().open(SignInFixture().target()).form("filter") == nil)
        let more = (1...60).map {
            """
            {"type": "human", "userName": "user\($0)", "firstName": "Zoë", "lastName": "Number\($0)"},
            """
        }
        let fixture = try SignInFixture {
            $0.replacing("\"users\": [", with: "\"users\": [" + more.joined(), maxReplacements: 1)
        }
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        #expect(page.buttons("people").count == 50)
        #expect(page.html.contains("<p class=\"quiet\" id=\"moreUsers\">17 more:"))
        let id = page.form("filter")?.firstMatch(of: /name="authRequest" value="([^"]*)"/).map { String($0.1) } ?? ""
        func filtered(_ text: String) throws -> TestBrowser.Page {
            try browser.get("/ui/v2/login/login?authRequest=\(id)&filter=\(text)")
        }
        #expect(try filtered("ALICE").buttons("people") == ["Continue as Alice Adams"])
        #expect(try filtered("zo%C3%AB+number7").buttons("people") == ["Continue as Zoë Number7"])
        #expect(try filtered("user60%40acme").buttons("people") == ["Continue as Zoë Number60"])
        let none = try filtered("%3Cq%3E")
        #expect(none.html.contains("id=\"noMatch\""))
        #expect(
            none.html.contains(
                "name=\"filter\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" value=\"&lt;q&gt;\""))
        let answer = try browser.press(try filtered("alice"), "people", "Continue as Alice").response
        #expect(answer.locationParameters["code"] != nil)
    }

    @Test("the password form is folded unless it is needed, and open after a wrong password") func folding() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        #expect(page.html.contains("<details><summary>Sign in with password</summary>"))
        let wrong = try browser.submit(page, "password", [("loginName", "alice"), ("password", "x")])
        #expect(wrong.html.contains("<details open>"))
        let hinted = try browser.open(fixture.target(SignInFixture.web, ["login_hint": "carl"]))
        #expect(hinted.html.contains("<details open>"))
    }

    @Test("an identity provider that the app asks for is named on the page") func identityProvider() throws {
        let fixture = try SignInFixture()
        let page = try fixture.browser().open(
            fixture.target(SignInFixture.web, ["scope": "openid urn:zitadel:iam:org:idp:id:77"]))
        #expect(page.html.contains("asks for the identity provider 77"))
    }

    // MARK: Safety

    @Test("a form without the page's token, or a browser without its cookie, is refused") func forgery() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        let id = page.html.firstMatch(of: /name="authRequest" value="([^"]*)"/).map { String($0.1) } ?? ""
        let fields = [("authRequest", id), ("person", SignInFixture.alice)]
        let path = "/ui/v2/login/login"
        let cookie = browser.cookies.map { (name: "cookie", value: "\($0.name)=\($0.value)") }
        let bare = fixture.server.post(path, fields, headers: cookie)
        #expect(bare.status == 403)
        #expect(bare.reason == "form_forged")
        #expect(bare.text.contains("the field csrf is not"))
        #expect(fixture.server.post(path, fields + [("csrf", "x")], headers: cookie).status == 403)
        let stranger = try fixture.browser().open(fixture.target())
        let token = stranger.html.firstMatch(of: /name="csrf" value="([^"]*)"/).map { String($0.1) } ?? ""
        #expect(fixture.server.post(path, fields + [("csrf", token)], headers: cookie).status == 403)
        let withoutCookie = fixture.server.post(path, fields + [("csrf", token)])
        #expect(withoutCookie.status == 403)
        #expect(withoutCookie.text.contains("did not send the cookie"))
        #expect(try browser.press(page, "people", "Continue as Alice").response.status == 302)
    }

    @Test("pages have headers against scripts, frames, sniffing, caching and other origins") func headers() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        browser.headers = [("origin", "https://evil.example")]
        let page = try browser.open(fixture.target()).response
        #expect(
            page.header("Content-Security-Policy")
                == "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
        #expect(page.header("X-Frame-Options") == "DENY")
        #expect(page.header("X-Content-Type-Options") == "nosniff")
        #expect(page.header("Cache-Control") == "no-store")
        #expect(page.header("Access-Control-Allow-Origin") == nil)
        #expect(!page.text.contains("<script"))
        #expect(!page.text.contains("http://") && !page.text.contains("https://"), "no external resource")
    }

    @Test("the cookie is for one host and hidden from scripts, and has the __Host- prefix over https")
    func cookie() throws {
        let fixture = try SignInFixture()
        let plain = try fixture.browser().get(fixture.target()).response.header("Set-Cookie") ?? ""
        #expect(plain.hasPrefix("zitadel.useragent="))
        #expect(plain.hasSuffix("; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"))
        let browser = fixture.browser()
        browser.headers = [("x-forwarded-proto", "https")]
        let secure = try browser.get(fixture.target()).response.header("Set-Cookie") ?? ""
        #expect(secure.hasPrefix("__Host-zitadel.useragent="))
        #expect(secure.hasSuffix("; Secure"))
        #expect(try browser.get(fixture.target()).response.header("Set-Cookie") == nil, "once is enough")
    }

    @Test("names of apps and people are escaped in HTML") func escaping() throws {
        let fixture = try SignInFixture()
        let page = try fixture.browser().open(fixture.target(SignInFixture.spa, ["login_hint": "\"><script>x"]))
        #expect(page.html.contains("<h1>Sign in to Single &lt;page&gt; &amp; co</h1>"))
        #expect(page.html.contains("Continue as Bob &lt;b&gt;Brown&lt;/b&gt;"))
        #expect(page.html.contains("value=\"&#34;&gt;&lt;script&gt;x\""))
    }

    @Test("the page of the older servers answers at its own path, and at the newer one") func olderPath() throws {
        let fixture = try SignInFixture(instance: "\"serverVersion\": \"v3.4\"")
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        #expect(page.form("people")?.contains("action=\"/ui/login/login\"") == true)
        #expect(try browser.press(page, "people", "Continue as Alice").response.locationParameters["code"] != nil)
    }

    @Test("the start page shows the issuer and a sign-in link for each app") func start() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.get("/")
        #expect(page.html.contains("<strong>http://localhost:8080</strong>"))
        let links = page.html.matches(of: /<a href="([^"]*)">Sign in to ([^<]*)</).map { (String($0.1), String($0.2)) }
        // Not the app whose addresses are all patterns, which no browser can be sent to.
        #expect(links.count == 7)
        let web = links.first { $0.1 == "Web" }?.0.replacing("&amp;", with: "&") ?? ""
        let signIn = try browser.open(web)
        #expect(try browser.press(signIn, "people", "Continue as Alice").response.locationParameters["code"] != nil)
    }

    @Test("a client id with reserved characters is encoded in the link of the start page") func startEncodes() throws {
        let fixture = try SignInFixture { $0.replacing("270000000000000303", with: "web+app&1") }
        let link = try fixture.browser().get("/").html.firstMatch(of: /<a href="([^"]*)">Sign in to Web</)
        #expect(link.map { String($0.1) }?.contains("client_id=web%2Bapp%261&amp;") == true)
    }

    @Test("an icon is served, so that browsers cause no log line about a missing page") func icon() throws {
        let fixture = try SignInFixture()
        let icon = fixture.server.get("/favicon.ico")
        #expect(icon.status == 200)
        #expect(icon.header("Content-Type") == "image/svg+xml")
    }

    @Test("the stylesheet is served with its type") func stylesheet() throws {
        let fixture = try SignInFixture()
        let page = try fixture.browser().open(fixture.target())
        let path = page.html.firstMatch(of: /<link rel="stylesheet" href="([^"]*)">/).map { String($0.1) } ?? ""
        let sheet = fixture.server.get(path)
        #expect(sheet.status == 200)
        #expect(sheet.header("Content-Type") == "text/css; charset=utf-8")
        #expect(sheet.text.contains("prefers-color-scheme: dark"))
    }
}
