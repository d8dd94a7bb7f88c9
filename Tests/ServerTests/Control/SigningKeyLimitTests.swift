import Encodings
import HTTP
import TestSupport
import Testing

/// How many signing keys an instance publishes.
@Suite struct SigningKeyLimitTests {
    @Test("100 signing keys may be published; a further one is refused, until one is removed") func limit() throws {
        let server = try TestServer()
        let call = ControlCaller(server: server)
        let present = try call("GET", "/signingKeys").items.count
        var last = ""
        for _ in present..<100 {
            last = try call("POST", "/signingKeys", ["algorithm": "ES256", "state": "inactive"], expect: 201).id
        }
        let refused = try call("POST", "/signingKeys", ["algorithm": "ES256"], expect: 429)
        #expect(refused["detail"]?.string?.contains("100") == true)
        try call("POST", "/signingKeys/rotate", ["algorithm": "ES256"], expect: 429)
        #expect(server.get("/oauth/v2/keys").json["keys"]?.array?.count == 100)
        try call("DELETE", "/signingKeys/\(last)", expect: 204)
        try call("POST", "/signingKeys", ["algorithm": "ES256", "state": "inactive"], expect: 201)
    }
}
