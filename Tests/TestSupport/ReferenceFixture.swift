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

    /// A seed with `"INSTANCE"` and `"ELLIPTIC_KEY"` where these belong.
    private static let seedTemplate = testFile("TestSupport/Fixtures/reference.json")

    public static func seed(instance: String, elliptic: PrivateKey) throws -> String {
        try seedTemplate
            .replacing("\"INSTANCE\"", with: TestServer.seedInstance(instance))
            .replacing("\"ELLIPTIC_KEY\"", with: JSON.string(elliptic.publicKey.pem).text)
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
