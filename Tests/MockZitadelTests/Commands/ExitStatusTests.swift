import Encodings
import Glibc
import HTTP
import TestSupport
import Testing

/// Exit status and the one line of each way to fail.
@Suite struct ExitStatusTests {
    static let usage: [(arguments: [String], line: String)] = [
        (["--prot", "1"], "mock-zitadel: unknown flag --prot; did you mean --port?"),
        (["--port"], "mock-zitadel: --port needs a value; see mock-zitadel --help"),
        (["--port", "x"], "mock-zitadel: --port is \"x\"; expected a number from 0 to 65535; see mock-zitadel --help"),
        (
            ["--port=65536"],
            "mock-zitadel: --port is \"65536\"; expected a number from 0 to 65535; see mock-zitadel --help"
        ),
        (
            ["--workers", "0"],
            "mock-zitadel: --workers is \"0\"; expected a number from 1 to 64; see mock-zitadel --help"
        ),
        (
            ["--dialect", "klingon"],
            "mock-zitadel: --dialect is \"klingon\"; expected one of documented, server; see mock-zitadel --help"
        ),
        (["--issuer", "http://localhost/"], "mock-zitadel: --issuer is \"http://localhost/\"; expected "),
        (
            ["--no-seed", "--seed", "x"],
            "mock-zitadel: --seed and --no-seed contradict each other; give one of them; see mock-zitadel --help"
        ),
        (["--control-token", ""], "mock-zitadel: --control-token is empty; leave it out to have none; see "),
        (["--control-token", "  "], "mock-zitadel: --control-token is empty; leave it out to have none; see "),
        (["--control-token", " x"], "mock-zitadel: --control-token has white space around it, or control characters"),
        (
            ["--control-token", "a\nb"],
            "mock-zitadel: --control-token has white space around it, or control characters"
        ),
        (
            ["clock", "show", "--control-token", ""],
            "mock-zitadel: --control-token is empty; leave it out to have none; see "
        ),
        (["--port", "+80"], "mock-zitadel: --port is \"+80\"; expected a number from 0 to 65535"),
        (["--json=1"], "mock-zitadel: --json takes no value; see mock-zitadel --help"),
        (
            ["sereve"],
            "mock-zitadel: unknown command \"sereve\"; did you mean serve?; see mock-zitadel --help"
        ),
        (["seed"], "mock-zitadel: seed needs a command: check, schema or export; see mock-zitadel seed --help"),
        (["key"], "mock-zitadel: key needs a command: create; "),
        (["key", "create"], "mock-zitadel: name the owner: "),
        (["key", "create", "--user-id", "svc"], "mock-zitadel: --user-id: \"svc\" is not an id; expected 1 to 20"),
        (["key", "create", "--user-id", "1", "--app-id", "2", "--client-id", "3"], "mock-zitadel: name the owner: "),
        (
            ["key", "create", "--user-id", "1", "--expiration-date", "soon"],
            "mock-zitadel: --expiration-date is \"soon\"; expected RFC 3339"
        ),
        (["ready", "--url", "http://a", "--port", "1"], "mock-zitadel: --url and --host or --port contradict"),
        (["ready", "--url", "a"], "mock-zitadel: --url is \"a\"; expected http://"),
        (
            ["ready", "--port", "0"],
            "mock-zitadel: --port is \"0\"; expected a number from 1 to 65535; see mock-zitadel ready --help"
        ),
    ]

    @Test(
        "output that cannot be written exits with 74 and the reason",
        arguments: [["settings"], ["seed", "schema"], ["completion", "bash"], ["--version"], ["--help"]])
    func fullOutput(arguments: [String]) throws {
        let run = try Program.run(arguments, redirections: ">/dev/full")
        #expect(run.status == 74)
        #expect(run.errors == "mock-zitadel: standard output: No space left on device\n")
    }

    @Test("a wrong command line exits with 64 and one line", arguments: usage.indices)
    func badUsage(index: Int) throws {
        let example = Self.usage[index]
        let folder = TemporaryFolder()
        let run = try Program.run(example.arguments, in: folder)
        #expect(run.status == 64)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix(example.line), "\(run.errors)")
        #expect(run.errors.filter { $0 == "\n" }.count == 1)
        #expect(access(folder.path + "/mock-zitadel.sqlite", F_OK) != 0, "nothing was made")
    }

