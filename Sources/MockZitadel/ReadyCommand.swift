import HTTP
import HTTPServer

/// `mock-zitadel ready`: the health check of a container that has no curl.
enum ReadyCommand {
    struct NotReady: Error, CustomStringConvertible {
        let status: Int
        var description: String { "not ready: the server answered with status \(status)" }
    }

    static func run(_ rest: [String], environment: [String: String]) throws {
        let arguments = try Arguments(rest, valued: [Setting.host.flag, Setting.port.flag], plain: [])
        let host = arguments.last(Setting.host.flag) ?? "127.0.0.1"
        let text = arguments.last(Setting.port.flag) ?? environment[Setting.port.environment] ?? Setting.port.standard
        guard let port = Int(text), (1...65535).contains(port) else {
            throw UsageError(description: "the port is \"\(text)\"; expected a number from 1 to 65535")
        }
        let response = try HTTPClient.send(
            HTTPRequest(method: "GET", path: "/debug/ready"), host: host, port: port, timeout: 2)
        guard response.status == 200 else { throw NotReady(status: response.status) }
        Terminal.print("ready")
    }
}
