/// A flag of a command.
struct CommandOption: Sendable {
    /// With its dashes.
    let flag: String
    /// What follows the flag, such as `PATH`; nil for a flag without a value.
    let value: String?
    let help: String
    /// The values that there are; empty for any.
    var choices: [String] = []
    /// The member of a body, or the parameter, that it sets, when that is not its name; `*` for members of any name.
    var member: String?
    /// Whether the value is a path, for completion.
    var isPath = false
    /// The variable of the environment that has the same meaning.
    var environment: String?
    /// The default, in words; nil for none.
    var defaultText: String?

    init(_ name: String, _ value: String?, _ help: String, isPath: Bool = false) {
        flag = "--" + name
        self.value = value
        self.help = help
        self.isPath = isPath
    }

    /// A flag without a value.
    init(switch name: String, _ help: String) {
        self.init(name, nil, help)
    }

    init(_ name: String, choices: [String], _ help: String) {
        self.init(name, choices.joined(separator: "|"), help)
        self.choices = choices
    }

    /// The same option with the values that completion offers; the server checks them.
    func offering(_ values: [String], member: String? = nil) -> CommandOption {
        var option = self
        option.choices = values
        option.member = member
        return option
    }

    /// The same option as a setting, which can be made by a variable of the environment, too.
    func setting(default defaultText: String) -> CommandOption {
        var setting = self
        setting.environment =
            "MOCK_ZITADEL_" + flag.dropFirst(2).uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
        setting.defaultText = defaultText
        return setting
    }

    /// `--port PORT`
    var synopsis: String { value.map { "\(flag) \($0)" } ?? flag }

    /// The help with what else there is to say.
    var description: String {
        let notes = [environment, defaultText.map { "default: \($0)" }].compactMap { $0 }
        return notes.isEmpty ? help : "\(help) (\(notes.joined(separator: "; ")))"
    }
}
