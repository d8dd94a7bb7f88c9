import Encodings
import HTTP
import Model
import TestSupport
import Testing

/// Faults, journal and lint by the control API.
@Suite struct FaultAndJournalTests {
    private static let caller = TestServer.basic("270000000000000302", "test-api-2-secret")

    private func introspect(_ server: TestServer) -> HTTPResponse {
        server.post("/oauth/v2/introspect", [("token", "x")], headers: [Self.caller])
    }

    @Test("a fault applies after some requests, for a number of requests, and is counted") func limits() throws {
        let server = try TestServer()
        let fault = try #require(
            server.control(
                "POST", "/faults",
                [
                    "match": ["endpoint": "introspect", "client": "270000000000000302"],
                    "when": ["after": 1, "times": 2],
                    "do": ["status": 503, "body": "down", "headers": ["X-Test": "1"]],
                ]))
        #expect(fault.status == 201)
        #expect(server.get("/oauth/v2/keys").status == 200)
        #expect((0..<4).map { _ in introspect(server).status } == [200, 503, 503, 200])
        let listed = server.control("GET", "/faults")?.json["items"]?.array?.first?.object
        #expect(listed?["hits"] == 2)
        #expect(server.control("DELETE", "/faults/\(fault.json["id"]?.string ?? "")")?.status == 204)
        #expect(server.control("GET", "/faults")?.json["items"]?.array?.isEmpty == true)
    }

    @Test("a refusal by a fault has the status of the dialect") func refuse() throws {
        let server = try TestServer()
        _ = server.control(
            "POST", "/faults", ["match": ["endpoint": "introspect"], "do": ["refuse": "invalid_client"]])
        for (dialect, status) in [("documented", 401), ("server", 400)] {
            let answer = server.post("/oauth/v2/introspect", [("token", "x")], headers: [("mock-dialect", dialect)])
            #expect(answer.status == status)
            #expect(answer.json["error"] == "invalid_client")
            #expect(answer.reason == "fault")
        }
    }

    static let deliveries: [(action: JSON, delivery: Delivery)] = [
        (["delay": "200ms"], Delivery(delay: 200)), (["trickle": "10B/s"], Delivery(bytesPerSecond: 10)),
        (["truncate": 40], Delivery(ending: .truncated(bodyBytes: 40))),
        (["close": "before-answer"], Delivery(ending: .closeBeforeAnswer)),
        (["close": "reset"], Delivery(ending: .reset)), (["close": "hang"], Delivery(ending: .hang)),
    ]

    @Test("a fault can change how a response is sent", arguments: deliveries)
    func delivery(_ action: JSON, _ delivery: Delivery) throws {
        let server = try TestServer()
        #expect(server.control("POST", "/faults", ["do": action])?.status == 201)
        #expect(introspect(server).delivery == delivery)
    }

    @Test("an invalid fault is refused, and none is added") func badFault() throws {
        let server = try TestServer()
        for body: JSON in [
            [:], ["do": [:]], ["do": ["status": 99]], ["do": ["delay": "2h"]],
            ["do": ["delay": ["min": "2s", "max": "1s"]]],
            ["do": ["status": 500, "refuse": "invalid_grant"]], ["do": ["status": 500], "match": ["endpoint": "tokn"]],
            ["do": ["trickle": "fast"]], ["do": ["status": 500], "when": ["probability": 2]],
        ] {
            #expect(server.control("POST", "/faults", body)?.status == 400, "\(body.text)")
        }
        #expect(server.control("GET", "/faults")?.json["items"]?.array?.isEmpty == true)
    }

    @Test("the journal has the client and the reason, and masks secrets") func journal() throws {
        let server = try TestServer()
        _ = server.post(
            "/oauth/v2/introspect", [("token", "a-secret-token-of-some-length"), ("x", "y")],
            headers: [TestServer.basic("270000000000000302", "a-very-wrong-secret")])
        let listed = try #require(server.control("GET", "/requests?endpoint=introspect"))
        let entry = try #require(listed.json["items"]?.array?.first?.object)
        #expect(entry["client"] == "270000000000000302")
        #expect(entry["reason"] == "bad_secret")
        #expect(entry["outcome"] == "rejected")
        #expect(entry["form"]?.object?["token"] == "a-se…ngth")
        #expect(entry["form"]?.object?["x"] == "y")
        #expect(!listed.text.contains("a-secret-token") && !listed.text.contains("a-very-wrong-secret"))
        #expect(server.control("GET", "/requests?outcome=ok")?.json["items"]?.array?.isEmpty == true)
        #expect(server.control("DELETE", "/requests")?.status == 204)
        #expect(server.control("GET", "/requests")?.json["items"]?.array?.isEmpty == true)
    }

    @Test("neither journal nor reason repeats a token in the wrong parameter, or a plain challenge")
    func misplacedTokens() throws {
        let server = try TestServer()
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLXRoaXM"
        let refused = server.post(
            "/oauth/v2/introspect", [("client_id", token), ("client_secret", "s"), ("token", "x")])
        #expect(refused.header("Mock-Reason")?.contains("c2lnbmF0") == false)
        _ = server.get("/oauth/v2/introspect/\(token)")
        _ = server.send(
            HTTPRequest(
                method: "GET", path: "/oauth/v2/authorize",
                query: Array("client_id=1&code_challenge=the-verifier-itself-in-plain-text".utf8)))
        let listed = try #require(server.control("GET", "/requests"))
        #expect(listed.json["items"]?.array?.count == 3)
        #expect(!listed.text.contains("c2lnbmF0"))
        #expect(!listed.text.contains("the-verifier-itself"))
    }

    @Test("a failed verification lists the nearest requests and how they differ") func verify() throws {
        let server = try TestServer()
        _ = introspect(server)
        let match: JSON = ["endpoint": "introspect", "client": "270000000000000302"]
        #expect(
            server.control("POST", "/requests/verify", ["match": match, "times": ["min": 1, "max": 1]])?.status == 200)
        let failed = try #require(
            server.control("POST", "/requests/verify", ["match": ["endpoint": "introspect", "client": "other"]]))
        #expect(failed.status == 422)
        let nearest = failed.json["nearest"]?.array?.first?.object
        #expect(nearest?["differences"]?.array?.first?.string?.contains("client is \"270000000000000302\"") == true)
    }

    @Test("lint counts the warnings of each client") func lint() throws {
        let server = try TestServer()
        for _ in 0..<2 {
            _ = server.post("/oauth/v2/introspect", [("token", "x"), ("scope", "openid")], headers: [Self.caller])
        }
        let finding = server.control("GET", "/lint")?.json["items"]?.array?.first?.object
        #expect(finding?["code"] == "scope-without-effect")
        #expect(finding?["count"] == 2)
        #expect(finding?["client"] == "270000000000000302")
    }

    @Test(
        "an authorization request that a fault refuses is answered at the app's redirect URI",
        arguments: Dialect.allCases)
    func refusedAuthorization(_ dialect: Dialect) throws {
        let server = try TestServer()
        _ = server.control(
            "POST", "/faults", ["match": ["endpoint": "authorize"], "do": ["refuse": "interaction_required"]])
        func authorize(_ redirectURI: String) -> HTTPResponse {
            let query = "client_id=270000000000000303&response_type=code&scope=openid&state=s&redirect_uri="
            return server.send(
                HTTPRequest(
                    method: "GET", path: "/oauth/v2/authorize", query: Array((query + redirectURI).utf8),
                    headers: [("mock-dialect", dialect.rawValue)]))
        }
        let returned = authorize("http://localhost:3000/callback")
        #expect(returned.status == 302)
        let location = returned.header("Location") ?? ""
        #expect(location.hasPrefix("http://localhost:3000/callback?error=interaction_required&error_description="))
        #expect(location.hasSuffix("&state=s"))
        #expect(returned.reason == "fault")
        #expect(returned.header("X-Request-Id") != nil)
        let unregistered = authorize("http://evil.example/")
        #expect(unregistered.status == 400)
        #expect(unregistered.json["error"] == "interaction_required")
    }

    @Test("a browser's preflight neither meets a fault nor counts for it, and the page may read the refusal")
    func preflight() throws {
        let server = try TestServer()
        _ = server.control(
            "POST", "/faults",
            ["match": ["endpoint": "userinfo"], "when": ["times": 1], "do": ["refuse": "invalid_token"]])
        let origin = ("origin", "http://localhost:3000")
        let preflight = server.send(
            HTTPRequest(
                method: "OPTIONS", path: "/oidc/v1/userinfo", query: [],
                headers: [
                    ("host", "localhost"), origin, ("access-control-request-method", "GET"),
                    ("access-control-request-headers", "authorization"),
                ]))
        #expect(preflight.status == 204)
        let refused = server.get("/oidc/v1/userinfo", headers: [origin, ("authorization", "Bearer x")])
        #expect(refused.reason == "fault")
        #expect(refused.status == 401)
        #expect(refused.header("Access-Control-Allow-Origin") == "http://localhost:3000")
    }

    @Test("a misspelled error code is refused with a suggestion, and those of newer servers are sent")
    func refusedCode() throws {
        let call = ControlCaller(server: try TestServer())
        let typo = try call("POST", "/faults", ["do": ["refuse": "invalid_grnat"]], expect: 400)
        #expect(
            typo["detail"] == "/do/refuse: \"invalid_grnat\" is not an OAuth error; did you mean \"invalid_grant\"?")
        try call("POST", "/faults", ["do": ["refuse": "slow_down"]], expect: 201)
        try call("POST", "/faults", ["do": ["refuse": "invalid_grant"]], expect: 201)
    }

    @Test(
        "secrets under other names, in other spellings and in bodies that are no form are masked in the journal and the log"
    )
    func misspelt() throws {
        let server = try TestServer()
        let secret = "S3CRETvalue"
        let names = [
            "clientSecret", "client-secret", "client_secret ", "secret", "passwd", "pwd", "api_key", "apikey",
            "Client_Secret", "auth", "bearer", "pat", "key", "passphrase", "client_pass", "mfa_code",
        ]
        _ = server.post("/oauth/v2/token", names.map { ($0, secret) })
        let bodies = [
            "{\"grant_type\":\"client_credentials\",\"client_secret\":\"\(secret)\"}",
            "grant_type%3Dclient_credentials%26client_secret%3D\(secret)", "client_secret\(secret)",
            "grant_type=client_credentials\nclient_id=svc@acme.localhost\nclient_secret=\(secret)\n",
            "grant_type=Basic \(secret)", "grant_type={'clientSecret': '\(secret)'}", "scope=Bearer \(secret)",
        ]
        let headers = [
            ("dpop", secret), ("x-amzn-oidc-data", secret), ("origin", "http://user:\(secret)@host.example"),
            ("x-api-key", secret), ("x-auth-token", secret), ("referer", "http://a/?code=\(secret)&state=1"),
            ("content-type", "application/x-www-form-urlencoded"),
        ]
        for body in bodies {
            let answer = server.send(
                HTTPRequest(method: "POST", path: "/oauth/v2/token", headers: headers, body: Array(body.utf8)))
            #expect(answer.header("Mock-Reason")?.contains(secret) != true, "\(body)")
        }
        let text = server.control("GET", "/requests")?.text ?? ""
        #expect(text.contains("client_credentials") && !text.contains(secret), "\(text)")
    }

    @Test("the fault of an unknown instance is reported as a fault, and answers as for a host of nobody")
    func instanceNotFound() throws {
        let server = try TestServer()
        _ = server.control("POST", "/faults", ["do": ["instanceNotFound": .bool(true)]])
        let answer = server.get("/oauth/v2/keys")
        #expect(answer.status == 404 && answer.reason == "fault")
        #expect(answer.text.contains("ID=QUERY-1kIjX Message=Instance not found"))
    }

    @Test("a fault that refuses answers a challenge and a request id, as a real refusal does")
    func refusalHeaders() throws {
        let server = try TestServer()
        _ = server.control("POST", "/faults", ["match": ["endpoint": "token"], "do": ["refuse": "invalid_client"]])
        let answer = server.post("/oauth/v2/token", [("grant_type", "client_credentials")])
        #expect(answer.status == 401 && answer.json["error"] == "invalid_client")
        #expect(answer.header("WWW-Authenticate") == "Basic realm=\"ZITADEL\"")
        #expect(answer.header("X-Request-Id") != nil)
    }

    @Test("what is not a secret stays readable in the journal")
    func readable() throws {
        let server = try TestServer()
        let form = [
            ("token_type_hint", "access_token"), ("requested_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            ("client_assertion_type", "urn:x"), ("code_challenge_method", "plain-and-simple"),
            ("scope", "openid profile"),
        ]
        _ = server.post("/oauth/v2/token", form)
        let text = server.control("GET", "/requests")?.text ?? ""
        for (name, value) in form { #expect(text.contains("\"\(name)\":\"\(value)\""), "\(text)") }
    }

    @Test("tokens and codes in names, methods or wrong parameters are masked in the journal")
    func misplaced() throws {
        let server = try TestServer()
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLXRoaXM"
        let code = "Qx3_kS9dLw-0PzaB7vNmT5yUiOeRtGhJ2fKcXsW8qAlZ1bVnMy"
        _ = server.post(
            "/oauth/v2/token",
            [(token, "x"), (code, "y"), ("requested_token_type", code), ("client_id", code), ("state", code)])
        _ = server.send(
            HTTPRequest(
                method: code, path: "/\(code)", headers: [("x-\(token)", code), ("referer", "http://a/?code=\(code)")]))
        let text = server.control("GET", "/requests")?.text ?? ""
        #expect(
            text.split(separator: "7vNmT5yUiOeR", omittingEmptySubsequences: false).count == 2,
            "only state keeps it: \(text)")
        #expect(!text.contains("c2lnbmF0dXJl"))
    }
}
