import Encodings
import Model
import Provider
import TestSupport
import Testing

/// The removal of expired tokens.
@Suite struct MaintenanceTests {
    private static let day: Int64 = 86_400

    @Test(
        "a token that has expired by a shifted clock only is kept, and is active again when the clock is set back",
        arguments: [
            InstanceClock.Mode.shifted(milliseconds: 30 * day * 1000), .frozen(Timestamp(seconds: 2_000_000_000)),
        ])
    func movedForward(mode: InstanceClock.Mode) throws {
        let server = try TestServer()
        let token = server.accessToken()
        server.instance.clock.mode = mode
        #expect(server.introspect(token).reason == "token_expired")
        try server.instance.removeExpired()
        server.instance.clock.mode = .real
        #expect(server.introspect(token).json["active"]?.bool == true)
    }

    @Test("a token that is valid by a clock in the past is kept, though it has expired by real time")
    func movedBack() throws {
        let server = try TestServer()
        server.instance.clock.mode = .shifted(milliseconds: -30 * Self.day * 1000)
        let token = server.accessToken()
        try server.instance.removeExpired()
        #expect(server.introspect(token).json["active"]?.bool == true)
        server.instance.clock.mode = .real
        try server.instance.removeExpired()
        #expect(server.introspect(token).reason == "token_unknown")
    }

    @Test("a token is removed a day after it expired") func removal() throws {
        let server = try TestServer()
        let token = server.accessToken()
        server.time.advance(bySeconds: 43_200 + Self.day)
        try server.instance.removeExpired()
        #expect(server.introspect(token).reason == "token_expired")
        server.time.advance(bySeconds: 1)
        try server.instance.removeExpired()
        #expect(server.introspect(token).reason == "token_unknown")
    }
}
