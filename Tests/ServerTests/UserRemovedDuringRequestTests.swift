import Encodings
import HTTP
import Model
import OAuth
import Provider
import Storage
import TestSupport
import Testing

/// The response when the user is locked or removed during the request: the database has the change, and the resources in memory do not yet.
@Suite struct UserRemovedDuringRequestTests {
    private let fixture: SignInFixture
    private var server: TestServer { fixture.server }

    init() throws { fixture = try SignInFixture() }

    @Test("a token for a user who is locked during the request is inactive for good") func locked() throws {
        var user = try #require(try server.storage.resources().users.first { $0.userName == "svc" })
        user.state = .locked
        try server.storage.apply([.put(.user(user))], at: 1)
        let token = server.accessToken()
        #expect(!token.isEmpty)
        user.state = .active
        try server.storage.apply([.put(.user(user))], at: 1)
        #expect(server.introspect(token).json["active"] == .bool(false))
        #expect(server.introspect(server.accessToken()).json["active"] == .bool(true))
    }

    @Test("a request of a user who is removed during the request is refused, and is no failure of the server")
    func removed() throws {
        let code = try fixture.code()
        try server.storage.apply([.remove(.user, id: SignInFixture.alice)], at: 1)
        #expect(try fixture.redeem(code).reason == "user_not_active")
        let user = try #require(try server.storage.resources().users.first { $0.userName == "svc" })
        try server.storage.apply([.remove(.user, id: user.id)], at: 1)
        let answer = server.post(
            "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", "openid")],
            headers: [TestServer.basic("svc@acme.localhost", "svc-secret")])
        #expect(answer.status == 400 && answer.reason == "user_not_active", "\(answer.text)")
    }

    @Test("a personal access token that is minted while its user is locked is inactive for good")
    func personalAccessToken() throws {
        let before = try #require(server.instance.snapshot.resources.user(named: "svc"))
        func mint() throws -> String {
            let context = RequestContext(
                instance: server.instance, snapshot: server.instance.snapshot, now: server.instance.now,
                form: try FormParameters(body: [], query: []), authorization: nil, issuer: server.issuer, trace: Trace()
            )
            var request = TokenMinter.Request(user: before)
            request.type = .pat
            request.scopes = ["openid", "urn:zitadel:iam:org:project:id:\(SignInFixture.project):aud"]
            return try TokenMinter(context).mint(request).token
        }
        #expect(server.introspect(try mint()).json["active"] == .bool(true))
        _ = server.control("PATCH", "/users/svc", ["state": "locked"])
        let late = try mint()
        _ = server.control("PATCH", "/users/svc", ["state": "active"])
        #expect(server.introspect(late).json["active"] == .bool(false))
    }
}
