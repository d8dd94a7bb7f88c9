import Crypto
public import Encodings
public import HTTP
import JOSE

/// A server with people who can sign in: apps of each kind, users of each state, projects that ask for grants.
public struct SignInFixture: Sendable {
    public let server: TestServer

    public static let web = "270000000000000303"
    public static let native = "270000000000000304"
    public static let key = "270000000000000305"
    public static let spa = "270000000000000306"
    public static let plainWeb = "270000000000000307"
    public static let guarded = "270000000000000308"
    public static let globbed = "270000000000000309"
    public static let rich = "270000000000000310"
    public static let project = "270000000000000101"
    public static let alice = "270000000000000511"
    public static let webCallback = "https://web.example/callback"
    public static let nativeCallback = "http://localhost/callback"
    public static let verifier = "a-verifier-of-at-least-forty-three-characters-0123"

    /// - Parameters:
    ///   - instance: members of the seed's `instance`, as JSON.
    ///   - edit: changes of the seed's text.
    public init(
        instance: String = "", database: String = ":memory:", time: TestDependencies = TestDependencies(),
        edit: (String) -> String = { $0 }
    ) throws {
        server = try TestServer(seed: edit(try Self.seed(instance: instance)), database: database, time: time)
    }

    public var time: TestDependencies { server.time }

    /// A server whose Alice has a state, on a database that others had before. Release those first: a database serves one at a time.
    public init(alice state: String, instance: String = "", in folder: TemporaryFolder, time: TestDependencies) throws {
        try self.init(instance: instance, database: folder.path + "/db.sqlite", time: time) {
            $0.replacing("\"userName\": \"alice\"", with: "\"userName\": \"alice\", \"state\": \"\(state)\"")
        }
    }

