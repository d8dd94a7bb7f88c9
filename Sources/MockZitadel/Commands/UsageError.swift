/// A command line that cannot be followed, in one line that says what can.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    /// The words of the command whose help to read; empty for that of the program.
    var command: [String] = []

    var helpCommand: String {
        (["mock-zitadel"] + (command == ["serve"] ? [] : command) + ["--help"]).joined(separator: " ")
    }
}
