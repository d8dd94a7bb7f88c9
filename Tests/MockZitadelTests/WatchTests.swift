import Encodings
import Glibc
import HTTP
import HTTPServer
import TestSupport
import Testing

/// `serve --watch`, `--control-port` and `--journal-size`.
@Suite struct WatchTests {
    private static func seed(_ users: String, secret: String = "one") -> String {
        """
        {"organizations": [{"name": "A", "users": [{"type": "machine", "userName": "svc", "clientSecret": "\(secret)"}\(users)]}]}
        """
    }

    @Test("a changed seed is loaded and reported in one line, and an invalid one is reported and changes nothing")
    func watch() throws {
        let folder = TemporaryFolder()
        let path = folder.write(Self.seed(""), to: "seed.json")
        let program = try Program(
            [
                "serve", "--watch", "--port", "0", "--database", ":memory:", "--json", "--log-format", "off", "--seed",
                path,
            ],
            redirections: "2>&1", in: folder)
        defer {
            program.signal(SIGTERM)
            program.wait()
        }
        let line = try JSONParser.parse(try #require(program.line(containing: "baseUrl")).utf8).object ?? [:]
        let url = line["baseUrl"]?.string ?? ""
        func users() throws -> [String] {
            let run = try Program.run(["requests", "--url", url, "--json"], in: folder)
            #expect(run.status == 0)
            let port = Int(url.split(separator: ":").last ?? "") ?? 0
            let answer = try HTTPClient.send(
                HTTPRequest(method: "GET", path: "/mock/v1/users"), host: "localhost", port: port)
            return (answer.json["items"]?.array ?? []).compactMap { $0.object?["userName"]?.string }
        }
        /// Waits for a line that ends so.
        func awaits(_ end: String) -> Bool { program.line(containing: end)?.hasSuffix(end) == true }
        #expect(try users() == ["svc"])
        folder.write(
            Self.seed(", {\"type\": \"human\", \"userName\": \"bob\", \"password\": \"x\"}", secret: "two"),
            to: "seed.json")
        #expect(awaits("loaded the changed seed: user bob added, secret of user svc changed"))
        #expect(try users() == ["svc", "bob"])
        folder.write("{\"organizations\": [{\"nam\": 1}]}", to: "seed.json")
        #expect(awaits("has 1 problem, and the old one stays"))
        #expect(program.line(containing: "/organizations/0/nam: unknown member") != nil)
        #expect(try users() == ["svc", "bob"])
        folder.write(
            Self.seed(", {\"type\": \"human\", \"userName\": \"bob\", \"password\": \"x\"}", secret: "two"),
            to: "seed.json")
        #expect(awaits("the seed is valid again; nothing changed"))
        folder.write(Self.seed("", secret: "two"), to: "seed.json")
        #expect(awaits("loaded the changed seed: user bob removed"))
        #expect(try users() == ["svc"])
    }

    @Test("--watch without a file to watch is refused") func nothingToWatch() throws {
        for (arguments, environment) in [(["--no-seed"], [:]), ([], ["MOCK_ZITADEL_SEED": "{\"organizations\": []}"])]
            as [([String], [String: String])]
        {
            let run = try Program.run(["serve", "--watch", "--port", "0"] + arguments, environment: environment)
            #expect(
                run.status == 64 && run.errors.hasPrefix("mock-zitadel: --watch needs a seed that is a file or folder"))
        }
    }

    @Test("--control-port moves the control API to a port of its own, and --journal-size bounds the journal")
    func controlPort() throws {
        let folder = TemporaryFolder()
        let server = try RunningServer(
            ["--control-port", "0", "--journal-size", "2", "--log-format", "off"], database: ":memory:", in: folder)
        defer { server.stop() }
        let control = try #require(server.fixtures["controlUrl"]?.string)
        let absent = try Program.run(["clock", "--url", "http://localhost:\(server.port)"], in: folder)
        #expect(absent.status == 1 && absent.errors.contains("or with --control-port"), "\(absent.errors)")
        let ready = try Program.run(["ready"], environment: ["MOCK_ZITADEL_URL": control], in: folder)
        #expect(ready.status == 1 && ready.errors.contains("has the control API alone"), "\(ready.errors)")
        for _ in 0..<3 { _ = try server.introspect("x") }
        let requests = try Program.run(["requests", "--url", control, "--json"], in: folder)
        #expect(try JSONParser.parse(requests.output.utf8).object?["items"]?.array?.count == 2)
        let minted = try Program.run(
            ["token", "mint", "--user", "svc", "--format", "jwt", "--json", "--url", control], in: folder)
        let claims = try JSONParser.parse(minted.output.utf8).object?["claims"]?.object
        #expect(claims?["iss"]?.string == "http://localhost:\(server.port)", "the issuer is that of the other port")
        let port = try #require(Int(control.split(separator: ":").last ?? ""))
        let other = try HTTPClient.send(
            HTTPRequest(method: "GET", path: "/oauth/v2/keys"), host: "localhost", port: port)
        #expect(other.status == 404 && other.header("content-type") == "application/problem+json")
    }
}
