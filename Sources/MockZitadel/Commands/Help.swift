/// Help texts, from the table of commands.
enum Help {
    /// Of the program, or of the commands that begin with some words.
    static func overview(prefix: [String]) -> String {
        let commands = CommandTable.commands.filter { $0.path.starts(with: prefix) }
        let table = Terminal.table(commands.map { [$0.name + ($0.name == "serve" ? " (default)" : ""), $0.summary] })
        guard prefix.isEmpty else {
            return """
                Commands:
                \(table)

                mock-zitadel \(prefix.joined(separator: " ")) COMMAND --help shows the options of one.
                """
        }
        return """
            mock-zitadel \(version): a ZITADEL to test against, offline. Never use it in production.

            Start it with the fixtures in seed/:
              mock-zitadel
            On a free port, in memory, for a script that reads the first line:
              mock-zitadel serve --port 0 --database :memory: --json --log-format off
            With the error responses of ZITADEL v3.4, quirks included:
              mock-zitadel --server-version v3.4 --dialect server

            Commands:
            \(table)

            mock-zitadel COMMAND --help shows the options of one.

            Settings of serve, as flags or variables of the environment:
            \(options(ServeCommand.command))

            Exit status: 0 as asked, 1 could not start, or the server refused, 2 invalid seed, 64 invalid command line, 69 no server to talk to.
            """
    }

    /// Of one command.
    static func text(_ command: Command) -> String {
        var parts = ["Usage: \(command.synopsis)\n\n\(command.summary)"]
        if !command.arguments.isEmpty {
            parts.append("Arguments:\n" + Terminal.table(command.arguments.map { [$0.name, $0.help] }))
        }
        if !command.options.isEmpty { parts.append("Options:\n" + options(command)) }
        if !command.details.isEmpty { parts.append(command.details) }
        return parts.joined(separator: "\n\n")
    }

    private static func options(_ command: Command) -> String {
        Terminal.table(command.options.map { [$0.synopsis, $0.description] })
    }
}
