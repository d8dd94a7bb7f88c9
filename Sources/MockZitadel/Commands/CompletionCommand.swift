/// `mock-zitadel completion`
enum CompletionCommand {
    enum Shell: String, CaseIterable {
        case bash, zsh, fish
    }

    static let command = Command(
        path: ["completion"], summary: "Prints a completion script for bash, zsh or fish.",
        arguments: [
            Command.Argument(name: "SHELL", help: "bash, zsh or fish", choices: Shell.allCases.map(\.rawValue))
        ],
        details: """
            bash:  source <(mock-zitadel completion bash)
            zsh:   source <(mock-zitadel completion zsh)
            fish:  mock-zitadel completion fish | source
            """, run: run)

    private static func run(_ invocation: Invocation) throws {
        guard let shell = invocation.words.first.flatMap(Shell.init) else {
            throw UsageError(
                description: "there is no completion for \(invocation.words.first ?? ""); expected bash, zsh or fish",
                command: ["completion"])
        }
        switch shell {
        case .bash: Terminal.print(bash)
        // zsh runs completion functions of bash.
        case .zsh: Terminal.print("autoload -U +X bashcompinit && bashcompinit\n" + bash)
        case .fish: Terminal.print(fish)
        }
    }

    private static func unique(_ words: [String]) -> [String] {
        words.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    }

    /// What may follow the words of a command, by those words.
    private static var next: [(path: String, words: [String], takesFiles: Bool)] {
        let commands = CommandTable.commands
        let first = unique(commands.map { $0.path[0] }) + ["help", "version"]
        var rows = [("", first + ServeCommand.command.options.map(\.flag) + ["--help"], false)]
        for group in unique(commands.filter { $0.path.count > 1 }.map { $0.path[0] }) {
            let members = commands.filter { $0.path[0] == group }
            let flags = members.filter(\.isGroupDefault).flatMap(\.options).map(\.flag)
            rows.append((group, members.map { $0.path[1] } + flags + ["--help"], false))
        }
        for command in commands {
            let words = command.arguments.flatMap(\.choices) + command.options.map(\.flag) + ["--help"]
            rows.append((command.name, words, command.arguments.contains(where: \.isPath)))
        }
        return rows
    }

    private static var options: [CommandOption] {
        CommandTable.commands.flatMap(\.options).reduce(into: [CommandOption]()) { list, option in
            if !list.contains(where: { $0.flag == option.flag }) { list.append(option) }
        }
    }

    private static var bash: String {
        let paths = next.map(\.path).filter { !$0.isEmpty }
        let steps = paths.map { path -> String in
            let words = path.split(separator: " ")
            return "\"\(words.dropLast().joined(separator: " "))/\(words.last ?? "")\""
        }.joined(separator: " | ")
        let valued = options.filter { $0.value != nil }
        let values = valued.map { option in
            if !option.choices.isEmpty {
                return "    \(option.flag)) _mock_zitadel_words \"\(option.choices.joined(separator: " "))\"; return ;;"
            }
            return "    \(option.flag)) \(option.isPath ? "_mock_zitadel_files; " : "")return ;;"
        }.joined(separator: "\n")
        let words = next.map { row in
            "    \"\(row.path)\") words=\"\(row.words.joined(separator: " "))\"\(row.takesFiles ? " files=1" : "") ;;"
        }.joined(separator: "\n")
        // bash makes three words of --flag=value, zsh one. A name of a file may have blanks, and a folder is completed without one.
        return """
            _mock_zitadel_words() { COMPREPLY+=($(compgen -P "$prefix" -W "$1" -- "$current")); }
            _mock_zitadel_files() {
                local IFS=$'\\n'
                compopt -o filenames 2>/dev/null
                COMPREPLY+=($(compgen -P "$prefix" -f -- "$current"))
            }
            _mock_zitadel() {
                local current=${COMP_WORDS[COMP_CWORD]} option= prefix= command= words= files= i
                COMPREPLY=()
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i]} in
                    \(valued.map(\.flag).joined(separator: " | ")))
                        option=${COMP_WORDS[i]}
                        if [[ ${COMP_WORDS[i+1]} == = ]]; then ((i++)); fi
                        ((i++))
                        if ((i < COMP_CWORD)); then option=; fi
                        continue ;;
                    esac
                    case "$command/${COMP_WORDS[i]}" in
                    \(steps)) command="${command:+$command }${COMP_WORDS[i]}" ;;
                    esac
                done
                if [[ $current == = ]]; then current=; fi
                if [[ $current == --*=* ]]; then option=${current%%=*} prefix=${current%%=*}= current=${current#*=}; fi
                case $option in
            \(values)
                esac
                case $command in
            \(words)
                esac
                _mock_zitadel_words "$words"
                if [[ $files && $current != -* ]]; then _mock_zitadel_files; fi
            }
            complete -F _mock_zitadel mock-zitadel
            """
    }

    private static var fish: String {
        func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "\\'") + "'" }
        let name = "complete -c mock-zitadel"
        let commands = CommandTable.commands
        let first = unique(commands.map { $0.path[0] })
        var lines = [
            "\(name) -f", "\(name) -n __fish_use_subcommand -l help -d 'Show the help'",
        ]
        for word in first {
            let members = commands.filter { $0.path[0] == word }
            let summary = members.count == 1 ? members[0].summary : members.map { $0.path[1] }.joined(separator: ", ")
            lines.append("\(name) -n __fish_use_subcommand -a \(word) -d \(quoted(summary))")
        }
        for command in commands {
            if command.path.count > 1 {
                lines.append(
                    "\(name) -n '__fish_seen_subcommand_from \(command.path[0])' -a \(command.path[1]) -d \(quoted(command.summary))"
                )
            }
            let seen = command.path.map { "__fish_seen_subcommand_from \($0)" }.joined(separator: "; and ")
            let condition = command.name == "serve" ? "__fish_use_subcommand; or \(seen)" : seen
            for argument in command.arguments where !argument.choices.isEmpty {
                lines.append("\(name) -n '\(condition)' -a '\(argument.choices.joined(separator: " "))'")
            }
            if command.arguments.contains(where: \.isPath) { lines.append("\(name) -n '\(condition)' -F") }
            for option in command.options {
                let value =
                    option.value == nil
                    ? ""
                    : !option.choices.isEmpty
                        ? " -x -a '\(option.choices.joined(separator: " "))'" : option.isPath ? " -r -F" : " -x"
                lines.append(
                    "\(name) -n '\(condition)' -l \(option.flag.dropFirst(2))\(value) -d \(quoted(option.help))")
            }
        }
        return lines.joined(separator: "\n")
    }
}
