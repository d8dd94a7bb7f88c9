import HTTP
import HTTPServer

/// `mock-zitadel ready`: the health check of a container that has no curl.
enum ReadyCommand {
    private static let host = CommandOption("host", "ADDRESS", "Name or address of the server.")
        .setting(default: "127.0.0.1")
    private static let port = CommandOption("port", "PORT", "Port of the server.").setting(default: "8080")
    private static let url = CommandOption("url", "URL", "The server, instead of --host and --port.")
        .setting(default: "none")
    private static let config = CommandOption(
        "config", "PATH", "Ignored, for health checks written for ZITADEL.", isPath: true)

    static let command = Command(
        path: ["ready"], summary: "Exits with status 0 when a server is ready, else with 1.",
        options: [host, port, url, config], run: run)

    struct NotReady: Error, CustomStringConvertible {
        let description: String
    }

    /// A flag counts more than the environment, and there the URL, which is for clients only, more than host and port, which are the server's, too.
    /// - Throws: `UsageError`
    private static func address(_ invocation: Invocation) throws -> (host: String, port: Int) {
        let namesParts = invocation.has(host) || invocation.has(port)
        if namesParts, invocation.has(url) {
            throw UsageError(
                description: "--url and --host or --port contradict each other; give one of them",
                command: invocation.command.path)
        }
        if !namesParts, let given = invocation.value(of: url) {
            let address = try ControlCommand.address(given.value, namedBy: given.name, in: invocation.command.path)
            return (address.host, address.port)
        }
        let address = try invocation.host(host) ?? "127.0.0.1"
        // Where a server listens on all addresses, each of them works.
        let reached = ["*": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"][address] ?? address
        return (reached, try invocation.number(port, 1...65535) ?? 8080)
    }

    private static func run(_ invocation: Invocation) throws {
        let (host, port) = try address(invocation)
        let response: HTTPResponse
        do {
            response = try HTTPClient.send(
                HTTPRequest(method: "GET", path: "/debug/ready"), host: host, port: port, timeout: 2)
        } catch { throw NotReady(description: "not ready: \(error)") }
        if response.hasControlAPIAlone {
            throw NotReady(
                description: "not ready: port \(port) has the control API alone; name the server's other port")
        }
        guard response.status == 200 else {
            throw NotReady(description: "not ready: the server answered with status \(response.status)")
        }
        Terminal.print("ready")
    }
}
