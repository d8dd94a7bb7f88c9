import Glibc
import TestSupport
import Testing

/// Where seeds come from on the command line, and the files that are written for them.
@Suite struct SeedInputTests {
    private static let empty = "{\"organizations\": []}"

    /// A shell that lets no file grow beyond 512 bytes, which is less than a key file has.
    private static let fullDisk = "trap '' XFSZ && ulimit -f 1"

    @Test("a key file that could not be written completely does not exist") func failedWrite() throws {
        let folder = TemporaryFolder()
        let run = try Program.run(
            ["key", "create", "--user-id", "1", "--out", "keys/svc.json"], setUp: Self.fullDisk, in: folder)
        #expect(run.status == 64 && run.errors.contains("File too large"), "\(run.errors)")
        #expect(run.errors.hasPrefix("mock-zitadel: keys/svc.json: "))
        #expect(rmdir(folder.path + "/keys") == 0, "nothing is left in the folder")
        let again = try Program.run(["key", "create", "--user-id", "1", "--out", "keys/svc.json"], in: folder)
        #expect(again.status == 0)
        let third = try Program.run(["key", "create", "--user-id", "1", "--out", "keys/svc.json"], in: folder)
        #expect(third.errors.contains("exists already"))
        #expect(unlink(folder.path + "/keys/svc.json") == 0 && rmdir(folder.path + "/keys") == 0)
    }

    @Test("a start that could not write its key file does not affect the next one") func failedGenerate() throws {
        let folder = TemporaryFolder()
        let seed = folder.write(
            "{\"organizations\": [{\"name\": \"A\", \"users\": [{\"type\": \"machine\", \"userName\": \"svc\", \"keys\": [{\"generate\": \"keys/svc.json\"}]}]}]}",
            to: "seed.json")
        let arguments = ["--port", "0", "--database", ":memory:", "--seed", seed]
        let run = try Program.run(arguments, setUp: Self.fullDisk, in: folder)
        #expect(run.status == 2 && run.errors.contains("the key file cannot be written: File too large"))
        #expect(access(folder.path + "/keys/svc.json", F_OK) != 0)
        #expect(try Program.run(["seed", "check", seed], in: folder).status == 0)
    }

    @Test("problems of a seed given as text name the argument, flag or variable") func names() throws {
        let check = try Program.run(["seed", "check", Self.empty, "{\"organizations\": 1}"])
        #expect(check.errors.hasPrefix("argument 2: /organizations: is a number"), "\(check.errors)")
        let flag = try Program.run(["--port", "0", "--database", ":memory:", "--seed", "{\"x\": 1}"])
        #expect(flag.errors.hasPrefix("--seed: /x: unknown member"), "\(flag.errors)")
        let variable = try Program.run(
            ["seed", "check"], environment: ["MOCK_ZITADEL_SEED": "'{\"organizations\": []}'"])
        #expect(
            variable.errors.hasPrefix("MOCK_ZITADEL_SEED:1:1: invalid JSON: begins with a quote; leave out the quotes"),
            "\(variable.errors)")
        #expect(variable.errors.split(separator: "\n").count == 2)
    }

    @Test("a pipe is read as a seed, but cannot be watched") func pipe() throws {
        let folder = TemporaryFolder()
        folder.write(Self.empty, to: "seed.json")
        #expect(try Program.run(["seed", "check", "/dev/stdin"], redirections: "<seed.json", in: folder).status == 0)
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        let watch = try Program.run(["--watch", "--port", "0", "--seed", "pipe"], in: folder)
        #expect(watch.status == 64)
        #expect(
            watch.errors.hasPrefix(
                "mock-zitadel: --watch cannot read pipe again; it needs seeds that are files or folders"),
            "\(watch.errors)")
    }

    @Test("an IPv6 address in brackets is listened on, and an empty address is refused") func hosts() throws {
        for command in [["serve", "--no-seed", "--port", "0"], ["ready"]] {
            let empty = try Program.run(command + ["--host", ""])
            #expect(
                empty.status == 64
                    && empty.errors.hasPrefix("mock-zitadel: --host is empty; expected a name or address"),
                "\(empty.errors)")
        }
        let bracketed = try Program.run([
            "serve", "--no-seed", "--database", ":memory:", "--host", "[::1]x", "--port", "0",
        ])
        #expect(bracketed.errors.contains("cannot listen on [::1]x"), "\(bracketed.errors)")
        let folder = TemporaryFolder()
        let server = try Program(
            ["--no-seed", "--database", ":memory:", "--host", "[::1]", "--port", "0", "--json"], in: folder)
        if let line = server.line() {
            #expect(line.contains("\"baseUrl\":\"http://[::1]:"), "\(line)")
        } else {
            #expect(server.errors.contains("::1 is not an address of this machine"), "\(server.errors)")
        }
        server.signal(SIGTERM)
        server.wait()
    }

    @Test("flags of serve may come before the command") func flagsFirst() throws {
        let ready = try Program.run(["--config", "x", "ready", "--port", "1"])
        #expect(ready.status == 1 && ready.errors.hasPrefix("mock-zitadel: not ready: "), "\(ready.errors)")
        let check = try Program.run(["--keys-dir=k", "seed", "check", Self.empty])
        #expect(check.status == 0, "\(check.errors)")
        let other = try Program.run(["--config", "x", "settings"])
        #expect(other.status == 64 && other.errors.contains("unknown flag --config"))
    }

    @Test("serve --help prints the help of serve") func serveHelp() throws {
        let run = try Program.run(["serve", "--help"])
        #expect(run.output.hasPrefix("Usage: mock-zitadel serve [OPTIONS]\n"))
        #expect(run.output.contains("--database PATH") && !run.output.contains("seed check"))
    }
}
