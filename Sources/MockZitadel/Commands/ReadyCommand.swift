import HTTP
import HTTPServer

/// `mock-zitadel ready`: the health check of a container that has no curl.
enum ReadyCommand {
    private static let config = CommandOption(
        "config", "PATH", "Ignored, for health checks written for ZITADEL.", isPath: true)

    static let command = Command(
        path: ["ready"], summary: "Exits with status 0 when a server is ready, else with 1.",
        options: [Setting.host, Setting.port, config], run: run)

    struct NotReady: Error, CustomStringConvertible {
        let description: String
    }

    private static func run(_ invocation: Invocation) throws {
        let named = invocation.value(of: Setting.host)?.value ?? "127.0.0.1"
        let isBracketed = named.hasPrefix("[") && named.hasSuffix("]")
        let address = isBracketed ? String(named.dropFirst().dropLast()) : named
        // Where a server listens on all addresses, any of them will do.
        let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][address] ?? address
        let port = try invocation.number(Setting.port, 1...65535) ?? 8080
        let response: HTTPResponse
        do {
            response = try HTTPClient.send(
                HTTPRequest(method: "GET", path: "/debug/ready"), host: host, port: port, timeout: 2)
        } catch { throw NotReady(description: "not ready: \(error)") }
        guard response.status == 200 else {
            throw NotReady(description: "not ready: the server answered with status \(response.status)")
        }
        Terminal.print("ready")
    }
}
