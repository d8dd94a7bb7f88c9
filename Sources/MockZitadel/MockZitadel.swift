import Glibc
import Seeding
import Storage
import System

/// The version of this program.
let version = "0.1.0"

@main
struct MockZitadel {
    static func main() {
        StandardDescriptors.open()
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            try run(arguments, environment: environment())
        } catch let invalid as InvalidSeed {
            for problem in invalid.problems { Terminal.complain("\(problem)") }
            let count = invalid.problems.count
            Terminal.complain("mock-zitadel: \(count) problem\(count == 1 ? "" : "s") in the seed; nothing was loaded")
            exit(2)
        } catch let usage as UsageError {
            Terminal.complain("mock-zitadel: \(usage); see mock-zitadel --help")
            exit(64)
        } catch {
            Terminal.complain("mock-zitadel: \(error)")
            exit(1)
        }
    }

    private static func run(_ arguments: [String], environment: [String: String]) throws {
        let command = arguments.first { !$0.hasPrefix("-") } ?? ""
        switch arguments.first {
        case "--help", "-h", "help": return Terminal.print(help)
        case "--version", "version": return Terminal.print("mock-zitadel \(version)")
        case "seed":
            return try SeedCommand.run(
                Array(arguments.dropFirst().prefix(1)), Array(arguments.dropFirst(2)), environment: environment)
        case "key": return try KeyCommand.run(Array(arguments.dropFirst().prefix(1)), Array(arguments.dropFirst(2)))
        case "ready": return try ReadyCommand.run(Array(arguments.dropFirst()), environment: environment)
        case "settings": return Terminal.print(Setting.markdown)
        default: break
        }
        let rest = arguments.first == "serve" ? Array(arguments.dropFirst()) : arguments
        if rest.contains("--help") || rest.contains("-h") { return Terminal.print(help) }
        let valued = Setting.all.filter { $0.value != nil }.map(\.flag)
        let plain = Setting.all.filter { $0.value == nil }.map(\.flag)
        let parsed = try Arguments(rest, valued: valued, plain: plain)
        guard parsed.words.isEmpty else {
            throw UsageError(
                description: "unknown command \"\(command)\"; known are serve, seed, key, ready and settings")
        }
        let processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        try ServeCommand(
            options: ServeOptions(parsed, environment: environment, processors: processors), environment: environment
        ).run()
    }

    private static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let pointer = entry.pointee {
            let text = String(cString: pointer)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }

    private static var help: String {
        let settings = Setting.all.map {
            ["\($0.flag) \($0.value ?? "")", "\($0.help) (\($0.environment); default: \($0.standard))"]
        }
        return """
            mock-zitadel \(version): a ZITADEL to test against, offline. Never in production.

            Start it with the fixtures in seed/:
              mock-zitadel
            On a free port, in memory, for a script that reads the first line:
              mock-zitadel serve --port 0 --database :memory: --json --log-format off
            As ZITADEL v3.4 refuses, quirks included:
              mock-zitadel --server-version v3.4 --dialect server

            Check a seed, and see the ids that follow from it:
              mock-zitadel seed check seed/demo.json --print
            Make a key file as ZITADEL's console downloads it:
              mock-zitadel key create --user-id 270000000000000501 --out seed/keys/svc.json

            Commands:
              serve (default)        answers requests until SIGTERM or SIGINT
              seed check [PATH ...]  tells all that is wrong with a seed; --print lists the resources
              seed schema            prints the JSON Schema of seeds
              key create             makes a key file and prints what to write into the seed
              ready                  exit status 0 when a server is ready (--host, --port)
              settings               prints the table of settings as Markdown

            Settings of serve:
            \(Terminal.table(settings))

            Exit status: 0 stopped as asked, 1 could not start, 2 bad seed, 64 bad command line.
            """
    }
}
