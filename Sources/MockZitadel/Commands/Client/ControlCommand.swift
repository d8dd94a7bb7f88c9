import Encodings
import HTTP
import Server

/// What the commands against a running server share.
enum ControlCommand {
    static let url = CommandOption("url", "URL", "The server.").setting(default: "http://localhost:8080")
    static let controlToken = CommandOption("control-token", "TOKEN", "The server's --control-token.")
        .setting(default: "none")
    static let instance = CommandOption("instance", "NAME", "The isolated instance that is meant.")
    static let json = CommandOption(switch: "json", "Print the server's JSON as it is.")

    static let endpoint = CommandOption(
        "endpoint", "NAME", "Only requests to it: \(EndpointName.names.joined(separator: ", "))."
    ).offering(EndpointName.names)

    /// - Parameters:
    ///   - path: the words that call it, separated by spaces.
    ///   - isGroupDefault: whether its first word alone calls it, too.
    static func make(
        _ path: String, _ summary: String, arguments: [Command.Argument] = [], options: [CommandOption] = [],
        details: String = "", isGroupDefault: Bool = false, run: @escaping @Sendable (ControlSession) throws -> Void
    ) -> Command {
        Command(
            path: path.split(separator: " ").map(String.init), summary: summary, arguments: arguments,
            options: options + [url, controlToken, instance, json], details: details, isGroupDefault: isGroupDefault,
            run: { try run(try ControlSession($0)) })
    }

    /// - Throws: `UsageError`
    static func client(_ invocation: Invocation) throws -> ControlClient {
        let given = invocation.value(of: url) ?? ("http://localhost:8080", url.flag)
        return ControlClient(
            address: try address(given.value, namedBy: given.name, in: invocation.command.path),
            token: try invocation.token(controlToken), instance: invocation.last(instance))
    }

    static func address(_ text: String, namedBy name: String, in command: [String]) throws -> ServerAddress {
        guard let address = ServerAddress(text) else {
            throw UsageError(
                description: "\(name) is \(JSON.string(text).text); expected \(ServerAddress.expectation)",
                command: command)
        }
        return address
    }
}