    private static func seed(instance: String) throws -> String {
        """
        {"instance": \(try TestServer.seedInstance(instance)),
         "organizations": [
          {"id": "270000000000000001", "name": "ACME", "primaryDomain": "acme.localhost",
           "projects": [
            {"id": "270000000000000101", "name": "Shop", "roles": ["reader", "writer"], "apps": [
              {"type": "api", "id": "270000000000000202", "clientId": "270000000000000302", "name": "Shop API", "clientSecret": "test-api-2-secret"},
              {"type": "oidc", "id": "270000000000000203", "clientId": "270000000000000303", "name": "Web", "clientSecret": "web-secret",
               "redirectUris": ["https://web.example/callback"], "postLogoutRedirectUris": ["https://web.example/bye"],
               "grantTypes": ["authorization_code", "refresh_token"]},
              {"type": "oidc", "id": "270000000000000204", "clientId": "270000000000000304", "name": "Native", "appType": "native",
               "redirectUris": ["http://localhost/callback", "com.example.app://callback", "http://far.example/callback"],
               "postLogoutRedirectUris": ["http://localhost/bye"],
               "grantTypes": ["authorization_code", "refresh_token", "device_code"], "accessTokenType": "jwt"},
              {"type": "oidc", "id": "270000000000000205", "clientId": "270000000000000305", "name": "Key", "authMethod": "private_key_jwt",
               "keys": [{"keyFile": "keys/web-key.json"}], "redirectUris": ["https://app.example/callback"],
               "grantTypes": ["authorization_code", "token_exchange", "refresh_token"]},
              {"type": "oidc", "id": "270000000000000206", "clientId": "270000000000000306", "name": "Single <page> & co", "appType": "user_agent",
               "redirectUris": ["https://spa.example/callback", "http://localhost:5173/callback", "http://spa.example/callback"],
               "responseTypes": ["code", "id_token", "id_token token"], "grantTypes": ["authorization_code", "implicit"]},
              {"type": "oidc", "id": "270000000000000207", "clientId": "270000000000000307", "name": "Plain", "clientSecret": "plain-secret",
               "redirectUris": ["http://plain.example/callback", "odd.scheme://callback"]},
              {"type": "oidc", "id": "270000000000000209", "clientId": "270000000000000309", "name": "Globbed", "authMethod": "none", "devMode": true,
               "redirectUris": ["https://*.preview.example/callback", "http://dev.example/*"], "postLogoutRedirectUris": ["http://dev.example/*"]},
              {"type": "oidc", "id": "270000000000000210", "clientId": "270000000000000310", "name": "Rich", "appType": "native",
               "redirectUris": ["http://localhost/callback"], "accessTokenType": "jwt", "clockSkew": "5s",
               "accessTokenRoleAssertion": true, "idTokenRoleAssertion": true, "idTokenUserinfoAssertion": true}]},
            {"id": "270000000000000102", "name": "Guarded", "roles": ["guest"], "projectRoleCheck": true, "hasProjectCheck": true,
             "projectRoleAssertion": true, "apps": [
              {"type": "oidc", "id": "270000000000000208", "clientId": "270000000000000308", "name": "Guarded app", "clientSecret": "guarded-secret",
               "redirectUris": ["https://guarded.example/callback"]}]}],
           "users": [
            {"type": "human", "id": "270000000000000511", "userName": "alice", "firstName": "Alice", "lastName": "Adams",
             "email": "alice@acme.example", "emailVerified": true, "phone": "+41791234567", "password": "Password1!",
             "grants": [{"project": "Shop", "roles": ["reader"]}, {"project": "Guarded", "roles": ["guest"]}]},
            {"type": "human", "id": "270000000000000512", "userName": "bob", "firstName": "Bob", "lastName": "<b>Brown</b>", "email": "bob@acme.example"},
            {"type": "human", "id": "270000000000000513", "userName": "ina", "firstName": "Ina", "lastName": "Off", "password": "Password1!", "state": "inactive"},
            {"type": "human", "id": "270000000000000514", "userName": "lola", "firstName": "Lola", "lastName": "Shut", "password": "Password1!", "state": "locked"},
            {"type": "human", "id": "270000000000000515", "userName": "nina", "firstName": "Nina", "lastName": "New", "password": "Password1!", "state": "initial"},
            {"type": "human", "id": "270000000000000516", "userName": "dora", "firstName": "Dora", "lastName": "Gone", "password": "Password1!", "state": "deleted"},
            {"type": "machine", "id": "270000000000000501", "userName": "svc", "name": "Service", "clientSecret": "svc-secret",
             "instanceRoles": ["IAM_END_USER_IMPERSONATOR"],
             "personalAccessTokens": [{"id": "270000000000000601", "token": "pat-svc-0123456789abcdef"}]},
            {"type": "machine", "id": "270000000000000502", "userName": "plain", "name": "Plain",
             "personalAccessTokens": [{"id": "270000000000000602", "token": "pat-plain-0123456789abcdef"}]},
            {"type": "human", "id": "270000000000000517", "userName": "root", "firstName": "Root", "lastName": "Owner", "instanceRoles": ["IAM_OWNER"]}]},
          {"id": "270000000000000002", "name": "Partner", "primaryDomain": "partner.localhost", "userLoginMustBeDomain": false, "users": [
            {"type": "human", "id": "270000000000000521", "userName": "carl", "firstName": "Carl", "lastName": "Cohen", "password": "Password1!",
             "grants": [{"project": "Guarded", "roles": ["guest"]}]}]}]}
        """
    }

    // MARK: What browsers and apps do

    public func browser() -> TestBrowser { TestBrowser { server.send($0) } }

