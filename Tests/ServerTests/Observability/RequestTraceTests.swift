import HTTP
import OAuth
import Provider
@testable import Server
import Synchronization
import TestSupport
import Testing

/// What the log knows about a request, also when it was rejected.
@Suite struct RequestTraceTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let path: String
        let form: [(String, String)]
        var basic: (String, String)?
        let client: String
        var grant: String?
        let testDescription: String

        init(
            _ name: String, _ path: String, _ form: [(String, String)], basic: (String, String)? = nil, client: String,
            grant: String? = nil
        ) {
            self.name = name
            self.path = path
            self.form = form
            self.basic = basic
            self.client = client
            self.grant = grant
            testDescription = name
        }
    }

    static let rejected: [Example] = [
        .init(
            "introspection with a wrong secret", "/oauth/v2/introspect", [("token", "x")],
            basic: ("270000000000000302", "wrong"), client: "270000000000000302"),
        .init(
            "introspection without a secret", "/oauth/v2/introspect",
            [("token", "x"), ("client_id", "270000000000000302")],
            client: "270000000000000302"),
        .init(
            "an unknown code", "/oauth/v2/token",
            [("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", "http://localhost:3000/callback")],
            basic: ("270000000000000303", "web-secret"), client: "270000000000000303", grant: "authorization_code"),
        .init(
            "client credentials with a wrong secret", "/oauth/v2/token",
            [("grant_type", "client_credentials"), ("scope", "openid")], basic: ("svc@acme.localhost", "wrong"),
            client: "svc", grant: "client_credentials"),
        .init(
            "a grant that does not exist", "/oauth/v2/token", [("grant_type", "password")],
            basic: ("270000000000000303", "web-secret"), client: "270000000000000303", grant: "password"),
        .init(
            "no grant", "/oauth/v2/token", [("client_id", "270000000000000303")], client: "270000000000000303"),
        .init(
            "revocation without a token", "/oauth/v2/revoke", [], basic: ("270000000000000303", "web-secret"),
            client: "270000000000000303"),
        .init(
            "authorization without a redirect URI", "/oauth/v2/authorize", [("client_id", "270000000000000303")],
            client: "270000000000000303"),
    ]

    @Test("a rejected request is logged with its client, its grant and its reason", arguments: rejected)
    func knowsClient(_ example: Example) throws {
        let server = try TestServer()
        var headers = [(name: "host", value: "localhost:8080")]
        if let (id, secret) = example.basic { headers.append(TestServer.basic(id, secret)) }
        let events = EventRecorder()
        let application = Application(server.instance, options: .init(log: .off), observers: [events])
        _ = application.answer(TestServer.formRequest(example.path, example.form, headers: headers))
        let event = try #require(events.all.first)
        #expect(event.client == example.client)
        #expect(event.grantType == example.grant)
        #expect(event.rejection != nil)
    }

    static let unknownPaths = [
        ("/oauth/v2/token/", "send /oauth/v2/token, without the slash at the end"),
        ("/.well-known/openid-configuration/", "send /.well-known/openid-configuration, without the slash at the end"),
        ("/oauth/v2/tokne", "did you mean /oauth/v2/token?"), ("/oauth/v2/introspection", "did you mean"),
        ("/realms/x/protocol/openid-connect/userinfo", "did you mean /oidc/v1/userinfo?"),
        ("/oauth/v2/device", "did you mean /oauth/v2/device_authorization?"),
        ("/oidc/v1/logout", "did you mean /oidc/v1/end_session?"),
        ("/.well-known/jwks.json", "did you mean /oauth/v2/keys?"),
        ("/protocol/openid-connect/certs", "did you mean /oauth/v2/keys?"),
        ("/v2/users", "resource APIs are not implemented"),
        ("/management/v1/orgs/me", "resource APIs are not implemented"),
        ("/zitadel.user.v2.UserService/ListUsers", "resource APIs are not implemented"),
        ("/nothing/like/it", "see /.well-known/openid-configuration for the available endpoints"),
    ]

    @Test("a call of the control API is logged with its problem, and is not in the journal")
    func controlCalls() throws {
        let server = try TestServer()
        let events = EventRecorder()
        let application = Application(server.instance, options: .init(log: .off), observers: [events])
        func call(_ method: String, _ path: String, query: String = "", body: String = "") -> HTTPResponse? {
            let request = HTTPRequest(
                method: method, path: path, query: Array(query.utf8),
                headers: [("host", "localhost:8080"), ("content-type", "application/json")], body: Array(body.utf8))
            if let response = application.respond(to: request).awaited { return response }
            return nil
        }
        let changed = try #require(call("PATCH", "/mock/v1/users/svc", body: #"{"state": "locked"}"#))
        let refused = try #require(call("PATCH", "/mock/v1/users/svc", body: #"{"state": "lock"}"#))
        #expect(events.all.map(\.status) == [200, 400])
        #expect(events.all.map(\.id) == [changed.header("X-Request-Id"), refused.header("X-Request-Id")])
        #expect(events.all.first?.reason == nil)
        #expect(events.all.last?.reason?.code == "invalid-body")
        #expect(events.all.last?.reason?.detail.hasPrefix("/state: ") == true)
        #expect(server.instance.journal.entries().isEmpty)
    }

    @Test("the log suggests the path that was probably meant", arguments: unknownPaths) func paths(
        path: String, hint: String
    ) throws {
        let server = try TestServer()
        let events = EventRecorder()
        let application = Application(server.instance, options: .init(log: .off), observers: [events])
        let answer = application.answer(HTTPRequest(method: "GET", path: path, headers: [("host", server.host)]))
        #expect(answer.status == 404)
        #expect(answer.header("Mock-Reason") == nil)
        let rejection = try #require(events.all.first?.rejection)
        #expect(rejection.reason == .pathUnknown)
        #expect(rejection.detail.contains(hint), "\(rejection.detail)")
    }
}

/// Keeps the events that an application reports.
private final class EventRecorder: EventSink {
    private let events = Mutex<[RequestEvent]>([])

    var all: [RequestEvent] { events.withLock { $0 } }

    func record(_ event: RequestEvent) { events.withLock { $0.append(event) } }
}
