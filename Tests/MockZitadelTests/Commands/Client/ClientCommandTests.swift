import Encodings
import Glibc
import HTTP
import HTTPServer
import Server
import System
import TestSupport
import Testing

/// The commands against a running server.
@Suite struct ClientCommandTests {
    /// A server, and commands that find it by the environment.
    struct Fixture {
        let folder = TemporaryFolder()
        let server: RunningServer

        init(_ arguments: [String] = []) throws {
            server = try RunningServer(["--log-format", "off"] + arguments, database: ":memory:", in: folder)
        }

        func run(
            _ arguments: String..., environment: [String: String] = [:]
        ) throws -> (status: Int32, output: String, errors: String) {
            var variables = ["MOCK_ZITADEL_URL": "http://127.0.0.1:\(server.port)"]
            variables.merge(environment) { $1 }
            return try Program.run(arguments, environment: variables, in: folder)
        }

        /// What a command prints with `--json`.
        func json(_ arguments: String...) throws -> JSONObject {
            let run = try Program.run(
                arguments + ["--json", "--url", "http://127.0.0.1:\(server.port)"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            return try JSONParser.parse(run.output.utf8).object ?? [:]
        }
    }

    @Test("clock shows, advances, sets, freezes and resets the server's clock") func clock() throws {
        let fixture = try Fixture()
        defer { fixture.server.stop() }
        #expect(try fixture.json("clock")["mode"] == "real")
        #expect(try fixture.json("clock", "advance", "13h")["offset"] == "13h")
        #expect(
            try fixture.json("clock", "advance", "-13h")["mode"] == "real" || fixture.json("clock")["offset"] == "0s")
        #expect(try fixture.json("clock", "set", "-90s")["offset"] == "-1m30s")
        let frozen = try fixture.json("clock", "freeze", "2027-01-01T00:00:00Z")
        #expect(frozen["now"] == "2027-01-01T00:00:00Z" && frozen["mode"] == "frozen")
        #expect(try fixture.json("clock", "unfreeze")["mode"] == "shifted")
        let reset = try fixture.run("clock", "reset")
        #expect(reset.status == 0 && reset.output == "real time")
        let shown = try fixture.run("clock")
        #expect(shown.output.contains("  mode            real"), "\(shown.output)")
        #expect(!shown.output.contains("\u{1B}"), "no colors where there is no terminal")
        let wrong = try fixture.run("clock", "advance", "soon")
        #expect(wrong.status == 1 && wrong.errors.hasPrefix("mock-zitadel: DURATION is \"soon\"; expected a duration"))
        #expect(wrong.errors.filter { $0 == "\n" }.count == 1)
    }

    @Test("token mint prints only the token, and token explain says why it is refused") func tokens() throws {
        let fixture = try Fixture()
        defer { fixture.server.stop() }
        let minted = try fixture.run(
            "token", "mint", "--user", "svc", "--audience", "270000000000000101", "--scopes", "openid profile")
        #expect(minted.status == 0 && !minted.output.contains("\n") && minted.errors == "")
        #expect(try fixture.server.introspect(minted.output).json["active"] == .bool(true))
        let good = try fixture.run("token", "explain", minted.output, "--caller", "270000000000000302")
        #expect(good.output.contains("verdict  active"), "\(good.output)")

        let bad = try fixture.json(
            "token", "mint", "--user", "svc-jwt", "--format", "jwt", "--defect", "wrong-key", "--claim", "level=3",
            "--claim", "who=x", "--expires-in", "5m")
        #expect(bad["claims"]?.object?["level"] == .integer(3) && bad["claims"]?.object?["who"] == "x")
        let why = try fixture.run("token", "explain", bad["token"]?.string ?? "")
        #expect(why.status == 0 && why.output.contains("verdict  inactive") && why.output.contains("failed"))

        let forever = try fixture.run("token", "mint", "--user", "svc", "--expires-in", "x")
        #expect(forever.errors.hasPrefix("mock-zitadel: --expires-in is \"x\"; expected"), "\(forever.errors)")
        let human = try fixture.run("token", "mint", "--user", "alice")
        #expect(human.status == 0, "for the first app that users sign in to")
        let nobody = try fixture.run("token", "mint", "--user", "nobody")
        #expect(nobody.status == 1 && nobody.output == "")
        #expect(nobody.errors.hasPrefix("mock-zitadel: there is no user \"nobody\"; expected "))
        #expect(try fixture.run("token", "mint").errors.hasPrefix("mock-zitadel: token mint needs --user; see "))
        #expect(try fixture.run("token", "explain").status == 64)
        #expect(try fixture.run("token", "revoke").status == 64)
    }

