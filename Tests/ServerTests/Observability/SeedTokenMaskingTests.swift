import Encodings
import HTTP
import Model
import Provider
import TestSupport
import Testing

/// Secrets in places where none belongs, that nothing but the resources shows to be some.
@Suite struct SeedTokenMaskingTests {
    /// A personal access token as the demo spells it.
    private static let token = "pat-svc-0123456789abcdef"

    private let server: TestServer

    init() throws { server = try TestServer { $0.dialect = .documented } }

    private func expectHidden(_ response: HTTPResponse) throws {
        #expect(response.status >= 400)
        #expect(!(response.header("Mock-Reason") ?? "").contains(Self.token))
        #expect(!response.text.contains(Self.token))
        let journal = try #require(server.control("GET", "/requests"))
        #expect(journal.json["items"]?.array?.isEmpty == false)
        #expect(!journal.text.contains(Self.token))
    }

    @Test("a token of the seed is a token") func works() {
        let headers = [(name: "authorization", value: "Bearer \(Self.token)")]
        #expect(server.get("/oidc/v1/userinfo", headers: headers).status == 200)
    }

    @Test("a token of the seed as the id of a client is masked") func clientID() throws {
        let form = [("grant_type", "client_credentials"), ("client_id", Self.token), ("client_secret", "x")]
        let answer = server.post("/oauth/v2/token", form)
        try expectHidden(answer)
        #expect(answer.header("Mock-Reason")?.contains("pat-?cdef") == true)
        try expectHidden(
            server.post("/oauth/v2/introspect", [("token", "x")], headers: [TestServer.basic(Self.token, "x")]))
    }

    @Test("a token of the seed in a path is masked") func path() throws {
        try expectHidden(server.get("/oauth/v2/\(Self.token)"))
        try expectHidden(server.get("/\(Self.token)/x"))
    }

    @Test("a token of the seed as the user to sign in is masked") func loginAs() throws {
        let query =
            "client_id=270000000000000303&redirect_uri=http://localhost:3000/callback&response_type=code&scope=openid"
        var request = HTTPRequest(
            method: "GET", path: "/oauth/v2/authorize", query: Array(query.utf8),
            headers: [("mock-login-as", Self.token)])
        request.headers.append(("host", server.host))
        let answer = server.send(request)
        #expect(answer.header("Mock-Reason") != nil)
        #expect(answer.header("Mock-Reason")?.contains(Self.token) == false)
        #expect(server.control("GET", "/requests")?.text.contains(Self.token) == false)
    }

    @Test("codes in lint findings and cookies in the journal are masked") func others() throws {
        let token = server.accessToken(scope: "openid XCVX-CJCK")
        #expect(!token.isEmpty)
        let lint = try #require(server.control("GET", "/lint")).text
        #expect(lint.contains("scope-dropped") && !lint.contains("XCVX-CJCK"))
        _ = server.get("/oauth/v2/keys", headers: [("cookie", "session=SECRET-OF-ANOTHER; theme=dark")])
        let journal = try #require(server.control("GET", "/requests")).text
        #expect(!journal.contains("SECRET-OF-ANOTHER"))
    }
}
