import Encodings
import Glibc
import HTTP
import HTTPServer
import TestSupport

/// The built program serving on a free port, with the demo's seed.
struct RunningServer {
    let program: Program
    let fixtures: JSONObject
    let port: Int

    struct NoAnnouncement: Error {
        let errors: String
    }

    init(
        _ arguments: [String] = [], database: String, redirections: String = "", in folder: TemporaryFolder
    ) throws {
        program = try Program(
            ["serve", "--port", "0", "--json", "--database", database, "--seed", packageRoot + "/seed/demo.json"]
                + arguments, redirections: redirections, in: folder)
        guard let line = program.line(), let fixtures = try JSONParser.parse(line.utf8).object,
            let port = fixtures["baseUrl"]?.string?.split(separator: ":").last.flatMap({ Int($0) })
        else {
            program.wait()
            throw NoAnnouncement(errors: program.errors)
        }
        self.fixtures = fixtures
        self.port = port
    }

    func post(
        _ path: String, _ form: [(String, String)], _ headers: [(name: String, value: String)]
    ) throws -> HTTPResponse {
        try Self.post(path, form, headers, port: port)
    }

    static func post(
        _ path: String, _ form: [(String, String)], _ headers: [(name: String, value: String)], port: Int
    ) throws -> HTTPResponse {
        let body = form.map { "\(PercentEncoding.formEncoded($0))=\(PercentEncoding.formEncoded($1))" }.joined(
            separator: "&")
        let type = (name: "content-type", value: "application/x-www-form-urlencoded")
        return try HTTPClient.send(
            HTTPRequest(method: "POST", path: path, headers: headers + [type], body: Array(body.utf8)),
            host: "127.0.0.1", port: port)
    }

    /// A token of a service user, if the server answered completely.
    static func token(of user: String, port: Int) -> String? {
        let form = [
            ("grant_type", "client_credentials"),
            ("scope", "openid urn:zitadel:iam:org:project:id:270000000000000101:aud"),
        ]
        let answer = try? post(
            "/oauth/v2/token", form, [TestServer.basic("\(user)@acme.localhost", "\(user)-secret")], port: port)
        guard let answer, answer.status == 200 else { return nil }
        return answer.json["access_token"]?.string
    }

    /// - Parameter host: the name that the server is asked by; nil for its address.
    func introspect(_ token: String, host: String? = nil) throws -> HTTPResponse {
        let named = host.map { [(name: "host", value: $0)] } ?? []
        return try post(
            "/oauth/v2/introspect", [("token", token)],
            [TestServer.basic("270000000000000302", "test-api-2-secret")] + named)
    }

    /// Asks the server to stop, and returns its exit status.
    @discardableResult
    func stop() -> Int32 {
        program.signal(SIGTERM)
        return program.wait()
    }
}
