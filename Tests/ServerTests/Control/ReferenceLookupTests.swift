import Encodings
import HTTP
import TestSupport
import Testing

/// Names in filters, matches and orders: any that a resource has will do, and one that nobody has is refused.
@Suite struct ReferenceLookupTests {
    private let server: TestServer
    private let call: ControlCaller

    init() throws {
        server = try TestServer()
        call = ControlCaller(server: server)
    }

    private func introspect() -> HTTPResponse {
        server.post(
            "/oauth/v2/introspect", [("token", "x")],
            headers: [TestServer.basic("270000000000000302", "test-api-2-secret")])
    }

    @Test("the journal can be filtered by every name of a client and user") func journal() throws {
        _ = server.accessToken()
        _ = introspect()
        func count(_ match: JSON) throws -> JSON? {
            try call("POST", "/requests/verify", ["match": match, "times": ["min": 0]])["matched"]
        }
        for name in ["svc", "svc@acme.localhost", "270000000000000501"] {
            #expect(try count(["user": .string(name)]) == 1, "\(name)")
            #expect(try count(["client": .string(name)]) == 1, "\(name)")
        }
        for name in ["Test API 2", "270000000000000302", "270000000000000202"] {
            #expect(try count(["client": .string(name)]) == 1, "\(name)")
            let path = "/requests?client=\(PercentEncoding.formEncoded(name))"
            #expect(try call("GET", path).items.count == 1)
        }
        #expect(try count(["grant": "client_credentials"]) == 1)
    }

    @Test("a misspelled filter is an error, not a filter that matches nothing") func slips() throws {
        for match: JSON in [
            ["endpoint": "introspec"], ["method": "PSOT"], ["grant": "client_credential"], ["reason": "token_expird"],
        ] {
            try call("POST", "/requests/verify", ["match": match, "times": ["max": 0]], expect: 400)
            let member = try #require(match.object?.members.first)
            try call("GET", "/requests?\(member.name)=\(member.value.string ?? "")", expect: 400)
        }
        for match: JSON in [["client": "nobody"], ["user": "nobody"]] {
            try call("POST", "/requests/verify", ["match": match, "times": ["max": 0]], expect: 404)
            try call("POST", "/faults", ["match": match, "do": ["status": 503]], expect: 404)
        }
        try call("POST", "/faults", ["match": ["grant": "client_credential"], "do": ["status": 503]], expect: 400)
        try call("POST", "/faults", ["match": ["endpoint": "health"], "do": ["status": 503]], expect: 400)
        try call("POST", "/requests/verify", ["times": ["min": 2, "max": 1]], expect: 400)
        #expect(try call("GET", "/faults").items.isEmpty)
        // Who is unknown to the server is known to the journal once it has asked.
        _ = server.post("/oauth/v2/introspect", [("token", "x")], headers: [TestServer.basic("nobody", "x")])
        #expect(try call("POST", "/requests/verify", ["match": ["client": "nobody"]])["matched"] == 1)
    }

    @Test("an unknown login name is answered with the login name to send") func advice() throws {
        let problem = try call("GET", "/users/bob@partner.localhost", expect: 404)
        #expect(
            problem["detail"]?.string?.hasSuffix(
                "organization Partner has userLoginMustBeDomain false; send bob, or set it to true in the seed") == true
        )
        try call("POST", "/organizations/Partner/users", ["type": "machine", "userName": "svc2"], expect: 201)
        try call("POST", "/organizations/ACME/users", ["type": "machine", "userName": "svc2"], expect: 201)
        try call("PATCH", "/organizations/Partner", ["userLoginMustBeDomain": .bool(true)])
        let names = try call("POST", "/tokens", ["user": "svc2"], expect: 404)["detail"]?.string ?? ""
        #expect(names.contains("\"svc2@acme.localhost\", \"svc2@partner.localhost\""), "\(names)")
    }

    @Test("a request that a fault answered is in the journal with its client, user and grant") func faulted() throws {
        try call("POST", "/faults", ["match": ["client": "Test API 2"], "do": ["status": 503]], expect: 201)
        #expect(introspect().status == 503)
        try call("POST", "/requests/verify", ["match": ["client": "Test API 2", "status": 503]])
        try call("DELETE", "/faults", expect: 204)
        try call("POST", "/faults", ["match": ["user": "svc"], "do": ["refuse": "invalid_grant"]], expect: 201)
        #expect(server.accessToken() == "")
        try call("POST", "/requests/verify", ["match": ["user": "svc", "grant": "client_credentials"]])
        #expect(server.accessToken(of: "svc-jwt") != "")
    }

    @Test("a verification with too many matches shows those requests") func tooMany() throws {
        _ = introspect()
        _ = introspect()
        _ = server.get("/oauth/v2/keys")
        let problem = try call(
            "POST", "/requests/verify", ["match": ["endpoint": "introspect"], "times": ["max": 1]], expect: 422)
        let nearest = problem["nearest"]?.array ?? []
        #expect(nearest.count == 2 && nearest.allSatisfy { $0["request"]?["endpoint"] == "introspect" })
    }

    @Test("a token can be minted for a project by name, and a role that the project lacks is reported")
    func minted() throws {
        let token = try call(
            "POST", "/tokens", ["user": "svc", "audience": ["Shop"], "format": "jwt"], expect: 201)
        #expect(token["claims"]?["aud"]?.array?.contains("270000000000000101") == true)
        let odd = try call(
            "POST", "/tokens", ["user": "svc", "project": "Shop", "roles": ["reader", "raeder"]], expect: 201)
        #expect(odd["warnings"]?.array?.count == 1)
        #expect(odd["warnings"]?.array?.first?.string?.contains("did you mean \"reader\"?") == true)
    }

    @Test("private signing keys are exported only on request") func signingKeys() throws {
        #expect(try !call("GET", "/seed").text.contains("PRIVATE KEY"))
        #expect(try call("GET", "/seed?signingKeys=true").text.contains("PRIVATE KEY"))
    }
}
