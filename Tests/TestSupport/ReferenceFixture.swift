public import Crypto
public import Encodings
public import HTTP
import JOSE

/// The fixture of the reference's numbered cases: API apps by key, by secret and of another project, inactive ones on each level, OIDC apps of each
/// method, service users of each kind. Names of apps are those of the reference.
public struct ReferenceFixture: Sendable {
    public let server: TestServer
    /// A key that app J and app X1 have registered besides, on P-256.
    public let ellipticKey: PrivateKey

    public static let project = "270000000000000101"
    public static let otherProject = "270000000000000102"
    public static let audience = "urn:zitadel:iam:org:project:id:\(project):aud"
    public static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    public static let keyOfJ = "270000000000000301"
    public static let idOfB = "270000000000000302"
    public static let secretOfB = "test-api-2-secret"

    /// - Parameters:
    ///   - instance: members of the seed's `instance`, as JSON.
    ///   - database: a path, or `:memory:`.
    ///   - edit: changes of the seed's text.
    public init(
        instance: String = "", database: String = ":memory:", time: TestDependencies = TestDependencies(),
        ellipticKey: PrivateKey? = nil,
        edit: (String) -> String = { $0 }
    ) throws {
        self.ellipticKey = try ellipticKey ?? PrivateKey.generate(for: .es256)
        let text = try Self.seed(instance: instance, elliptic: self.ellipticKey)
        server = try TestServer(seed: edit(text), database: database, time: time)
    }

    public static func seed(instance: String, elliptic: PrivateKey) throws -> String {
        let pem = JSON.string(elliptic.publicKey.pem).text
        return """
            {"instance": \(try TestServer.seedInstance(instance)),
             "organizations": [
              {"id": "270000000000000001", "name": "ACME", "primaryDomain": "acme.localhost",
               "projects": [
                {"id": "270000000000000101", "name": "Shop", "roles": ["reader", "writer"],
                 "grants": [{"id": "270000000000000151", "organization": "Partner", "roles": ["reader"]}],
                 "apps": [
                  {"type": "api", "id": "270000000000000201", "clientId": "270000000000000301", "name": "Test API", "keys": [
                   {"keyFile": "keys/test-api.json"}, {"id": "270000000000000702", "publicKey": \(pem)},
                   {"id": "270000000000000703", "publicKey": \(pem), "expirationDate": "2020-01-01T00:00:00Z"}]},
                  {"type": "api", "id": "270000000000000202", "clientId": "270000000000000302", "name": "B", "clientSecret": "test-api-2-secret"},
                  {"type": "api", "id": "270000000000000206", "clientId": "270000000000000306", "name": "Plus", "clientSecret": "a+b%41 c"},
                  {"type": "api", "id": "270000000000000207", "clientId": "78366401571920522@acme", "name": "L", "clientSecret": "veryweaksecret!"},
                  {"type": "api", "id": "270000000000000208", "clientId": "270000000000000308", "name": "X1", "state": "inactive",
                   "keys": [{"id": "270000000000000708", "publicKey": \(pem)}]},
                  {"type": "oidc", "id": "270000000000000203", "clientId": "270000000000000303", "name": "W", "clientSecret": "web-secret",
                   "redirectUris": ["http://localhost:3000/callback"], "grantTypes": ["authorization_code", "refresh_token"], "devMode": true},
                  {"type": "oidc", "id": "270000000000000204", "clientId": "270000000000000304", "name": "N", "appType": "native",
                   "redirectUris": ["http://localhost/callback"], "grantTypes": ["authorization_code", "refresh_token", "device_code"]},
                  {"type": "oidc", "id": "270000000000000205", "clientId": "270000000000000305", "name": "K", "authMethod": "private_key_jwt",
                   "keys": [{"keyFile": "keys/web-key.json"}], "redirectUris": ["https://app.example/callback"],
                   "grantTypes": ["authorization_code", "token_exchange"]}]},
                {"id": "270000000000000102", "name": "Other", "roles": ["auditor"], "apps": [
                  {"type": "api", "id": "270000000000000212", "clientId": "270000000000000312", "name": "B2", "clientSecret": "b2-secret"}]},
                {"id": "270000000000000103", "name": "Sleeping", "state": "inactive", "apps": [
                  {"type": "api", "id": "270000000000000213", "clientId": "270000000000000313", "name": "X2", "clientSecret": "x2-secret"}]}],
               "users": [
                {"type": "machine", "id": "270000000000000501", "userName": "svc", "name": "Service", "clientSecret": "svc-secret",
                 "keys": [{"keyFile": "keys/svc.json"}], "metadata": {"a": "\\u0001\\u0002\\u0003", "team": "wärehouse?>"},
                 "personalAccessTokens": [{"id": "270000000000000601", "token": "pat-svc-0123456789abcdef"},
                  {"id": "270000000000000602", "token": "pat-svc-limited-0123456789", "expirationDate": "2026-11-21T10:00:10Z"}],
                 "grants": [{"id": "270000000000000801", "project": "Shop", "roles": ["reader", "writer"]},
                  {"id": "270000000000000802", "project": "Shop", "roles": ["reader"], "organization": "Partner"},
                  {"id": "270000000000000803", "project": "Other", "roles": ["auditor"]}]},
                {"type": "machine", "id": "270000000000000502", "userName": "svc-jwt", "name": "Service with JWT", "accessTokenType": "jwt",
                 "clientSecret": "svc-jwt-secret", "keys": [{"keyFile": "keys/svc-jwt.json"}],
                 "grants": [{"id": "270000000000000804", "project": "Shop", "roles": ["reader"]}]},
                {"type": "machine", "id": "270000000000000503", "userName": "svc-off", "name": "Off", "clientSecret": "svc-off-secret", "state": "inactive"},
                {"type": "machine", "id": "270000000000000504", "userName": "svc-plain", "name": "A & B <x>", "clientSecret": "svc-plain-secret"},
                {"type": "machine", "id": "270000000000000505", "userName": "svc-bare", "name": "Bare"},
                {"type": "human", "id": "270000000000000511", "userName": "alice", "firstName": "Alice", "lastName": "Adams",
                 "email": "alice@acme.example", "password": "Password1!"}]},
              {"id": "270000000000000002", "name": "Partner", "primaryDomain": "partner.localhost", "userLoginMustBeDomain": false, "users": [
                {"type": "machine", "id": "270000000000000521", "userName": "partner-svc", "clientSecret": "partner-svc-secret"}]},
              {"id": "270000000000000003", "name": "Closed", "state": "inactive",
               "projects": [{"id": "270000000000000104", "name": "Closed shop", "apps": [
                {"type": "api", "id": "270000000000000214", "clientId": "270000000000000314", "name": "X3", "clientSecret": "x3-secret"}]}],
               "users": [{"type": "machine", "id": "270000000000000531", "userName": "closed-svc", "clientSecret": "closed-svc-secret"}]}]}
            """
    }

