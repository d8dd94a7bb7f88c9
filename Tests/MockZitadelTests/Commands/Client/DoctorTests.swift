import Encodings
import HTTP
import HTTPServer
import TestSupport
import Testing

/// `mock-zitadel doctor`
@Suite struct DoctorTests {
    private static func findings(_ output: String) throws -> [String] {
        let answer = try JSONParser.parse(output.utf8).object ?? [:]
        let items = (answer["items"]?.array ?? []).compactMap(\.object)
        let all = items.flatMap { $0["findings"]?.array ?? [] } + (answer["findings"]?.array ?? [])
        return all.compactMap { $0.object?["what"]?.string }
    }

    @Test("doctor finds no problem with a server that is used by one address") func noFindings() throws {
        let folder = TemporaryFolder()
        let server = try RunningServer(database: ":memory:", in: folder)
        defer { server.stop() }
        let url = "http://localhost:\(server.port)"
        let run = try Program.run(["doctor", url], in: folder)
        #expect(run.status == 0 && run.errors == "", "\(run.output)")
        for word in ["ADDRESS", url, "reached", "ok"] { #expect(run.output.contains(word)) }
    }

    @Test("doctor reports other issuers, a shifted clock, faults and a closed control API")
    func findings() throws {
        let folder = TemporaryFolder()
        let server = try RunningServer(database: ":memory:", in: folder)
        defer { server.stop() }
        let url = "http://localhost:\(server.port)"
        #expect(try Program.run(["clock", "advance", "1h", "--url", url], in: folder).status == 0)
        #expect(
            try Program.run(["faults", "add", "--endpoint", "keys", "--status", "500", "--url", url], in: folder).status
                == 0)
        let run = try Program.run(
            ["doctor", url, "--url", "http://127.0.0.1:1", "--host-name", "zitadel:8080", "--json"], in: folder)
        #expect(run.status == 1 && run.errors.hasSuffix("things are wrong\n"))
        let found = try Self.findings(run.output)
        for what in [
            "the clock is shifted, 1h from real time", "1 fault is set", "the key set answers with status 500",
            "the addresses have 2 issuers",
        ] { #expect(found.contains(what), "\(found)") }
    }

    @Test("doctor reports a pinned issuer with another address, and endpoints that cannot be reached")
    func pinned() throws {
        let folder = TemporaryFolder()
        let server = try RunningServer(["--issuer", "http://127.0.0.1:1"], database: ":memory:", in: folder)
        defer { server.stop() }
        let listen = server.fixtures["listen"]?.string ?? ""
        let run = try Program.run(["doctor", "http://\(listen)", "--json"], in: folder)
        #expect(run.status == 1)
        let found = try Self.findings(run.output)
        #expect(found.contains("the issuer is http://127.0.0.1:1"), "\(found)")
        #expect(found.contains { $0.hasPrefix("the endpoints of discovery cannot be reached: ") }, "\(found)")
    }

    @Test("doctor reports that another server is not mock-zitadel") func other() throws {
        for status in [200, 404] {
            let server = try HTTPServer(host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: 1 << 20)) {
                let isDiscovery = $0.path == "/.well-known/openid-configuration"
                return .response(
                    HTTPResponse(status: isDiscovery ? status : 404, body: Array(#"{"issuer":"http://a"}"#.utf8)))
            }
            defer { server.stop() }
            let run = try Program.run(["doctor", "http://127.0.0.1:\(server.port)", "--json"])
            #expect(run.status == 1)
            #expect(try Self.findings(run.output).contains("this is not mock-zitadel"), "\(run.output)")
        }
        let folder = TemporaryFolder()
        let closed = try RunningServer(["--control", "off"], database: ":memory:", in: folder)
        defer { closed.stop() }
        let run = try Program.run(["doctor", "http://localhost:\(closed.port)", "--json"])
        #expect(run.status == 0 && !run.output.contains("this is not mock-zitadel"), "\(run.output)")
    }

    @Test("doctor checks the server's other port when the given one has the control API only")
    func controlPort() throws {
        let folder = TemporaryFolder()
        let server = try RunningServer(["--control-port", "0"], database: ":memory:", in: folder)
        defer { server.stop() }
        let control = try #require(server.fixtures["controlUrl"]?.string)
        let run = try Program.run(["doctor"], environment: ["MOCK_ZITADEL_URL": control], in: folder)
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("has the control API alone") && !run.output.contains("this is not mock-zitadel"))
        #expect(run.output.contains("http://localhost:\(server.port)") && run.output.contains("reached"))
    }

    @Test("doctor asks for the server's other port when the control API does not tell it")
    func controlPortWithToken() throws {
        let folder = TemporaryFolder()
        let server = try RunningServer(
            ["--control-port", "0", "--control-token", "secret"], database: ":memory:", in: folder)
        defer { server.stop() }
        let control = try #require(server.fixtures["controlUrl"]?.string)
        let run = try Program.run(["doctor", control], in: folder)
        #expect(run.status == 1)
        #expect(
            run.output.contains("this port has the control API alone")
                && run.output.contains("name the server's other port"))
    }

    @Test("doctor says why an address cannot be reached") func unreachable() throws {
        let run = try Program.run(["doctor", "http://127.0.0.1:1", "http://no-such-host.invalid"])
        #expect(run.status == 1)
        #expect(run.output.contains("wrong: http://127.0.0.1:1: ") && run.output.contains("nothing listens there"))
        #expect(run.output.contains("no such host"), "\(run.output)")
    }
}