    @Test("faults are added by options or JSON, listed with their hits, and cleared") func faults() throws {
        let fixture = try Fixture()
        defer { fixture.server.stop() }
        let id = try fixture.run(
            "faults", "add", "--endpoint", "introspect", "--times", "1", "--status", "503", "--answer-header", "A=b",
            "--delay", "1ms..2ms")
        #expect(id.status == 0 && !id.output.isEmpty)
        #expect(try fixture.server.introspect("x").status == 503)
        #expect(try fixture.server.introspect("x").status == 200)
        #expect(try fixture.run("faults", "add", #"{"do":{"garbage":true},"match":{"endpoint":"keys"}}"#).status == 0)
        let items = try fixture.json("faults")["items"]?.array?.compactMap(\.object) ?? []
        #expect(items.count == 2)
        #expect(items.first?["hits"] == .integer(1))
        #expect(items.first?["do"]?.object?["delay"] == ["min": "1ms", "max": "2ms"])
        #expect(items.first?["do"]?.object?["headers"] == ["A": "b"])
        let table = try fixture.run("faults", "list").output
        #expect(table.contains("MATCHES") && table.contains("endpoint introspect"), "\(table)")
        #expect(try fixture.run("faults", "clear", id.output).output == "removed \(id.output)")
        #expect(try fixture.run("faults", "clear", id.output).output == "there was no fault \(id.output)")
        #expect(try fixture.json("faults")["items"]?.array?.count == 1)
        #expect(try fixture.run("faults", "clear").status == 0)
        #expect(try fixture.run("faults").output == "no faults")
        #expect(try fixture.run("faults", "add", "--times", "1").status == 64)
        let both = try fixture.run("faults", "add", "--status", "503", "--refuse", "invalid_grant")
        #expect(
            both.status == 1
                && both.errors == "mock-zitadel: /do: has \"status\" and \"refuse\"; expected only one of them\n")
    }

    @Test("requests lists, waits for, verifies and clears the requests of the journal") func requests() throws {
        let fixture = try Fixture()
        defer { fixture.server.stop() }
        _ = try fixture.server.introspect("not-a-token")
        let list = try fixture.run("requests", "--endpoint", "introspect")
        #expect(list.output.contains("/oauth/v2/introspect") && list.output.contains("inactive"), "\(list.output)")
        let id = try fixture.json("requests")["items"]?.array?.first?.object?["id"]?.string ?? ""
        #expect(try fixture.run("requests", "show", id).output.contains("\"endpoint\": \"introspect\""))
        #expect(try fixture.run("requests", "--endpoint", "introspect", "--wait", "10s").status == 0)
        let late = try fixture.run("requests", "--endpoint", "introspect", "--wait", "10ms", "--count", "2")
        #expect(late.status == 1 && late.errors == "mock-zitadel: 1 such request came in; expected 2\n")
        let once = try fixture.run("requests", "verify", "--endpoint", "introspect", "--min", "1", "--max", "1")
        #expect(once.status == 0 && once.output == "as expected: 1", "\(once.errors)")
        let never = try fixture.run("requests", "verify", "--endpoint", "introspect", "--form", "scope=other")
        #expect(never.status == 1)
        #expect(never.output.contains("DIFFERS IN") && never.errors.hasPrefix("mock-zitadel: 0 of 1 requests match"))
        #expect(try fixture.run("requests", "clear").status == 0)
        #expect(try fixture.run("requests").output == "no such requests")
        #expect(try fixture.run("lint").status == 0)
        #expect(try fixture.run("lint", "clear").output == "no warnings")
    }