    // MARK: Tokens

    /// The answer to a client_credentials request; the secret is the user's name and `-secret`.
    /// - Parameter domain: what follows the `@` of the login name; empty for a login name without one.
    public func tokenAnswer(
        of user: String = "svc", domain: String = "acme.localhost", scope: String = "openid profile email \(audience)"
    ) -> HTTPResponse {
        let name = domain.isEmpty ? user : "\(user)@\(domain)"
        return server.post(
            "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", scope)],
            headers: [TestServer.basic(name, "\(user)-secret")])
    }

    public func token(
        of user: String = "svc", domain: String = "acme.localhost", scope: String = "openid profile email \(audience)"
    ) -> String {
        tokenAnswer(of: user, domain: domain, scope: scope).json["access_token"]?.string ?? ""
    }

    // MARK: Introspection

    /// Introspects as the server's dialect has it.
    public func introspect(
        _ form: [(String, String)], headers: [(name: String, value: String)] = [], dialect: String = "server"
    ) -> HTTPResponse {
        server.post("/oauth/v2/introspect", form, headers: headers + [("mock-dialect", dialect)])
    }

    /// Introspects as B.
    public func introspect(_ token: String) -> HTTPResponse {
        introspect([("token", token)], headers: [TestServer.basic(Self.idOfB, Self.secretOfB)])
    }

    /// A Basic header of exactly this text, however it is encoded.
    public static func rawBasic(_ text: String) -> (name: String, value: String) {
        ("authorization", "Basic " + Base64.encoded(Array(text.utf8)))
    }

    /// An assertion of J with its RSA key unless said otherwise.
    public func assertion(
        _ changes: JSONObject = [:], of client: String = keyOfJ, by key: PrivateKey? = nil, keyID: String?? = .none,
        algorithm: SignatureAlgorithm = .rs256,
        header: JSONObject = [:]
    ) throws -> String {
        let file = try TestServer.key("test-api")
        return Assertion.sign(
            Assertion.claims(of: client, audience: server.issuer, now: server.time.now, changes),
            by: key ?? file.privateKey,
            keyID: keyID ?? file.keyID, algorithm: algorithm, header: header)
    }

    /// Introspects a good token with an assertion.
    public func introspect(assertion: String, token: String? = nil, dialect: String = "server") -> HTTPResponse {
        introspect(
            [
                ("token", token ?? self.token()), ("client_assertion", assertion),
                ("client_assertion_type", Self.assertionType),
            ], dialect: dialect)
    }

    /// The jwt-bearer grant.
    public func jwtBearer(
        assertion: String, scope: String = "openid", headers: [(name: String, value: String)] = []
    ) -> HTTPResponse {
        server.post(
            "/oauth/v2/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion),
                ("scope", scope),
            ], headers: headers)
    }
}
