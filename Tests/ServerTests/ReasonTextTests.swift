import HTTP
import TestSupport
import Testing

/// Reasons are whole sentences of bounded length, whatever they quote.
@Suite struct ReasonTextTests {
    @Test("the reason for a refused post-logout URI says if the app has none") func emptyList() throws {
        let fixture = try SignInFixture()
        let answer = try fixture.browser().get(
            "/oidc/v1/end_session?client_id=\(SignInFixture.spa)&post_logout_redirect_uri=https://web.example/bye"
        ).response
        #expect(
            answer.header("Mock-Reason")?.hasSuffix(
                "app \"Single <page> & co\" has none: add postLogoutRedirectUris in the seed") == true)
    }

    static let tokens = [
        ("x", "(1 character in 1 segment)"), ("x.y", "(3 characters in 2 segments)"),
        ("a.b.c.d", "(7 characters in 4 segments)"),
    ]

    @Test("a reason that counts one thing uses the singular", arguments: tokens)
    func singular(token: String, counts: String) throws {
        let reason = try SignInFixture().introspect(token).header("Mock-Reason")
        #expect(reason?.contains(counts) == true)
    }

    /// A text of few characters and many bytes: as many combining characters in a row as are accepted.
    private static let longCharacters = String(repeating: "e" + String(repeating: "\u{301}", count: 64), count: 300)

    static let parameters = [
        "client_id", "redirect_uri", "response_type", "scope", "prompt", "login_hint", "max_age", "state", "nonce",
        "id_token_hint", "code_challenge_method", "response_mode", "ui_locales",
    ]

    @Test(
        "characters of 65 scalars each do not swell the reason of an authorization request", arguments: parameters)
    func oneGrapheme(parameter: String) throws {
        let fixture = try SignInFixture()
        let grapheme = Self.longCharacters
        let browser = fixture.browser()
        let answer = try browser.open(fixture.target(SignInFixture.web, [parameter: grapheme])).response
        let reason = answer.header("Mock-Reason") ?? ""
        #expect(!reason.hasPrefix("form_unreadable") && reason.utf8.count < 1000, "\(reason)")
        for warning in answer.headers where warning.name == "Mock-Warning" {
            #expect(warning.value.utf8.count < 1000)
        }
    }

    static let tokenParameters = [
        "grant_type", "client_id", "client_assertion_type", "client_assertion", "code", "refresh_token", "token",
        "subject_token", "subject_token_type", "assertion", "device_code",
    ]

    @Test(
        "characters of 65 scalars each do not swell the reason of the token endpoint", arguments: tokenParameters)
    func oneGraphemeAtToken(parameter: String) throws {
        let grapheme = Self.longCharacters
        for path in ["/oauth/v2/token", "/oauth/v2/introspect", "/oauth/v2/revoke", "/oauth/v2/device_authorization"] {
            let answer = try SignInFixture().server.post(path, [(parameter, grapheme)])
            let reason = try #require(answer.header("Mock-Reason"))
            #expect(!reason.hasPrefix("form_unreadable") && reason.utf8.count < 1000, "\(reason)")
        }
    }

    @Test("characters of 65 scalars each do not swell the reason of the sign-in page or of Mock-Login-As")
    func oneGraphemeAtPage() throws {
        let fixture = try SignInFixture()
        let grapheme = Self.longCharacters
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        for field in ["loginName", "person", "session"] {
            let answer = try browser.submit(page, "people", [(field, grapheme)]).response
            #expect((answer.header("Mock-Reason") ?? "").utf8.count < 1000)
        }
        browser.headers = [("mock-login-as", grapheme)]
        #expect((try browser.get(fixture.target()).response.header("Mock-Reason") ?? "").utf8.count < 1000)
    }
}
