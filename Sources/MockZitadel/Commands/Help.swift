/// Help texts, from the table of commands.
enum Help {
    /// Of the program, or of the commands that begin with some words.
    static func overview(prefix: [String]) -> String {
        let commands = CommandTable.commands.filter { $0.path.starts(with: prefix) }
        let list = table(commands.map { ($0.name + ($0.name == "serve" ? " (default)" : ""), $0.summary) })
        guard prefix.isEmpty else {
            return """
                Commands:
                \(list)

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
            \(list)

            mock-zitadel COMMAND --help shows the options of one.

            Settings of serve, as flags or variables of the environment:
            \(options(ServeCommand.command))

            Exit status: 0 as asked, 1 could not start, or the server refused, 2 invalid seed,
              64 invalid command line, 69 no server to talk to, 74 output that cannot be written.
            """
    }

    /// Of one command.
    static func text(_ command: Command) -> String {
        var parts = ["Usage: \(command.synopsis)\n\n\(command.summary)"]
        if !command.arguments.isEmpty {
            parts.append("Arguments:\n" + table(command.arguments.map { ($0.name, $0.help) }))
        }
        if !command.options.isEmpty { parts.append("Options:\n" + options(command)) }
        if !command.details.isEmpty { parts.append(command.details) }
        return parts.joined(separator: "\n\n")
    }

    private static func options(_ command: Command) -> String {
        table(command.options.map { ($0.synopsis, $0.description) })
    }

    /// Columns of a line at most.
    private static let width = 100
    /// Columns of a name at most that has its help next to it; longer ones have lines of their own.
    private static let nameWidth = 30

    private static func table(_ rows: [(name: String, help: String)]) -> String {
        let column = rows.map(\.name.count).filter { $0 <= nameWidth }.max() ?? nameWidth
        let indentation = String(repeating: " ", count: column + 4)
        return rows.map { name, help in
            let lines = wrapped(help, at: " ", width - column - 4)
            guard name.count > column else {
                let padding = String(repeating: " ", count: column - name.count)
                return "  \(name)\(padding)  " + lines.joined(separator: "\n" + indentation)
            }
            let names = wrapped(name, at: "|", width - 6)
            return "  " + names.joined(separator: "\n      ") + "\n" + indentation
                + lines.joined(separator: "\n" + indentation)
        }.joined(separator: "\n")
    }

    /// Lines of at most so many characters, cut after a separator where there is one.
    private static func wrapped(_ text: String, at separator: Character, _ limit: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: separator, omittingEmptySubsequences: false) {
            let isFirst = lines[lines.count - 1].isEmpty
            if isFirst {
                lines[lines.count - 1] += word
            } else if lines[lines.count - 1].count + 1 + word.count <= limit {
                lines[lines.count - 1] += "\(separator)\(word)"
            } else {
                if separator != " " { lines[lines.count - 1].append(separator) }
                lines.append(String(word))
            }
        }
        return lines
    }
}
