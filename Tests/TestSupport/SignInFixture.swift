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

    /// A seed with `"INSTANCE"` where its instance belongs.
    private static let seedTemplate = testFile("TestSupport/Fixtures/sign-in.json")

    private static func seed(instance: String) throws -> String {
        try seedTemplate.replacing("\"INSTANCE\"", with: TestServer.seedInstance(instance))
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
