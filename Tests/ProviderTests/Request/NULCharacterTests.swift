import Encodings
import HTTP
import Model
import Provider
import TestSupport
import Testing

/// ZITADEL's database refuses a text with a NUL character, so that a look-up by it fails, instead of finding nothing.
@Suite struct NULCharacterTests {
    private static let paths = ["/oauth/v2/token", "/oauth/v2/revoke", "/oauth/v2/device_authorization"]

    @Test(
        "a NUL in the login name of a service user, in header or form, is an error of the server",
        arguments: paths, ["\u{0}", "svc\u{0}@acme.localhost"])
    func serviceUser(path: String, name: String) throws {
        let fixture = try ReferenceFixture(instance: "\"dialect\": \"server\"")
        let form = [("grant_type", "client_credentials"), ("scope", "openid"), ("token", "x")]
        let byHeader = fixture.server.post(path, form, headers: [TestServer.basic(name, "x")])
        let byForm = fixture.server.post(path, form + [("client_id", name), ("client_secret", "x")])
        for answer in [byHeader, byForm] {
            #expect(answer.status == 500)
            #expect(answer.text == "{\"error\":\"server_error\",\"error_description\":\"Errors.Internal\"}\n")
            #expect(answer.reason == "text_with_nul")
        }
        let documented = fixture.server.post(
            path, form, headers: [TestServer.basic(name, "x"), ("mock-dialect", "documented")])
        #expect(documented.status == 400 && documented.json["error"]?.string == "invalid_request")
    }

    @Test("a NUL in the client id of a browser's request is an error of the server, which no app gets")
    func browser() throws {
        let fixture = try SignInFixture(instance: "\"dialect\": \"server\"")
        for id in ["\u{0}", SignInFixture.web + "\u{0}"] {
            let authorize = try fixture.browser().get(fixture.target(SignInFixture.web, ["client_id": id])).response
            let endSession = fixture.server.post("/oidc/v1/end_session", [("client_id", id)])
            for answer in [authorize, endSession] {
                #expect(answer.status == 500)
                #expect(answer.json["error_description"]?.string == "Errors.Internal")
                #expect(answer.reason == "text_with_nul")
            }
        }
    }

    @Test("a NUL in a scope that is kept is an error of the server, and one in a scope that is dropped is not")
    func scope() throws {
        let server = try TestServer { $0.dialect = .server }
        let kept = "openid urn:zitadel:iam:org:project:id:\u{0}:aud"
        func token(_ scope: String) -> HTTPResponse {
            server.post(
                "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", scope)],
                headers: [TestServer.basic("svc@acme.localhost", "svc-secret")])
        }
        let device = server.post(
            "/oauth/v2/device_authorization", [("client_id", "270000000000000304"), ("scope", "openid \u{0}")])
        for answer in [token(kept), device] {
            #expect(answer.status == 500, "\(answer.text)")
            #expect(answer.json["error_description"]?.string == "Errors.Internal")
            #expect(answer.reason == "text_with_nul")
        }
        #expect(token("openid \u{0}").status == 200)
    }
}
