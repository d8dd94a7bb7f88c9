import HTTP
import HTTPServer
import TestSupport
import Testing

/// Commands whose address belongs to a server that is not mock-zitadel.
@Suite struct OtherServerTests {
    private static let bodies = [
        "{}", "\"abc\"", String(repeating: "[", count: 200_000), "", "<html></html>", "[]", "{\"status\": \"up\"}",
        "{\"now\": 7}", "{\"now\": \"soon\"}",
    ]

    @Test("clock show exits with 69 and one line when another server answers", arguments: bodies)
    func clock(body: String) throws {
        let server = try HTTPServer(host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: 1 << 20)) { _ in
            .response(
                HTTPResponse(status: 200, headers: [("Content-Type", "application/json")], body: Array(body.utf8)))
        }
        defer { server.stop() }
        let url = "http://127.0.0.1:\(server.port)"
        for arguments in [["clock", "show"], ["clock", "advance", "1h"], ["clock", "show", "--json"]] {
            let run = try Program.run(arguments + ["--url", url])
            #expect(run.status == 69 && run.output == "")
            #expect(
                run.errors
                    == "mock-zitadel: what answers at \(url) is not mock-zitadel: the response is not from the control API; name the server with --url\n"
            )
        }
    }

    @Test(
        "every command of the control API exits with 69 when another server answers",
        arguments: [["token", "list"], ["faults", "list"], ["instance", "list"]])
    func everyCommand(arguments: [String]) throws {
        let server = try HTTPServer(host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: 1 << 20)) { _ in
            .response(HTTPResponse(status: 200, body: Array("{}".utf8)))
        }
        defer { server.stop() }
        let run = try Program.run(arguments + ["--url", "http://127.0.0.1:\(server.port)"])
        #expect(run.status == 69 && run.errors.contains("is not mock-zitadel"), "\(run.errors)")
    }
}
