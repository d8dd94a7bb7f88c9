import Encodings
import Seeding

/// A command with the values of a command line and of the environment.
struct Invocation {
    let command: Command
    private(set) var words: [String] = []
    private var values: [String: [String]] = [:]
    let environment: [String: String]
    /// What was ignored or corrected.
    private(set) var warnings: [String] = []

    /// - Parameter rest: the command line after the words of the command: `--name value`, `--name=value`, `--flag`, words; all are words after `--`.
    /// - Throws: `UsageError`
    init(_ command: Command, _ rest: some Sequence<String>, environment: [String: String]) throws {
        self.command = command
        var settings: [String: String] = environment
        for variable in command.options.compactMap(\.environment) {
            guard let value = environment[variable] else { continue }
            settings[variable] = Self.setting(value, of: variable, warnings: &warnings)
        }
        if command.options.contains(where: { $0.environment != nil }) {
            warnings += UnknownVariables.warnings(environment)
        }
        self.environment = settings
        var rest = Array(rest)[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                words += rest
                break
            }
            guard argument.hasPrefix("-"), argument != "-", !Self.isNegative(argument) else {
                words.append(argument)
                continue
            }
            try read(argument, &rest)
        }
        try checkWords()
    }

    /// `-90s`: no flag begins with a digit.
    private static func isNegative(_ argument: String) -> Bool {
        argument.utf8.dropFirst().first.map { (48...57).contains($0) } ?? false
    }

    private func usage(_ text: String) -> UsageError { UsageError(description: text, command: command.path) }

    private func hint(onFlag flag: String) -> String {
        let longer = command.options.map(\.flag).filter { $0.hasPrefix(flag + "-") }
        if longer.count == 1 { return "did you mean \(longer[0])?" }
        if let other = CommandTable.commands.first(where: { $0.options.contains { $0.flag == flag } }) {
            let order = command.path == ServeCommand.command.path ? "; the command comes first" : ""
            return "it belongs to other commands, such as \(other.name)\(order)"
        }
        let flags = command.options.map(\.flag)
        if let near = Similarity.nearest(to: flag, in: flags) { return "did you mean \(near)?" }
        return flags.isEmpty ? "there are none here" : "known are \(flags.sorted().joined(separator: ", "))"
    }

    private mutating func read(_ argument: String, _ rest: inout ArraySlice<String>) throws {
        let sides = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let option = command.options.first(where: { $0.flag == sides[0] }) else {
            throw usage("unknown flag \(sides[0]); \(hint(onFlag: sides[0]))")
        }
        guard option.value != nil else {
            guard sides.count == 1 else { throw usage("\(option.flag) takes no value") }
            values[option.flag, default: []].append("on")
            return
        }
        let next = rest.first.flatMap { next in command.options.first { $0.flag == next } }
        guard sides.count == 2 || next == nil else {
            throw usage("\(option.flag) needs a value, and \(next?.flag ?? "") follows it")
        }
        guard let value = sides.count == 2 ? sides[1] : rest.popFirst() else {
            throw usage("\(option.flag) needs a value")
        }
        values[option.flag, default: []].append(value)
    }

    private func checkWords() throws {
        let arguments = command.arguments
        if let extra = words.dropFirst(arguments.last?.isRepeatable == true ? words.count : arguments.count).first {
            let isCommand = CommandTable.commands.contains { $0.path[0] == extra }
            if !isCommand, command.path == ServeCommand.command.path, extra.hasSuffix(".json") || Files.exists(extra) {
                throw usage("unexpected argument \(JSON.string(extra).text); name a seed with \(Setting.seed.flag)")
            }
            throw usage(
                "unexpected argument \(JSON.string(extra).text)"
                    + (isCommand ? "; the command comes first" : " for \(command.name)"))
        }
        for (index, argument) in arguments.enumerated() where argument.isRequired && words.count <= index {
            let hint = argument.choices.isEmpty ? "" : ": \(argument.choices.joined(separator: ", "))"
            throw usage("\(command.name) needs \(argument.name)\(hint)")
        }
    }

    /// The value of a variable, without what container systems and editors add; nil to ignore it.
    private static func setting(_ value: String, of variable: String, warnings: inout [String]) -> String? {
        // Kubernetes gives every pod the address of each service of its namespace: MOCK_ZITADEL_PORT for one named mock-zitadel.
        if ServiceLink.isAddress(value) {
            warnings.append(
                "\(variable) is \(JSON.string(value).text), which Kubernetes sets for a service of that name; it is ignored"
            )
            return nil
        }
        let trimmed = value.withoutLineEnd
        if trimmed.utf8.count < value.utf8.count {
            warnings.append("\(variable) ends with a line end, which was removed")
        }
        // Seeds have messages of their own.
        if variable != Setting.seed.environment, let oddity = ValueOddity(trimmed) {
            warnings.append("\(variable) \(oddity.sentence(of: "the value"))")
        }
        return trimmed
    }

    // MARK: Values

    func all(_ option: CommandOption) -> [String] { values[option.flag] ?? [] }
    func last(_ option: CommandOption) -> String? { values[option.flag]?.last }
    func has(_ option: CommandOption) -> Bool { values[option.flag] != nil }

    /// The value of an option, and its name: the flag if it was given, else the variable. An empty variable counts as not set.
    func value(of option: CommandOption) -> (value: String, name: String)? {
        if let value = last(option) { return (value, option.flag) }
        if let variable = option.environment, let value = environment[variable], !value.isEmpty {
            return (value, variable)
        }
        return nil
    }

    private func wrong(_ given: (value: String, name: String), _ expected: String) -> UsageError {
        usage("\(given.name) is \(JSON.string(given.value).text); expected \(expected)")
    }

    /// - Throws: `UsageError`
    func number(_ option: CommandOption, _ range: ClosedRange<Int>) throws -> Int? {
        guard let given = value(of: option) else { return nil }
        guard let number = Int(given.value), given.value.first != "+", range.contains(number) else {
            throw wrong(given, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// - Throws: `UsageError`
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ option: CommandOption, _: Choice.Type
    ) throws -> Choice? {
        guard let given = value(of: option) else { return nil }
        guard let choice = Choice(rawValue: given.value) else {
            let names = Choice.allCases.map(\.rawValue)
            if let near = Similarity.nearest(to: given.value, in: names) {
                throw usage("\(given.name) is \(JSON.string(given.value).text); did you mean \(near)?")
            }
            throw wrong(given, "one of \(names.joined(separator: ", "))")
        }
        return choice
    }

    /// - Throws: `UsageError`
    func boolean(_ option: CommandOption) throws -> Bool? {
        guard let given = value(of: option) else { return nil }
        switch given.value.lowercased() {
        case "on", "true", "1", "yes": return true
        case "off", "false", "0", "no": return false
        default: throw wrong(given, "on or off")
        }
    }

    /// Permissions of a file, in octal digits.
    /// - Throws: `UsageError`
    func mode(_ option: CommandOption) throws -> UInt32? {
        guard let given = value(of: option) else { return nil }
        guard (3...4).contains(given.value.utf8.count), let mode = UInt32(given.value, radix: 8), mode & ~0o777 == 0,
            mode & 0o400 != 0
        else { throw wrong(given, "octal permissions that the owner can read with, such as 0600 or 0644") }
        return mode
    }

    /// - Throws: `UsageError`
    func origin(_ option: CommandOption) throws -> String? {
        guard let given = value(of: option) else { return nil }
        guard WebOrigin.isValid(given.value) else { throw wrong(given, WebOrigin.expectation) }
        return given.value
    }

    /// A name or address, without the brackets that IPv6 addresses have in URLs.
    /// - Throws: `UsageError`
    func host(_ option: CommandOption) throws -> String? {
        guard let given = value(of: option) else { return nil }
        guard !given.value.isEmpty else { throw usage("\(given.name) is empty; expected a name or address") }
        guard !given.value.contains("/") else { throw wrong(given, "a name or address alone, without scheme and path") }
        let sides = given.value.split(separator: ":", omittingEmptySubsequences: false)
        if let port = sides.dropFirst().first.flatMap({ Int($0) }), sides.count == 2 {
            throw wrong(given, "a name or address alone; give the port by --port \(port)")
        }
        guard given.value.hasPrefix("["), given.value.hasSuffix("]") else { return given.value }
        return String(given.value.dropFirst().dropLast())
    }

    /// Refuses what other programs take for a file, and is none here.
    /// - Throws: `UsageError`
    private func checkSeed(_ value: String, _ name: String) throws {
        guard !SeedInput.isText(value), !Files.exists(value) else { return }
        if value == "-" { throw usage("\(name) is \"-\"; name /dev/stdin to read a seed from standard input") }
        let schemes = ["http://", "https://", "file://"]
        guard let scheme = schemes.first(where: value.lowercased().hasPrefix) else { return }
        let shown = JSON.string(value).text
        throw usage(
            scheme == "file://"
                ? "\(name) is \(shown); name the path without file://"
                : "\(name) is \(shown), and seeds are not downloaded; name a file or folder")
    }

    /// A token that a header can carry.
    /// - Throws: `UsageError` for one that nobody could send.
    func token(_ option: CommandOption) throws -> String? {
        guard let given = value(of: option) else { return nil }
        let bytes = Array(given.value.utf8)
        guard bytes.contains(where: { $0 > 0x20 }) else {
            throw usage("\(given.name) is empty; leave it out to have none")
        }
        guard bytes.first != 0x20, bytes.last != 0x20, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw usage("\(given.name) has white space around it, or control characters, which no request can carry")
        }
        return given.value
    }

    /// Where seeds are read from: what was named, else what the variable has, else the default.
    /// - Parameters:
    ///   - named: paths, and texts that are seeds themselves.
    ///   - origin: what these are in messages.
    /// - Throws: `UsageError`
    func seedInputs(named: [String], from origin: String) throws -> [SeedInput] {
        guard !named.contains("") else {
            let name = command.arguments.first(where: \.isPath)?.name ?? Setting.seed.flag
            throw usage("\(name) is empty; expected a seed file or folder")
        }
        for value in named { try checkSeed(value, command.arguments.first(where: \.isPath)?.name ?? Setting.seed.flag) }
        guard named.isEmpty else { return SeedInput.list(named, from: origin) }
        let variable = Setting.seed.environment ?? ""
        let listed = environment[variable] ?? ""
        try checkSeed(listed, variable)
        if SeedInput.isText(listed) { return SeedInput.list([listed], from: variable) }
        let paths = listed.split(separator: ":").map(String.init)
        return SeedInput.list(paths.isEmpty ? [Setting.defaultSeed] : paths, from: variable)
    }
}
