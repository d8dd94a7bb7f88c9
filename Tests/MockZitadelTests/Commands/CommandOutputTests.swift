import Encodings
import Glibc
import HTTP
import HTTPServer
import JOSE
import TestSupport
import Testing

/// What commands print and write.
@Suite struct CommandOutputTests {
    @Test("the line that --json prints has every fixture with its secrets") func json() throws {
        let folder = TemporaryFolder()
        let server = try RunningServer(["--log-format", "off"], database: ":memory:", in: folder)
        defer { server.stop() }
        func names(_ list: String, _ member: String) -> [String] {
            (server.fixtures[list]?.array ?? []).compactMap { $0.object?[member]?.string }
        }
        #expect(server.fixtures["baseUrl"] == .string("http://localhost:\(server.port)"))
        #expect(server.fixtures["port"] == .integer(Int64(server.port)))
        #expect(server.fixtures["listen"] == .string("127.0.0.1:\(server.port)"))
        #expect(names("organizations", "name") == ["ACME", "Partner"])
        #expect(names("projects", "id") == ["270000000000000101"])
        #expect(names("apps", "clientId") == (301...306).map { "270000000000000\($0)" })
        #expect(names("apps", "clientSecret") == ["test-api-2-secret", "web-secret"])
        #expect(
            names("users", "loginName") == [
                "svc@acme.localhost", "svc-jwt@acme.localhost", "alice@acme.localhost", "partner-svc", "bob",
            ])
        let service = server.fixtures["users"]?.array?.first?.object ?? [:]
        #expect(service["clientSecret"] == .string("svc-secret"))
        let keyID = try TestServer.key("svc").keyID
        #expect(service["keys"] == .strings([keyID]))
        #expect(
            service["personalAccessTokens"]?.array?.first
                == .object(["id": .string("270000000000000601"), "token": .string("pat-svc-0123456789abcdef")]))
    }

    @Test("the line that --json prints has the actual port, also when the issuer is pinned")
    func pinnedIssuer() throws {
        let folder = TemporaryFolder()
        let program = try Program(
            [
                "--port", "0", "--json", "--no-seed", "--database", ":memory:", "--issuer", "https://id.example",
                "--log-format", "off",
            ], in: folder)
        defer {
            program.signal(SIGTERM)
            program.wait()
        }
        let line = try JSONParser.parse(try #require(program.line()).utf8).object ?? [:]
        #expect(line["baseUrl"] == .string("https://id.example"))
        guard case .integer(let port)? = line["port"] else {
            Issue.record("the line has no port")
            return
        }
        #expect(line["listen"] == .string("127.0.0.1:\(port)"))
        let answer = try HTTPClient.send(
            HTTPRequest(method: "GET", path: "/debug/ready"), host: "127.0.0.1", port: Int(port))
        #expect(answer.status == 200)
    }

    @Test("no log line contains a secret or a token, or is broken by input of a caller") func log() throws {
        for format in ["text", "json"] {
            let folder = TemporaryFolder()
            let server = try RunningServer(["--log-format", format], database: ":memory:", in: folder)
            let token = try #require(RunningServer.token(of: "svc", port: server.port))
            _ = try server.introspect(token)
            _ = try server.introspect(token + "x")
            let wrong = TestServer.basic("no\r\nbody\u{1B}[31m\u{85}\u{2028}", "a-wrong-secret")
            _ = try server.post("/oauth/v2/introspect", [("token", token)], [wrong])
            _ = try server.post(
                "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", "openid")], [wrong])
            _ = try server.post(
                "/oauth/v2/revoke", [("token", token), ("client_id", "1"), ("client_secret", "form-secret")], [])
            _ = try server.post("/oauth/v2/nothing", [("client_secret", "form-secret")], [])
            #expect(server.stop() == 0)
            let lines = server.program.errors.split(separator: "\n")
            #expect(lines.count == 7, "\(format): one line a request")
            for secret in [token, "svc-secret", "test-api-2-secret", "a-wrong-secret", "form-secret"] {
                #expect(!server.program.errors.contains(secret), "\(format)")
            }
            for line in lines {
                // JSON is not read by a terminal: there, only what ends a line or breaks the JSON matters.
                let isText = format == "text"
                #expect(
                    !line.unicodeScalars.contains {
                        $0.value < 32 || (isText && ((127..<160).contains($0.value) || $0.value == 0x2028))
                    }, "\(line)")
                if format == "json" {
                    let entry = try JSONParser.parse(line.utf8).object
                    #expect(entry?["requestId"] != nil)
                }
            }
        }
    }

    @Test("key create writes a file that only its owner can read, and prints a snippet that loads as a seed")
    func keyCreate() throws {
        let folder = TemporaryFolder()
        let run = try Program.run(
            ["key", "create", "--user-id", "501", "--key-id", "77", "--out", "svc.json"], in: folder)
        #expect(run.status == 0)
        var status = stat()
        #expect(stat(folder.path + "/svc.json", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        let file = try KeyFile(Array((folder.read("svc.json") ?? "").utf8))
        #expect(file.keyID == "77")
        #expect(file.owner == .serviceAccount(userID: "501"))
        let snippets = run.output.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { $0.hasPrefix("{") }
        #expect(snippets.count == 2)
        for snippet in snippets {
            let seed = """
                {"organizations": [{"name": "A", "users": [{"type": "machine", "id": "501", "userName": "svc", "keys": [\(snippet)]}]}]}
                """
            folder.write(seed, to: "seed.json")
            let check = try Program.run(["seed", "check", "seed.json"], in: folder)
            #expect(check.status == 0, "\(check.errors)")
            #expect(check.output.hasSuffix("1 user, 1 key"))
        }
        let again = try Program.run(["key", "create", "--user-id", "501", "--out", "svc.json"], in: folder)
        #expect(again.status != 0)
        #expect(again.errors.hasPrefix("mock-zitadel: svc.json: exists already"))
        #expect(try KeyFile(Array((folder.read("svc.json") ?? "").utf8)).keyID == "77", "the file is still the old one")
    }

    @Test("seed check reports that a seed is valid, and prints every id with --print") func seedCheck() throws {
        let run = try Program.run(["seed", "check", packageRoot + "/seed/demo.json", "--print"])
        #expect(run.status == 0)
        for id in [
            "270000000000000101", "270000000000000301", "270000000000000501", "270000000000000601",
            try TestServer.key("svc").keyID,
        ] {
            #expect(run.output.contains(id))
        }
        #expect(run.output.hasSuffix("2 organizations, 1 project, 6 apps, 5 users, 4 keys"))
    }

    @Test("seed check without a path uses the paths of the environment, and paths on the command line take precedence")
    func seedCheckEnvironment() throws {
        let folder = TemporaryFolder()
        folder.write("{\"organizations\": [{\"name\": \"A\"}]}", to: "a.json")
        folder.write("{\"organizations\": [{\"name\": \"B\"}]}", to: "b.json")
        folder.write("{\"organizations\": []}", to: "seed/c.json")
        for (words, variable, files) in [
            ([], "a.json:b.json", "a.json, b.json"), (["b.json"], "a.json", "b.json"), ([], "", "seed/c.json"),
            ([], ":", "seed/c.json"),
        ] as [([String], String, String)] {
            let run = try Program.run(
                ["seed", "check"] + words, environment: ["MOCK_ZITADEL_SEED": variable], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.hasPrefix("\(files): valid: "), "\(run.output)")
        }
    }

    @Test("seed check finds key files in the folder that the environment names, unless a flag names another")
    func seedCheckKeysFolder() throws {
        let folder = TemporaryFolder()
        let seed = """
            {"organizations": [{"name": "A", "users": [{"type": "machine", "id": "1", "userName": "svc", "keys": [{"generate": "svc.json"}]}]}]}
            """
        folder.write(seed, to: "seed.json")
        folder.write("no key file", to: "keys/svc.json")
        let variable = ["MOCK_ZITADEL_KEYS_DIR": "keys"]
        let named = try Program.run(["seed", "check", "seed.json"], environment: variable, in: folder)
        #expect(named.status == 2)
        #expect(named.errors.contains("/keys/0/generate: "), "\(named.errors)")
        #expect(
            try Program.run(["seed", "check", "seed.json", "--keys-dir", "others"], environment: variable, in: folder)
                .status == 0)
    }

    @Test("seed schema prints the schema of the repository") func seedSchema() throws {
        let run = try Program.run(["seed", "schema"])
        #expect(run.status == 0)
        let shipped = try JSONParser.parse((readText(packageRoot + "/seed/schema.json") ?? "").utf8)
        #expect(try JSONParser.parse(run.output.utf8) == shipped)
    }

    @Test("help and the version are printed with exit status 0") func help() throws {
        for arguments in [["--help"], ["help"], ["serve", "--help"]] {
            let run = try Program.run(arguments)
            #expect(run.status == 0)
            #expect(run.output.contains("--database PATH"))
        }
        #expect(try Program.run(["--version"]).output.hasPrefix("mock-zitadel "))
    }

    @Test("the table of settings in the documentation is what the command prints") func settings() throws {
        let page = try #require(readText(packageRoot + "/docs/settings.md"))
        let parts = page.split(separator: "<!-- settings -->")
        let table = try #require(parts.count == 2 ? parts[1].split(separator: "<!-- /settings -->").first : nil)
        let printed = try Program.run(["settings"]).output
        #expect(table.split(separator: "\n") == printed.split(separator: "\n"))
    }
}
