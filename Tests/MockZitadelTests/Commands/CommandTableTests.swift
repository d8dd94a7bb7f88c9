import Encodings
import Glibc
import TestSupport
import Testing

/// Help, completion, and what command lines and variables of the environment may look like.
@Suite struct CommandTableTests {
    static let helps: [(arguments: [String], expected: String)] = [
        (["seed", "check", "--help"], "Usage: mock-zitadel seed check [OPTIONS] [PATH ...]"),
        (["seed", "schema", "-h"], "Usage: mock-zitadel seed schema"), (["seed", "--help"], "seed check"),
        (["key", "create", "--help"], "--user-id ID"), (["help", "key", "create"], "--user-id ID"),
        (["key", "-h"], "key create"), (["ready", "--help"], "--config PATH"),
        (["settings", "--help"], "Usage: mock-zitadel settings"), (["completion", "--help"], "bash, zsh or fish"),
        (["serve", "--help"], "MOCK_ZITADEL_PORT"), (["help"], "seed check"),
        (["clock", "--help"], "clock advance"), (["clock", "advance", "--help"], "MOCK_ZITADEL_URL"),
        (["help", "doctor"], "Usage: mock-zitadel doctor [OPTIONS] [ADDRESS ...]"),
    ]

    @Test("every command has help", arguments: helps.indices) func help(index: Int) throws {
        let example = Self.helps[index]
        let run = try Program.run(example.arguments)
        #expect(run.status == 0 && run.errors == "")
        #expect(run.output.contains(example.expected), "\(run.output)")
    }

    static let hints: [(arguments: [String], expected: String)] = [
        (["--prot", "1"], "unknown flag --prot; did you mean --port?"),
        (["sereve"], "unknown command \"sereve\"; did you mean serve?"),
        (["seed", "chekc"], "unknown command \"seed chekc\"; did you mean seed check?"),
        (
            ["seed", "check", "--pritn"],
            "unknown flag --pritn; did you mean --print?; see mock-zitadel seed check --help"
        ),
        (["key", "create", "--user", "1"], "unknown flag --user; did you mean --user-id?"),
        (["--database", ":MEMORY:"], "--database is \":MEMORY:\"; write :memory: for memory"),
        (["--database", " :memory: "], "--database is \" :memory: \"; write :memory: for memory"),
        (["serve", "extra"], "unexpected argument \"extra\" for serve"),
        (["--port", "0", "seed"], "unexpected argument \"seed\"; the command comes first"),
        (["--dialect", "docmented"], "--dialect is \"docmented\"; did you mean documented?"),
        (["--dialect", "Server"], "--dialect is \"Server\"; did you mean server?"),
        (["--server-version", "4.13"], "--server-version is \"4.13\"; did you mean v4.13?"),
        (
            ["--url", "http://a"],
            "unknown flag --url; it belongs to other commands, such as seed export; the command comes first"
        ),
        (["--seed", "-"], "--seed is \"-\"; name /dev/stdin"),
        (["--seed", "https://a/s.json"], "--seed is \"https://a/s.json\", and seeds are not downloaded"),
        (["seed", "check", "file:///a"], "PATH is \"file:///a\"; name the path without file://"),
        (
            ["--port", "18135", "--control-port", "18135"],
            "the control port is 18135, which is the port of everything else"
        ),

        (
            ["token", "mint", "--user", "--app", "x"],
            "--user needs a value, and --app follows it; see mock-zitadel token mint"
        ),
        (
            ["ready", "--host", "http://localhost"],
            "--host is \"http://localhost\"; expected a name or address alone, without"
        ),
        (
            ["--host", "localhost:80"],
            "--host is \"localhost:80\"; expected a name or address alone; give the port by --port 80"
        ),
        (
            ["--control", "off", "--control-port", "99"],
            "--control-port names a port for the control API, which --control switches off"
        ),
        (["--port", "8080\r"], "--port is \"8080\\r\"; expected a number"),
        (["--issuer", "http://a?x"], "--issuer is \"http://a?x\"; expected http://"),
        (["--issuer", "http://a:99999"], "--issuer is \"http://a:99999\"; expected http://"),
        (["--issuer", "http://u@a"], "--issuer is \"http://u@a\"; expected http://"),
        (["--keys-mode", "rw"], "--keys-mode is \"rw\"; expected octal"),
        (["completion"], "completion needs SHELL: bash, zsh, fish"),
    ]

