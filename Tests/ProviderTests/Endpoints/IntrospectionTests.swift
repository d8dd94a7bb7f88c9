import Encodings
import HTTP
import TestSupport
import Testing

/// Numbered cases of introspection that need a person's token.
@Suite struct IntrospectionTests {
    private func introspect(_ scope: String, as person: String = "Alice") throws -> JSONObject {
        let fixture = try SignInFixture()
        let token = try fixture.tokens(SignInFixture.web, scope: scope, as: person)["access_token"]?.string ?? ""
        return fixture.introspect(token).json
    }

    @Test("I-120, I-130 introspection has the profile of a person; I-129 the scope address adds nothing")
    func profile() throws {
        let answer = try introspect("openid profile address")
        #expect(
            answer.members.map(\.name) == [
                "active", "amr", "aud", "auth_time", "client_id", "exp", "family_name", "given_name", "iat", "iss",
                "jti",
                "locale", "name", "nbf", "preferred_username", "scope", "sub", "token_type", "updated_at",
                "urn:zitadel:iam:org:project:270000000000000101:roles", "urn:zitadel:iam:org:project:roles", "username",
            ])
        #expect(answer["amr"] == .strings(["pwd"]))
        #expect(answer["username"] == .string("alice@acme.localhost"))
    }

    @Test("I-127 an unverified email address is not returned as verified") func email() throws {
        let answer = try introspect("openid email", as: "Bob")
        #expect(answer["email"] == .string("bob@acme.example"))
        #expect(answer["email_verified"] == nil)
    }

    @Test("I-156 the client is the app that requested the token, and the audience has all of the project's")
    func client() throws {
        let fixture = try SignInFixture()
        let token = try fixture.tokens(SignInFixture.native)["access_token"]?.string ?? ""
        let answer = fixture.introspect(token).json
        #expect(answer["client_id"] == .string(SignInFixture.native))
        let audience = answer["aud"]?.array ?? []
        #expect(audience.contains(.string("270000000000000302")) && audience.contains(.string(SignInFixture.web)))
        #expect(audience.last == .string(SignInFixture.project))
    }

    @Test("I-162, I-168, I-169, I-178, I-180 anything but an active access token is inactive, with its reason")
    func inactive() throws {
        let fixture = try SignInFixture()
        let tokens = try fixture.tokens(scope: "openid offline_access")
        let access = tokens["access_token"]?.string ?? ""
        func reason(_ token: String) -> String? {
            let answer = fixture.introspect(token)
            #expect(answer.json.members.map(\.name) == ["active"])
            #expect(answer.json["active"] == .bool(false))
            return answer.reason
        }
        #expect(reason("Bearer " + access) == "token_malformed")
        #expect(reason(try fixture.code()) == "not_an_access_token")
        #expect(reason(tokens["id_token"]?.string ?? "") == "not_an_access_token")
        let fresh = try fixture.refresh(tokens["refresh_token"]?.string ?? "").json
        #expect(reason(access) == "token_superseded")
        _ = try fixture.browser().get("/oidc/v1/end_session?id_token_hint=\(fresh["id_token"]?.string ?? "")")
        #expect(reason(fresh["access_token"]?.string ?? "") == "session_terminated")
    }

    @Test("I-185, I-195 a user who became initial loses the token, and a deactivated app does not end it")
    func changes() throws {
        let folder = TemporaryFolder()
        let time = TestDependencies()
        func fixture(_ edit: (String) -> String) throws -> SignInFixture {
            try SignInFixture(database: folder.path + "/db.sqlite", time: time, edit: edit)
        }
        func before() throws -> String { try fixture { $0 }.tokens()["access_token"]?.string ?? "" }
        func active(_ token: String, _ edit: (String) -> String) throws -> JSON? {
            try fixture(edit).introspect(token).json["active"]
        }
        let token = try before()
        let offApp = try active(token) {
            $0.replacing("\"name\": \"Web\",", with: "\"name\": \"Web\", \"state\": \"inactive\",")
        }
        #expect(offApp == .bool(true))
        let initial = try active(token) {
            $0.replacing("\"userName\": \"alice\"", with: "\"userName\": \"alice\", \"state\": \"initial\"")
        }
        #expect(initial == .bool(false))
    }
}
