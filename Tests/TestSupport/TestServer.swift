import Crypto
public import Encodings
public import HTTP
public import JOSE
import Model
public import Provider
import ResourceFormat
import Seeding
public import Server
public import Storage
import System

/// A whole server without a socket: a seed in a memory database, a fixed clock, and the real routes.
public final class TestServer: Sendable {
    public let time: TestDependencies
    public let storage: Storage
    public let instance: Instance
    public let service: Application
    /// What requests come by unless they say otherwise.
    public let host = "localhost:8080"
    public var issuer: String { "http://\(host)" }

    /// - Parameters:
    ///   - seed: the text of a seed file.
    ///   - database: a path, or `:memory:`.
    ///   - overrides: settings of the command line.
    public init(
        seed: String = TestServer.demo, database: String = Storage.inMemory,
        time: TestDependencies = TestDependencies(),
        overrides: (inout SettingsOverrides) -> Void = { _ in }
    ) throws {
        self.time = time
        let folder = TemporaryFolder()
        let path = folder.write(seed, to: "seed.json")
        for name in ["test-api", "svc", "svc-jwt", "web-key"] {
            folder.write(readText("\(packageRoot)/seed/keys/\(name).json") ?? "", to: "keys/\(name).json")
        }
        let loaded = try Seed.load(
            SeedSource(
                inputs: SeedInput.list([path], from: "seed"), environment: [:], now: time.now,
                randomBytes: time.dependencies.randomBytes))
        storage = try Storage(path: database)
        var settings = SettingsOverrides()
        overrides(&settings)
        (instance, _) = try Instance.open(
            storage, seed: loaded.decoded, dependencies: time.dependencies, overrides: settings)
        var options = Application.Options()
        options.log = .off
        // On the thread of the test, which may measure what they cost.
        options.commands = BackgroundWork(threads: 0, byteLimit: 0)
        service = Application(instance, options: options)
    }

    /// The demo seed of the repository.
    public static var demo: String { readText(packageRoot + "/seed/demo.json") ?? "" }

    /// The private key of one of the demo's key files, such as "svc".
    public static func key(_ name: String) throws -> KeyFile {
        try KeyFile(Array((readText("\(packageRoot)/seed/keys/\(name).json") ?? "").utf8))
    }

    /// A seed's `instance` whose ids and key are known, with more members as JSON.
    static func seedInstance(_ members: String) throws -> String {
        let key = JSON.string(try key("web-key").privateKey.pem).text
        let more = members.isEmpty ? "" : ", " + members
        return
            "{\"projectId\": \"270000000000000100\", \"signingKeys\": [{\"id\": \"270000000000000900\", \"privateKey\": \(key)}]\(more)}"
    }

    public func send(_ request: HTTPRequest) -> HTTPResponse {
        var request = request
        if request.header("host") == nil { request.headers.append(("host", host)) }
        return service.answer(request)
    }

    /// Posts a form. Headers in lower case.
    public func post(
        _ path: String, _ form: [(String, String)], headers: [(name: String, value: String)] = []
    ) -> HTTPResponse { send(Self.formRequest(path, form, headers: headers)) }

    /// A request that posts a form.
    public static func formRequest(
        _ path: String, _ form: [(String, String)], headers: [(name: String, value: String)] = []
    ) -> HTTPRequest {
        let body = form.map { "\(PercentEncoding.formEncoded($0))=\(PercentEncoding.formEncoded($1))" }.joined(
            separator: "&")
        let type = (name: "content-type", value: "application/x-www-form-urlencoded")
        return HTTPRequest(method: "POST", path: path, headers: headers + [type], body: Array(body.utf8))
    }

    public func get(_ path: String, headers: [(name: String, value: String)] = []) -> HTTPResponse {
        send(HTTPRequest(method: "GET", path: path, headers: headers))
    }

    /// An `authorization` header for both parts, form-encoded as RFC 6749 wants it.
    public static func basic(_ id: String, _ secret: String) -> (name: String, value: String) {
        let text = PercentEncoding.formEncoded(id) + ":" + PercentEncoding.formEncoded(secret)
        return ("authorization", "Basic " + Base64.encoded(Array(text.utf8)))
    }

    /// An access token of a service user of the demo, by client_credentials.
    public func accessToken(
        of user: String = "svc", scope: String = "openid profile urn:zitadel:iam:org:project:id:270000000000000101:aud"
    ) -> String {
        let answer = post(
            "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", scope)],
            headers: [Self.basic("\(user)@acme.localhost", "\(user)-secret")])
        return answer.json["access_token"]?.string ?? ""
    }

    /// Introspects as the demo's "Test API 2".
    public func introspect(_ token: String) -> HTTPResponse {
        post(
            "/oauth/v2/introspect", [("token", token)], headers: [Self.basic("270000000000000302", "test-api-2-secret")]
        )
    }
}

extension HTTPResponse {
    /// The body as a JSON object; empty when it is none.
    public var json: JSONObject { (try? JSONParser.parse(body))?.object ?? [:] }
    public var text: String { String(decoding: body, as: UTF8.self) }
    /// The code of `Mock-Reason`.
    public var reason: String? { header("Mock-Reason").map { String($0.prefix { $0 != ";" }) } }
}
