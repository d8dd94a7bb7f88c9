/// A command of the program. The table of commands gives dispatch, help and completion.
struct Command: Sendable {
    /// An argument without a flag.
    struct Argument: Sendable {
        /// Such as `PATH`.
        let name: String
        let help: String
        var isRequired = true
        var isRepeatable = false
        var choices: [String] = []
        var isPath = false
        /// The member of a body that it sets.
        var member: String?

        var synopsis: String {
            let shown = isRepeatable ? "\(name) ..." : name
            return isRequired ? shown : "[\(shown)]"
        }
    }

    /// The words that call it, such as `seed check`.
    let path: [String]
    /// One line.
    let summary: String
    var arguments: [Argument] = []
    var options: [CommandOption] = []
    /// Lines of help after the options: examples, exit status.
    var details = ""
    /// Whether the first of its words alone calls it, too: `clock` for `clock show`.
    var isGroupDefault = false
    let run: @Sendable (Invocation) throws -> Void

    var name: String { path.joined(separator: " ") }

    var synopsis: String {
        (["mock-zitadel"] + path + (options.isEmpty ? [] : ["[OPTIONS]"]) + arguments.map(\.synopsis))
            .joined(separator: " ")
    }
}
