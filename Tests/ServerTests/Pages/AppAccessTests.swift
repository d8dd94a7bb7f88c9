import Encodings
import HTTP
import TestSupport
import Testing

/// Who may use an app, and how the sign-in page lists and refuses people.
@Suite struct AppAccessTests {
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

    @Test("the page lists users whom the app would reject last, with the reason") func ineligible() throws {
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
}