    /// The target of an authorization request: by default of the web app, for a code.
    public func target(
        _ client: String = web, _ changes: [String: String?] = [:], redirectURI: String? = nil
    ) -> String {
        var parameters: [(String, String?)] = [
            ("client_id", client), ("redirect_uri", redirectURI ?? Self.callbacks[client] ?? ""),
            ("response_type", "code"), ("scope", "openid profile"), ("state", "st-1"),
        ]
        if [Self.native, Self.spa, Self.rich, Self.globbed].contains(client) {
            parameters.append(("code_challenge", Base64.urlEncoded(Digest.sha256.hash(Array(Self.verifier.utf8)))))
            parameters.append(("code_challenge_method", "S256"))
        }
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
            parameters.removeAll { $0.0 == name }
            parameters.append((name, value))
        }
        let pairs = parameters.compactMap { name, value in
            value.map { "\(name)=\(PercentEncoding.formEncoded($0))" }
        }
        return "/oauth/v2/authorize?" + pairs.joined(separator: "&")
    }

    public static let callbacks = [
        web: webCallback, native: nativeCallback, key: "https://app.example/callback",
        spa: "https://spa.example/callback", plainWeb: "http://plain.example/callback",
        guarded: "https://guarded.example/callback", globbed: "http://dev.example/callback", rich: nativeCallback,
    ]

    /// Signs in by the button of a person.
    /// - Returns: the answer that sends the browser to the app.
    public func signIn(
        _ client: String = web, _ changes: [String: String?] = [:], as person: String = "Alice",
        in browser: TestBrowser? = nil
    ) throws -> HTTPResponse {
        let browser = browser ?? self.browser()
        let page = try browser.open(target(client, changes))
        return try browser.press(page, "people", "Continue as \(person)").response
    }

    /// A code, by signing in.
    public func code(
        _ client: String = web, _ changes: [String: String?] = [:], as person: String = "Alice",
        in browser: TestBrowser? = nil
    ) throws -> String {
        try signIn(client, changes, as: person, in: browser).locationParameters["code"] ?? "(no code)"
    }

    /// How an app of this fixture authenticates.
    public func credentials(
        _ client: String
    ) throws -> (form: [(String, String)], headers: [(name: String, value: String)]) {
        switch client {
        case Self.web: return ([], [TestServer.basic(client, "web-secret")])
        case Self.plainWeb: return ([], [TestServer.basic(client, "plain-secret")])
        case Self.guarded: return ([], [TestServer.basic(client, "guarded-secret")])
        case Self.key:
            let file = try TestServer.key("web-key")
            let claims = Assertion.claims(of: client, audience: server.issuer, now: time.now)
            let assertion = Assertion.sign(claims, by: file.privateKey, keyID: file.keyID)
            return (
                [
                    ("client_assertion_type", ReferenceFixture.assertionType),
                    ("client_assertion", assertion),
                ], []
            )
        default: return ([("client_id", client)], [])
        }
    }

    /// Asks the token endpoint as an app.
    public func token(_ client: String = web, _ form: [(String, String)]) throws -> HTTPResponse {
        let (own, headers) = try credentials(client)
        return server.post("/oauth/v2/token", own + form, headers: headers)
    }

    /// Redeems a code.
    public func redeem(
        _ code: String, _ client: String = web, _ changes: [String: String?] = [:]
    ) throws -> HTTPResponse {
        var form: [String: String] = [
            "grant_type": "authorization_code", "code": code, "redirect_uri": Self.callbacks[client] ?? "",
        ]
        if [Self.native, Self.spa, Self.rich, Self.globbed].contains(client) { form["code_verifier"] = Self.verifier }
        for (name, value) in changes { form[name] = value }
        return try token(client, form.map { ($0.key, $0.value) })
    }

    /// The tokens of a sign-in.
    public func tokens(
        _ client: String = web, scope: String = "openid profile", _ changes: [String: String?] = [:],
        as person: String = "Alice", in browser: TestBrowser? = nil
    ) throws -> JSONObject {
        let changes = changes.merging(["scope": scope]) { first, _ in first }
        return try redeem(try code(client, changes, as: person, in: browser), client).json
    }

    /// The tokens of a sign-in to the web app.
    public func tokens(_ changes: [String: String?], in browser: TestBrowser? = nil) throws -> JSONObject {
        try tokens(Self.web, changes, in: browser)
    }

    public func refresh(_ token: String, _ client: String = web, scope: String? = nil) throws -> HTTPResponse {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)]
        return try self.token(client, form + (scope.map { [("scope", $0)] } ?? []))
    }

    /// Whether an access token is active, asked as the API of the project; and why not.
    public func introspect(_ token: String) -> HTTPResponse { server.introspect(token) }

    /// The claims of a JWT, unverified.
    public static func claims(_ token: String?) -> JSONObject {
        (try? CompactJWS(token ?? ""))?.claims ?? [:]
    }
}