    @Test("requests --follow prints requests as they come, and ends with the server") func follow() throws {
        let test = try TestServer()
        let instances = InstanceRegistry(main: test.service)
        let isFollowed = Monitor(false)
        let server = try HTTPServer(
            host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: Application.bodyLimit)
        ) { request in
            let reply = instances.respond(to: request)
            // From here on, the answer gets what comes in.
            if request.path == "/mock/v1/requests/events" { isFollowed.change { $0 = true } }
            return reply
        }
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let follower = try Program(
            [
                "requests", "--follow", "--json", "--endpoint", "introspect", "--url",
                "http://127.0.0.1:\(server.port)",
            ],
            in: folder)
        #expect(isFollowed.wait(milliseconds: 60_000) { $0 ? true : nil } == true, "\(follower.errors)")
        _ = test.introspect("x")
        let line = follower.line() ?? ""
        #expect(try JSONParser.parse(line.utf8).object?["endpoint"] == "introspect")
        server.stop()
        while follower.line() != nil {}
        #expect(follower.wait() == 69)
        #expect(follower.errors.hasPrefix("mock-zitadel: http://127.0.0.1:"), "\(follower.errors)")
    }

    @Test(
        "an unreachable server exits with 69, a wrong token or no control API with 1, each with one line")
    func notServed() throws {
        let folder = TemporaryFolder()
        let gone = try Program.run(["clock", "--url", "http://127.0.0.1:1"], in: folder)
        #expect(gone.status == 69 && gone.output == "")
        #expect(gone.errors.hasPrefix("mock-zitadel: no server at http://127.0.0.1:1: "), "\(gone.errors)")
        #expect(gone.errors.filter { $0 == "\n" }.count == 1)

        let guarded = try Fixture(["--control-token", "t0ken"])
        defer { guarded.server.stop() }
        let refused = try guarded.run("clock")
        #expect(refused.status == 1 && refused.errors.contains("MOCK_ZITADEL_CONTROL_TOKEN"), "\(refused.errors)")
        #expect(try guarded.run("clock", "--control-token", "t0ken").status == 0)
        #expect(try guarded.run("clock", environment: ["MOCK_ZITADEL_CONTROL_TOKEN": "t0ken"]).status == 0)

        let off = try Fixture(["--control", "off"])
        defer { off.server.stop() }
        let none = try off.run("clock")
        #expect(none.status == 1 && none.errors.contains("has no control API here"), "\(none.errors)")
    }

    @Test("tokens are listed and revoked, by id and by user") func revocation() throws {
        let fixture = try Fixture()
        defer { fixture.server.stop() }
        let first = try fixture.json("token", "mint", "--user", "svc", "--audience", "270000000000000101")
        let second = try fixture.run("token", "mint", "--user", "svc", "--audience", "270000000000000101").output
        let list = try fixture.run("token", "list", "--user", "svc", "--active", "true")
        #expect(list.output.contains(first["id"]?.string ?? "-") && list.output.contains("active"), "\(list.output)")
        func isActive(_ token: String) throws -> Bool {
            try fixture.server.introspect(token).json["active"] == .bool(true)
        }
        #expect(try fixture.run("token", "revoke", first["id"]?.string ?? "").output.hasPrefix("revoked "))
        #expect(try !isActive(first["token"]?.string ?? "") && isActive(second))
        #expect(try fixture.run("token", "revoke", "--user", "svc").status == 0)
        #expect(try !isActive(second))
    }

    @Test("reset, snapshot and seed export work on the current state of the server") func state() throws {
        let fixture = try Fixture()
        defer { fixture.server.stop() }
        let token = try fixture.run("token", "mint", "--user", "svc", "--audience", "270000000000000101").output
        #expect(try fixture.run("snapshot", "save", "with token").output == "saved with token")
        #expect(try fixture.run("reset", "--only", "tokens clock").output == "reset")
        #expect(try fixture.server.introspect(token).json["active"] == .bool(false))
        #expect(try fixture.run("snapshot", "restore", "with token").status == 0)
        #expect(try fixture.server.introspect(token).json["active"] == .bool(true))
        #expect(try fixture.run("snapshot").output.contains("with token"))
        #expect(try fixture.run("snapshot", "delete", "with token").status == 0)
        #expect(try fixture.run("snapshot").output == "no snapshots")
        let none = try fixture.run("snapshot", "restore", "with token")
        #expect(none.status == 1 && none.errors.hasPrefix("mock-zitadel: there is no snapshot"), "\(none.errors)")
        let part = try fixture.run("reset", "--only", "everything")
        #expect(try fixture.run("scenario", "start", "clock-skew", "--set", "offset=5m").output == "clock-skew is on")
        #expect(try fixture.json("clock")["offset"] == "5m")
        #expect(try fixture.run("scenario").output.contains("clock-skew"))
        #expect(try fixture.run("scenario", "end", "clock-skew").output == "clock-skew is off")
        #expect(try fixture.json("clock")["mode"] == "real")
        #expect(part.status == 1 && part.errors.hasPrefix("mock-zitadel: --only: "), "\(part.errors)")
        fixture.folder.write(try fixture.run("seed", "export").output, to: "now.json")
        let check = try Program.run(["seed", "check", "now.json"], in: fixture.folder)
        #expect(check.status == 0, "\(check.errors)")
    }

    @Test("isolated instances are opened, used by name and deleted") func instances() throws {
        let fixture = try Fixture()
        defer { fixture.server.stop() }
        let base = try fixture.run("instance", "create", "one", "--copy", "--idle-timeout", "10m")
        #expect(base.status == 0 && base.output.hasPrefix("http://one."), "\(base.output) \(base.errors)")
        #expect(try fixture.run("instance").output.contains("one"))
        let there = try fixture.run("token", "mint", "--user", "svc", "--format", "jwt", "--url", base.output, "--json")
        let issuer = try JSONParser.parse(there.output.utf8).object?["claims"]?.object?["iss"]
        #expect(issuer == .string(base.output), "a name below localhost is this machine: \(there.errors)")
        #expect(try fixture.json("clock", "advance", "1h", "--instance", "one")["mode"] == "shifted")
        #expect(try fixture.json("clock")["mode"] == "real", "the others have their own")
        fixture.folder.write("{\"organizations\": [{\"name\": \"Two\"}]}", to: "two.json")
        #expect(try fixture.run("instance", "create", "two", "--seed", "two.json").status == 0)
        #expect(try fixture.run("instance", "create", "two").status == 1)
        fixture.folder.write("{", to: "broken.json")
        let broken = try fixture.run("instance", "create", "--seed", "broken.json")
        #expect(
            broken.status == 64 && broken.errors.hasPrefix("mock-zitadel: broken.json:1:2: invalid JSON"),
            "\(broken.errors)")
        #expect(try fixture.run("instance", "delete", "one", "two").status == 0)
        #expect(try fixture.run("instance").output == "no isolated instances")
        #expect(try fixture.run("clock", "--instance", "one").status == 1)
    }

    static let bad: [(arguments: [String], line: String)] = [
        (
            ["clock", "--url", "localhost:8080"],
            "--url is \"localhost:8080\"; expected http:// and a host with its port"
        ),
        (["clock", "--url", "https://a"], "--url is \"https://a\"; expected http://"),
        (["clock", "--url", "http://a/b"], "--url is \"http://a/b\"; expected http://"),
        (["clock", "advnace", "1h"], "unknown command \"clock advnace\"; did you mean clock advance?"),
        (["clock", "advance"], "clock advance needs DURATION"),
        (
            ["clock", "set", "2027-01-01"],
            "TIME is \"2027-01-01\"; expected a time of RFC 3339, such as 2027-01-01T00:00:00Z, or a duration"
        ),
        (["snapshot", "save"], "snapshot save needs NAME"),
        (["requests", "--outcom", "x"], "unknown flag --outcom; did you mean --outcome?"),
        (["requests", "--wait", "1s", "--count", "0"], "--count is \"0\"; expected a number from 1 to 1000"),
        (["doctor", "--host-name", "http://a"], "--host-name is \"http://a\"; expected a host"),
        (["faults", "add", "{"], "JSON is \"{\": expected a member name"),
        (
            ["faults", "add", "--answer-header", "x", "--status", "500"],
            "--answer-header is \"x\"; expected NAME=VALUE"
        ),
    ]

    @Test("a wrong command line exits with 64 before any request is sent", arguments: bad.indices) func usage(
        index: Int
    ) throws {
        let run = try Program.run(Self.bad[index].arguments)
        #expect(run.status == 64 && run.errors.hasPrefix("mock-zitadel: \(Self.bad[index].line)"), "\(run.errors)")
    }

    @Test("seed export prints the resources of a database as a seed that loads again") func export() throws {
        let folder = TemporaryFolder()
        let database = folder.path + "/db.sqlite"
        let server = try RunningServer(database: database, in: folder)
        // Makes the first keys, if they are not there yet.
        #expect(RunningServer.token(of: "svc-jwt", port: server.port) != nil)
        let busy = try Program.run(["seed", "export", "--database", database], in: folder)
        #expect(busy.status == 1 && busy.errors.contains("in use by another process"))
        #expect(server.stop() == 0)
        let exported = try Program.run(["seed", "export", "--database", database], in: folder)
        #expect(exported.status == 0, "\(exported.errors)")
        #expect(!exported.output.contains("svc-secret"), "secrets are hashes")
        folder.write(exported.output, to: "again.json")
        let check = try Program.run(["seed", "check", "again.json"], in: folder)
        let demo = try Program.run(["seed", "check", packageRoot + "/seed/demo.json"]).output
        let counts = demo.split(separator: " ").drop { $0 != "valid:" }.joined(separator: " ")
        #expect(check.status == 0 && check.output.hasSuffix(counts), "\(check.output) \(check.errors)")
        #expect(!exported.output.contains("PRIVATE KEY"))
        let keys = try Program.run(["seed", "export", "--database", database, "--signing-keys"], in: folder)
        #expect(keys.output.contains("PRIVATE KEY"))
        #expect(try Program.run(["seed", "export", "--database", folder.path + "/no.sqlite"], in: folder).status == 1)
    }
}
