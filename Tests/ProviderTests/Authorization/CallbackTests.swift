import HTTP
import TestSupport
import Testing

/// How an answer travels in the fragment of a redirect URI.
@Suite struct CallbackTests {
    private static let state = "\u{FC} \""

    private static func refused(_ dialect: String, _ changes: [String: String?]) throws -> String {
        let fixture = try SignInFixture(instance: "\"dialect\": \"\(dialect)\"")
        let more: [String: String?] = ["response_mode": "fragment", "state": state]
        let target = fixture.target(SignInFixture.spa, more.merging(changes) { $1 })
        return try fixture.browser().get(target).response.header("Location") ?? ""
    }

    @Test(
        "the dialect documented escapes the parameters of an error once",
        arguments: [
            (["prompt": "none login"], "invalid_request"), (["response_type": "token"], "unauthorized_client"),
            (["scope": "openid urn:zitadel:iam:org:id:9"], "invalid_request"),
        ])
    func documented(changes: [String: String?], error: String) throws {
        let location = try Self.refused("documented", changes)
        let fragment = WebLocation(location).fragment
        #expect(fragment.first?.1 == error)
        #expect(fragment.last?.1 == Self.state)
        #expect(location.hasPrefix("https://spa.example/callback#error=\(error)&error_description="))
        #expect(location.hasSuffix("&state=%C3%BC+%22"))
    }

    @Test("the dialect server escapes the parameters of an error twice, as ZITADEL does") func server() throws {
        let location = try Self.refused("server", ["scope": "openid urn:zitadel:iam:org:id:9"])
        #expect(location.hasPrefix("https://spa.example/callback#error=invalid_request&error_description="))
        #expect(location.hasSuffix("&state=%25C3%25BC+%2522"))
    }

    @Test(
        "the error of a canceled sign-in is escaped as the dialect escapes errors", arguments: ["documented", "server"])
    func canceled(dialect: String) throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"\(dialect)\"")
        let browser = fixture.browser()
        let changes: [String: String?] = ["response_mode": "fragment", "state": Self.state]
        let page = try browser.open(fixture.target(SignInFixture.spa, changes))
        let location = try browser.press(page, "deny", "Cancel").response.header("Location") ?? ""
        #expect(location.hasSuffix(dialect == "server" ? "&state=%25C3%25BC+%2522" : "&state=%C3%BC+%22"))
    }

    @Test("tokens in a callback are escaped twice in both dialects", arguments: ["documented", "server"])
    func success(dialect: String) throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"\(dialect)\"")
        let changes: [String: String?] = ["response_type": "id_token", "state": Self.state]
        let location = try fixture.signIn(SignInFixture.spa, changes).header("Location") ?? ""
        #expect(location.contains("&state=%25C3%25BC+%2522"))
    }
}
