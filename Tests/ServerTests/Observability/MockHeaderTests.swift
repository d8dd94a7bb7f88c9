import HTTP
import TestSupport
import Testing

/// Headers of requests that begin with `Mock-`.
@Suite struct MockHeaderTests {
    static let warned: [(name: String, value: String, warning: String)] = [
        ("mock-loginas", "u", "mock-header-unknown; the header mock-loginas is ignored; did you mean Mock-Login-As?"),
        (
            "mock_dialect", "server",
            "mock-header-unknown; the header mock_dialect is ignored; did you mean Mock-Dialect?"
        ),
        (
            "x-mock-instance", "t",
            "mock-header-unknown; the header x-mock-instance is ignored; did you mean Mock-Instance?"
        ),
        (
            "mock-time", "t",
            "mock-header-unknown; the header mock-time is ignored; known are Mock-Dialect, Mock-Instance, Mock-Login-As"
        ),
        (
            "mock-dialect", "sever",
            "mock-dialect-unknown; Mock-Dialect is \"sever\", which is ignored; did you mean server?"
        ),
        (
            "mock-dialect", "SERVER",
            "mock-dialect-unknown; Mock-Dialect is \"SERVER\", which is ignored; did you mean server?"
        ),
        (
            "mock-dialect", "x",
            "mock-dialect-unknown; Mock-Dialect is \"x\", which is ignored; expected documented or server"
        ),
    ]

    @Test(
        "a code that is sent in another parameter is not repeated in Mock-Reason",
        arguments: ["client_id", "grant_type", "scope"])
    func misplacedCode(name: String) throws {
        let code = "4UtBsrl_-i07mwfQWzsfeRFf2eXBzUCGyZOs1Zpc55m81geAsg"
        var form = [("grant_type", "client_credentials"), ("client_id", "svc@acme.localhost"), ("client_secret", "x")]
        form.removeAll { $0.0 == name }
        let answer = try TestServer().post("/oauth/v2/token", form + [(name, code)])
        let reason = try #require(answer.header("Mock-Reason"))
        #expect(!reason.contains(code) && answer.header("Mock-Warning")?.contains(code) != true, "\(reason)")
    }

    @Test("of a header of the test double that is there twice the first counts, with a warning") func repeated() throws
    {
        let server = try TestServer()
        let headers = [(name: "mock-dialect", value: "server"), (name: "mock-dialect", value: "documented")]
        let answer = server.get("/oauth/v2/keys", headers: headers)
        #expect(
            answer.header("Mock-Warning")
                == "parameter-repeated; the header mock-dialect is there more than once; the first one counts")
        #expect(server.get("/oauth/v2/keys", headers: [headers[0]]).header("Mock-Warning") == nil)
    }

    @Test("a header of the test double without effect causes a warning in every response", arguments: warned.indices)
    func warning(index: Int) throws {
        let (name, value, warning) = Self.warned[index]
        let server = try TestServer()
        let headers = [(name: name, value: value)]
        #expect(server.get("/oauth/v2/keys", headers: headers).header("Mock-Warning") == warning)
        #expect(server.get("/none", headers: headers).header("Mock-Warning") == warning)
        let refused = server.post("/oauth/v2/token", [], headers: headers)
        #expect(refused.status == 400 && refused.headers.count { $0.name == "Mock-Warning" } == 1)
        #expect(refused.header("Mock-Warning") == warning)
    }

    @Test(
        "headers with an effect, and headers of other programs, cause no warning",
        arguments: [
            ("mock-dialect", "server"), ("mock-dialect", "documented"), ("mock-login-as", "alice"),
            ("mock-instance", "main"), ("mock-reason", "x"), ("mocker", "x"), ("x-mock-run", "1"),
            ("x-request-id", "1"),
        ])
    func silent(name: String, value: String) throws {
        let answer = try TestServer().get("/oauth/v2/keys", headers: [(name: name, value: value)])
        #expect(answer.header("Mock-Warning") == nil)
    }
}
