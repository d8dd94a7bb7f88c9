import Encodings
import TestSupport
import Testing

/// Help and completion list the values that the server accepts.
@Suite struct HelpTests {
    @Test("help names the endpoints of faults and the parameters of scenarios that the server knows")
    func help() throws {
        let fixture = try ClientCommandTests.Fixture()
        defer { fixture.server.stop() }
        let unknown = try fixture.run("faults", "add", "--endpoint", "nope", "--status", "500").errors
        #expect(unknown.hasPrefix("mock-zitadel: --endpoint: \"nope\" is not an endpoint"), "\(unknown)")
        let endpoints = unknown.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        let words = try fixture.run("completion", "fish").output.split(separator: "\n").first {
            $0.contains("-l endpoint ")
        }
        #expect(words?.contains("-a '\(endpoints.dropFirst().joined(separator: " "))'") == true, "\(words ?? "")")

        let refused = try fixture.run("scenario", "start", "clock-skew", "--set", "nope=1").errors
        #expect(refused.hasPrefix("mock-zitadel: --set nope: unknown member; known are "), "\(refused)")
        let known = refused.split(separator: "known are ").last?.split(separator: ", and").first ?? ""
        let text = try fixture.run("scenario", "start", "--help").output
        for name in known.split(separator: ", ") { #expect(text.contains(" \(name)="), "\(name)") }
    }
}