    @Test("a wrong command line is answered with a hint", arguments: hints.indices) func hint(index: Int) throws {
        let example = Self.hints[index]
        let run = try Program.run(example.arguments)
        #expect(run.status == 64 && run.errors.hasPrefix("mock-zitadel: \(example.expected)"), "\(run.errors)")
        #expect(run.errors.contains("--help"))
    }

    @Test("variables that Kubernetes sets for a service of that name are ignored, with a warning")
    func serviceLinks() throws {
        let run = try Program.run(
            ["ready", "--host", "127.0.0.1", "--config", "x"], environment: ["MOCK_ZITADEL_PORT": "tcp://10.0.0.1:8080"]
        )
        #expect(run.status != 64)
        #expect(
            run.errors.hasPrefix(
                "mock-zitadel: warning: MOCK_ZITADEL_PORT is \"tcp://10.0.0.1:8080\", which Kubernetes"))
    }

    static let variables: [(name: String, warning: String)] = [
        ("MOCK_ZITADEL_PROT", "is not a setting, and is ignored; did you mean MOCK_ZITADEL_PORT?"),
        ("MOCK_ZITADEL_SEEDS", "is not a setting, and is ignored; did you mean MOCK_ZITADEL_SEED?"),
        ("MOCK_ZITADEL_LOG_LEVEL", "is not a setting, and is ignored; mock-zitadel settings lists"),
        ("MOCKZITADEL_PORT", "is ignored; did you mean MOCK_ZITADEL_PORT?"),
        ("mock_zitadel_port", "is ignored; did you mean MOCK_ZITADEL_PORT?"),
    ]

    @Test("a variable that is not a setting causes a warning", arguments: variables.indices)
    func unknown(index: Int) throws {
        let (name, warning) = Self.variables[index]
        let run = try Program.run(["ready", "--url", "http://127.0.0.1:1"], environment: [name: "1"])
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("mock-zitadel: warning: the variable \(name) \(warning)"), "\(run.errors)")
    }

    @Test("variables of Kubernetes, docker-compose.yml and other programs cause no warning")
    func variablesOfOthers() throws {
        let names = [
            "MOCK_ZITADEL_SERVICE_HOST", "MOCK_ZITADEL_SERVICE_PORT", "MOCK_ZITADEL_SERVICE_PORT_HTTP",
            "MOCK_ZITADEL_PORT_8080_TCP", "MOCK_ZITADEL_PORT_8080_TCP_ADDR", "MOCK_ZITADEL_PORT_8080_TCP_PROTO",
            "MOCK_ZITADEL_CONTROL_SERVICE_HOST", "MOCK_ZITADEL_CONTROL_PORT_8081_TCP_PORT", "MOCK_ZITADEL_SEED_FOLDER",
            "MOCK_ZITADEL_IMAGE", "MOCK_ZITADEL_PUBLISHED_PORT", "MOCK_SERVER_PORT", "ZITADEL_PORT",
        ]
        var environment = Dictionary(names.map { ($0, "1") }) { first, _ in first }
        environment["MOCK_ZITADEL_WEB_PORT"] = "tcp://10.0.0.1:80"
        let run = try Program.run(["ready", "--url", "http://127.0.0.1:1"], environment: environment)
        #expect(run.status == 1 && !run.errors.contains("warning"), "\(run.errors)")
    }

    static let odd: [(value: String, warning: String)] = [
        ("\"1\"", "is in quotation marks, which are part of the value"),
        (" 1", "begins or ends with white space, which is part of the value"),
        ("\u{FEFF}1", "begins with a byte order mark, which is part of the value"),
    ]

    @Test("quotation marks and white space around the value of a variable cause a warning", arguments: odd.indices)
    func oddValues(index: Int) throws {
        let (value, warning) = Self.odd[index]
        let run = try Program.run(["ready"], environment: ["MOCK_ZITADEL_PORT": value])
        #expect(run.status == 64)
        #expect(run.errors.hasPrefix("mock-zitadel: warning: MOCK_ZITADEL_PORT \(warning)"), "\(run.errors)")
    }

    @Test("flags may come before a command") func flagsFirst() throws {
        let run = try Program.run(["--url", "http://127.0.0.1:1", "clock"])
        #expect(run.status == 69, "\(run.errors)")
    }

    @Test("a line break at the end of a variable is removed, with a warning") func lineEnds() throws {
        let run = try Program.run(["--port", "0"], environment: ["MOCK_ZITADEL_WORKERS": "x\r\n"])
        #expect(run.errors.contains("warning: MOCK_ZITADEL_WORKERS ends with a line end"))
        #expect(run.errors.contains("MOCK_ZITADEL_WORKERS is \"x\"; expected"), "\(run.errors)")
    }

    @Test("switches accept the usual words for on and off", arguments: ["on", "TRUE", "1", "yes"])
    func switches(word: String) throws {
        let run = try Program.run(["--watch"], environment: ["MOCK_ZITADEL_NO_SEED": word])
        #expect(run.errors.hasPrefix("mock-zitadel: --watch needs a seed"), "\(run.errors)")
        let flag = try Program.run(["--seed", "x"], environment: ["MOCK_ZITADEL_NO_SEED": word])
        #expect(flag.errors.hasPrefix("x: no such file"), "a flag counts more: \(flag.errors)")
        let other = try Program.run([], environment: ["MOCK_ZITADEL_JSON": "perhaps"])
        #expect(other.errors.hasPrefix("mock-zitadel: MOCK_ZITADEL_JSON is \"perhaps\"; expected on or off"))
    }

    @Test("no line of help is longer than 100 columns") func width() throws {
        let overview = try Program.run(["help"]).output
        let table = overview.split(separator: "Commands:\n").last?.split(separator: "\n\n").first ?? ""
        let names = table.split(separator: "\n").map { $0.dropFirst(2).split(separator: "  ")[0] }
        #expect(names.count > 20)
        for name in names {
            let words = name.replacing(" (default)", with: "").split(separator: " ").map(String.init)
            for line in try Program.run(["help"] + words).output.split(separator: "\n") {
                #expect(line.count <= 100, "\(name): \(line)")
            }
        }
    }

    @Test("errors of seed check name its argument, and no flag of serve") func seedArgument() throws {
        let missing = try Program.run(["seed", "check", "no.json"])
        #expect(missing.status == 2 && !missing.errors.contains("--"), "\(missing.errors)")
        #expect(try Program.run(["seed", "check", "{\"organizations\": []}"]).output.hasPrefix("argument: valid"))
        let empty = try Program.run(["seed", "check", ""])
        #expect(empty.status == 64 && empty.errors.hasPrefix("mock-zitadel: PATH is empty; expected"))
    }

    @Test("a whole seed can be given in a variable") func inlineSeed() throws {
        let run = try Program.run(
            ["seed", "check"], environment: ["MOCK_ZITADEL_SEED": "\n{\"organizations\": [{\"name\": \"A:B\"}]}\n"])
        #expect(
            run.status == 0
                && run.output == "MOCK_ZITADEL_SEED: valid: 1 organization, 0 projects, 0 apps, 0 users, 0 keys")
    }

    @Test("key create prints the path of a file below keys relative to the parent folder") func keysFolder() throws {
        let folder = TemporaryFolder()
        let run = try Program.run(
            ["key", "create", "--user-id", "1", "--out", "zitadel/keys/svc.json", "--mode", "0644"], in: folder)
        #expect(
            run.status == 0 && run.output.contains("{\"keyFile\":\"keys/svc.json\"}")
                && run.output.contains("one in zitadel)"))
        var status = stat()
        #expect(stat(folder.path + "/zitadel/keys/svc.json", &status) == 0 && status.st_mode & 0o777 == 0o644)
    }

    /// What bash offers for the last of some words.
    private static func completions(_ typed: [String]) throws -> Set<Substring> {
        let folder = TemporaryFolder()
        let script = try Program.run(["completion", "bash"]).output
        let list = typed.map { "'\($0)'" }.joined(separator: " ")
        folder.write("", to: "a.json")
        folder.write("", to: "with blank.json")
        folder.write(
            "\(script)\nCOMP_WORDS=(mock-zitadel \(list))\nCOMP_CWORD=\(typed.count)\n_mock_zitadel\nprintf '%s\\n' \"${COMPREPLY[@]}\" >out\n",
            to: "complete.bash")
        var id = pid_t()
        let words: [String] = ["/bin/bash", "-c", "cd \"$0\" && bash complete.bash", folder.path]
        var arguments = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        #expect(posix_spawn(&id, "/bin/bash", nil, nil, &arguments, environ) == 0)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return Set((folder.read("out") ?? "").split(separator: "\n"))
    }

    @Test("bash completes commands, flags, their values and files") func bash() throws {
        #expect(try Self.completions(["se"]) == ["serve", "seed", "settings"])
        #expect(try Self.completions(["seed", ""]).isSuperset(of: ["check", "schema", "export"]))
        #expect(try Self.completions(["clock", ""]).isSuperset(of: ["show", "advance", "set", "--json"]))
        #expect(try Self.completions(["requests", "--outcome", ""]) == ["ok", "rejected", "inactive", "failed"])
        #expect(try Self.completions(["serve", "--dialect", ""]) == ["documented", "server"])
        #expect(try Self.completions(["scenario", "start", "clock"]) == ["clock-skew"])
        #expect(try Self.completions(["reset", "--only", "s"]) == ["sessions", "signingKeys"])
        #expect(try Self.completions(["faults", "add", "--endpoint", "in"]) == ["introspect"])
        #expect(try Self.completions(["seed", "check", "a"]) == ["a.json"])
        #expect(try Self.completions(["key", "create", "--user"]) == ["--user-id"])
    }

    @Test("bash completes behind flags with values, and values that are joined to their flags") func bashValues() throws
    {
        #expect(try Self.completions(["--seed", "seed", "--por"]) == ["--port"])
        #expect(try Self.completions(["--seed", "seed", ""]).contains("check") == false)
        #expect(try Self.completions(["key", "create", "--user-id", "reset", "--o"]).contains("--only") == false)
        // As bash splits the words, and as zsh leaves them.
        #expect(try Self.completions(["--dialect", "=", "s"]) == ["server"])
        #expect(try Self.completions(["--dialect", "="]) == ["documented", "server"])
        #expect(try Self.completions(["--dialect=s"]) == ["--dialect=server"])
        #expect(try Self.completions(["--dialect", "=", "server", "--por"]) == ["--port"])
        #expect(try Self.completions(["--seed", "=", "with"]) == ["with blank.json"])
        #expect(try Self.completions(["seed", "check", "with"]) == ["with blank.json"])
    }

    @Test("there are completions for zsh and fish") func otherShells() throws {
        #expect(try Program.run(["completion", "zsh"]).output.hasPrefix("autoload"))
        let fish = try Program.run(["completion", "fish"]).output
        #expect(fish.contains("complete -c mock-zitadel -n '__fish_seen_subcommand_from seed' -a check"))
        #expect(fish.contains("-l dialect -x -a 'documented server'"))
    }
}
