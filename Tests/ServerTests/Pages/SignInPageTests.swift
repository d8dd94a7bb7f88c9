import Encodings
import HTTP
import TestSupport
import Testing

/// The sign-in page as people and their tests use it: buttons, passwords, refusals.
@Suite struct SignInPageTests {
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
        #expect(page.html.contains("<small class=\"ineligible\">Cannot sign in: inactive</small>"))
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
}