    @Test("variables of the environment work like flags, and flags take precedence") func environment() throws {
        let bad = try Program.run(["serve"], environment: ["MOCK_ZITADEL_PORT": "x"])
        #expect(bad.status == 64)
        #expect(
            bad.errors
                == "mock-zitadel: MOCK_ZITADEL_PORT is \"x\"; expected a number from 0 to 65535; see mock-zitadel --help\n"
        )
        let beaten = try Program.run(["--port", "y"], environment: ["MOCK_ZITADEL_PORT": "1"])
        #expect(beaten.errors.hasPrefix("mock-zitadel: --port is \"y\";"))
    }

    @Test("an invalid seed exits with 2, prints one line for each problem, and creates no database")
    func badSeed() throws {
        let folder = TemporaryFolder()
        let seed = folder.write("{\"organizations\": [{\"nam\": \"A\", \"state\": \"asleep\"}]}", to: "bad.json")
        for arguments in [
            ["serve", "--seed", seed, "--database", "db.sqlite", "--port", "0"], ["seed", "check", seed],
        ] {
            let run = try Program.run(arguments, in: folder)
            #expect(run.status == 2)
            let lines = run.errors.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("\(seed): /organizations/0/nam: ") }, "\(run.errors)")
            #expect(lines.contains { $0.hasPrefix("\(seed): /organizations/0/state: \"asleep\"") })
            #expect(lines.last == "mock-zitadel: \(lines.count - 1) problems in the seed; nothing was loaded")
        }
        #expect(access(folder.path + "/db.sqlite", F_OK) != 0)
    }

    @Test("an unusable database exits with 1 and one line") func badDatabase() throws {
        let folder = TemporaryFolder()
        let list = folder.write("milk, bread, and no database at all", to: "list.txt")
        for (path, line) in [
            (list, "is not an SQLite database; name another file with --database, or move this one away"),
            (folder.path, "cannot be opened: Is a directory; name a file with --database, or use --database :memory:"),
            (
                folder.path + "/no/db",
                "cannot be opened: its folder does not exist; make it, or name another file with --database"
            ),
        ] {
            let run = try Program.run(["--no-seed", "--port", "0", "--database", path], in: folder)
            #expect(run.status == 1)
            #expect(run.errors == "mock-zitadel: database \(path): \(line)\n")
        }
        #expect(readText(list) == "milk, bread, and no database at all")
    }

    @Test("a port or a database that is in use exits with 1 and one line that says so") func taken() throws {
        let folder = TemporaryFolder()
        let database = folder.path + "/db.sqlite"
        let server = try RunningServer(database: database, in: folder)
        defer { server.stop() }
        let port = try Program.run(["--no-seed", "--port", String(server.port), "--database", ":memory:"], in: folder)
        #expect(port.status == 1)
        #expect(port.errors.filter { $0 == "\n" }.count == 1)
        #expect(port.errors.contains(String(server.port)), "\(port.errors)")
        let second = try Program.run(["--no-seed", "--port", "0", "--database", database], in: folder)
        #expect(second.status == 1)
        #expect(
            second.errors
                == "mock-zitadel: database \(database): is in use by another process; stop that one, or name another file with --database\n"
        )
    }

    @Test("ready exits with 0 while a server answers, and with 1 when none does") func ready() throws {
        let folder = TemporaryFolder()
        let server = try RunningServer(database: ":memory:", in: folder)
        let yes = try Program.run(["ready", "--port", String(server.port)], in: folder)
        #expect(yes.status == 0)
        #expect(yes.output == "ready")
        let byEnvironment = try Program.run(
            ["ready"], environment: ["MOCK_ZITADEL_PORT": String(server.port)], in: folder)
        #expect(byEnvironment.status == 0)
        let url = "http://127.0.0.1:\(server.port)"
        #expect(try Program.run(["ready", "--url", url], in: folder).status == 0)
        let variables = ["MOCK_ZITADEL_URL": url, "MOCK_ZITADEL_PORT": "1"]
        #expect(try Program.run(["ready"], environment: variables, in: folder).status == 0)
        #expect(try Program.run(["ready", "--port", "1"], environment: variables, in: folder).status == 1)
        #expect(server.stop() == 0)
        let no = try Program.run(["ready", "--port", String(server.port)], in: folder)
        #expect(no.status == 1)
        #expect(no.errors.hasPrefix("mock-zitadel: not ready: 127.0.0.1:\(server.port): "))
    }
}
