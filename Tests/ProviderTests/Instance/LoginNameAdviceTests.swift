import Encodings
import HTTP
import JOSE
import Model
import Provider
import TestSupport
import Testing

/// Names that are not login names: every place that refuses one says which login name was meant, and what decides about it.
@Suite struct LoginNameAdviceTests {
    private func twoCarls() throws -> SignInFixture {
        try SignInFixture {
            $0.replacing("\"userName\": \"bob\"", with: "\"userName\": \"carl\"")
                .replacing("\"userLoginMustBeDomain\": false, ", with: "")
        }
    }

    private func signIn(_ fixture: SignInFixture, as name: String) throws -> String {
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        return try browser.submit(page, "password", [("loginName", name), ("password", "x")]).response
            .header("Mock-Reason") ?? ""
    }

    @Test("the sign-in page and Mock-Login-As advise which login name to send") func pages() throws {
        let fixture = try SignInFixture()
        let rule = "organization Partner has userLoginMustBeDomain false; send carl, or set it to true in the seed"
        #expect(try signIn(fixture, as: "carl@partner.localhost").hasSuffix(rule))
        let browser = fixture.browser()
        browser.headers = [("mock-login-as", "carl@partner.localhost")]
        let reason = try browser.get(fixture.target()).response.header("Mock-Reason") ?? ""
        #expect(reason.hasPrefix("login_as_unknown;") && reason.hasSuffix(rule))
    }

    @Test("the advice on a user name of two organizations lists all its login names") func namesakes() throws {
        let fixture = try twoCarls()
        let names = "\"carl@acme.localhost\", \"carl@partner.localhost\""
        #expect(try signIn(fixture, as: "carl").contains(names))
        let browser = fixture.browser()
        browser.headers = [("mock-login-as", "carl")]
        #expect(try browser.get(fixture.target()).response.header("Mock-Reason")?.contains(names) == true)
    }

    @Test("a deleted user is not suggested") func deleted() throws {
        #expect(try !signIn(try SignInFixture(), as: "dora").contains("dora@acme.localhost"))
    }

    private static let exchange = "urn:ietf:params:oauth:grant-type:token-exchange"
    private static let userID = "urn:zitadel:params:oauth:token-type:user_id"

    @Test(
        "where a user id is expected, the advice on a login name tells its id",
        arguments: ["svc", "svc@acme.localhost"])
    func ids(name: String) throws {
        let fixture = try SignInFixture(instance: "\"impersonation\": true")
        let hint = "the id of svc@acme.localhost is 270000000000000501"
        let exchanged = try fixture.token(
            SignInFixture.key,
            [("grant_type", Self.exchange), ("subject_token", name), ("subject_token_type", Self.userID)])
        #expect(exchanged.header("Mock-Reason")?.contains(hint) == true)
        let key = try TestServer.key("svc")
        let claims = Assertion.claims(of: name, audience: fixture.server.issuer, now: fixture.time.now)
        let assertion = Assertion.sign(claims, by: key.privateKey, keyID: key.keyID)
        let granted = fixture.server.post(
            "/oauth/v2/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion),
                ("scope", "openid"),
            ])
        #expect(granted.reason == "kid_unknown")
        #expect(granted.header("Mock-Reason")?.contains(hint) == true)
    }

    private func index(organizations: Int, users: Int, mustBeDomain: Bool = true) -> ResourceIndex {
        var resources = Resources()
        resources.organizations = (0..<organizations).map {
            Organization(
                id: "\($0)", name: "O\($0)", primaryDomain: "o\($0).localhost", domains: [], state: .active,
                userLoginMustBeDomain: mustBeDomain)
        }
        resources.users = (0..<users).map {
            User(
                id: "9\($0)", organizationID: "\($0 % organizations)",
                userName: $0 < organizations ? "same" : "user\($0)",
                state: .active, kind: .human(HumanProfile()), secret: nil, changeDate: 0)
        }
        return ResourceIndex(resources)
    }

    @Test("the advice on many login names lists five, and how many more there are") func many() throws {
        let advice = try #require(index(organizations: 12, users: 12).advice(onUserName: "Same"))
        #expect(advice.contains("12 users have the user name Same"))
        #expect(advice.contains("\"same@o4.localhost\" and 7 more") && !advice.contains("o5.localhost"))
    }

    @Test(
        "a name that resembles no login name gets no advice",
        arguments: ["", "@", "a@", "@o1.localhost", "nobody@o1.localhost"])
    func nobody(name: String) {
        #expect(index(organizations: 3, users: 10).advice(onUserName: name) == nil)
    }
}
