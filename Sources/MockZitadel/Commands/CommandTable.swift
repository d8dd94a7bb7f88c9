import Encodings

/// All commands. A new one is an entry here and a function.
enum CommandTable {
    static let commands: [Command] =
        [
            ServeCommand.command, SeedCommand.check, SeedCommand.schema, SeedExportCommand.command, KeyCommand.create,
            ReadyCommand.command, SettingsCommand.command, CompletionCommand.command,
        ] + clientCommands

    /// Those that talk to a running server.
    private static let clientCommands: [Command] = Array(
        [
            [DoctorCommand.command], TokenCommand.commands, ClockCommand.commands, FaultsCommand.commands,
            RequestsCommand.commands, LintCommand.commands, [ResetCommand.command], SnapshotCommand.commands,
            InstanceCommand.commands, ScenarioCommand.commands,
        ].joined())

    /// What the command line asks for.
    enum Request {
        case run(Invocation)
        case help(Command)
        /// Help of the program, or of the commands that begin with a word.
        case overview(prefix: [String])
        case version
    }

    /// - Parameter arguments: without the name of the program.
    /// - Throws: `UsageError`
    static func request(_ arguments: [String], environment: [String: String]) throws -> Request {
        var rest = commandFirst(arguments)[...]
        let isHelp = rest.first == "help"
        if isHelp { rest = rest.dropFirst() }
        if rest.first == "--version" || rest.first == "version" { return .version }
        let words = rest.prefix { !$0.hasPrefix("-") }
        let asksForHelp = isHelp || rest.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
        let command: Command
        if let named = commands.filter({ words.starts(with: $0.path) }).max(by: { $0.path.count < $1.path.count }) {
            command = named
            rest = rest.dropFirst(named.path.count)
        } else if words.count == 1, !asksForHelp,
            let standard = commands.first(where: { $0.isGroupDefault && $0.path[0] == words.first })
        {
            command = standard
            rest = rest.dropFirst()
        } else if words.isEmpty {
            if asksForHelp { return .overview(prefix: []) }
            command = ServeCommand.command
        } else {
            return try group(Array(words), asksForHelp)
        }
        if asksForHelp { return .help(command) }
        return .run(try Invocation(command, rest, environment: environment))
    }

    /// The same with the words of the command in front of the flags that were written before them.
    private static func commandFirst(_ arguments: [String]) -> [String] {
        let options = commands.flatMap(\.options)
        var index = 0
        while index < arguments.count, arguments[index].hasPrefix("-"), arguments[index] != "--" {
            // What follows a flag that needs a value is that value.
            let needsValue = options.contains { $0.flag == arguments[index] && $0.value != nil }
            index += needsValue ? 2 : 1
        }
        guard index > 0, index < arguments.count else { return arguments }
        let named = commands.filter { arguments[index...].starts(with: $0.path) }.map(\.path)
        let standard = commands.filter { $0.isGroupDefault && $0.path[0] == arguments[index] }.map { [$0.path[0]] }
        guard let path = (named + standard).max(by: { $0.count < $1.count }) else { return arguments }
        return path + arguments[..<index] + arguments[(index + path.count)...]
    }

    /// A word that only begins commands, or none at all.
    private static func group(_ words: [String], _ asksForHelp: Bool) throws -> Request {
        let members = commands.filter { $0.path[0] == words[0] }
        guard !members.isEmpty else {
            let known = commands.map { $0.path[0] }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            let whole = commands.first { $0.path.count > 1 && $0.path[1] == words[0] }?.name
            let hint =
                (whole ?? Similarity.nearest(to: words[0], in: known)).map { "did you mean \($0)?" }
                ?? "known are \(known.joined(separator: ", "))"
            throw UsageError(description: "unknown command \(JSON.string(words[0]).text); \(hint)")
        }
        if asksForHelp { return .overview(prefix: [words[0]]) }
        let names = members.map { $0.path[1] }
        let expected =
            names.count < 3
            ? names.joined(separator: " or ")
            : names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        guard words.count > 1 else {
            throw UsageError(description: "\(words[0]) needs a command: \(expected)", command: [words[0]])
        }
        let hint =
            Similarity.nearest(to: words[1], in: names).map { "did you mean \(words[0]) \($0)?" }
            ?? "expected \(expected)"
        throw UsageError(
            description: "unknown command \(JSON.string("\(words[0]) \(words[1])").text); \(hint)", command: [words[0]])
    }
}
