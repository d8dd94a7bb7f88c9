import Encodings
import HTTP
import Model
import Provider
import TestSupport
import Testing

/// Whose tokens a service user may revoke (RFC 7009).
@Suite struct RevocationTests {
    private let server: TestServer

    init() throws { server = try TestServer { $0.dialect = .server } }

    private func revoke(_ token: String, as user: String) -> HTTPResponse {
        server.post(
            "/oauth/v2/revoke", [("grant_type", "client_credentials"), ("token", token)],
            headers: [TestServer.basic("\(user)@acme.localhost", "\(user)-secret")])
    }

    @Test("a service user revokes tokens whose audience has its name, as an app does with its client id")
    func serviceUser() {
        let project = "openid urn:zitadel:iam:org:project:id:270000000000000101:aud"
        let own = server.accessToken(scope: project + " urn:zitadel:iam:org:project:id:svc:aud")
        #expect(server.introspect(own).json["active"]?.bool == true)
        #expect(revoke(own, as: "svc").status == 200)
        #expect(server.introspect(own).json["active"]?.bool == false)
        let other = server.accessToken(scope: project)
        let refused = revoke(other, as: "svc")
        #expect(refused.reason == "not_issued_for_client")
        #expect(refused.header("Mock-Reason")?.contains("does not have client svc in its audience") == true)
        #expect(server.introspect(other).json["active"]?.bool == true)
    }
}
