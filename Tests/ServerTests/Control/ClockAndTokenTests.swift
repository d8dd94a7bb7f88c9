import Crypto
import Encodings
import HTTP
import JOSE
@testable import Provider
import Storage
import TestSupport
import Testing

/// The clock, minting and explaining by the control API.
@Suite struct ClockAndTokenTests {
    private static let caller = TestServer.basic("270000000000000302", "test-api-2-secret")

    private func introspect(_ server: TestServer, _ token: String) -> HTTPResponse {
        server.post("/oauth/v2/introspect", [("token", token)], headers: [Self.caller])
    }

    private func mint(_ server: TestServer, _ body: JSONObject) throws -> String {
        let response = try #require(server.control("POST", "/tokens", .object(body)))
        #expect(response.status == 201, "\(response.text)")
        return response.json["token"]?.string ?? ""
    }

    @Test("a token is inactive when the clock is advanced by 13 hours, and active again when it is set back")
    func clock() throws {
        let server = try TestServer()
        let token = try mint(server, ["user": "svc", "audience": ["270000000000000101"]])
        #expect(introspect(server, token).json["active"] == .bool(true))
        let moved = try #require(server.control("PUT", "/clock", ["advance": "13h"]))
        #expect(moved.json["mode"] == "shifted")
        #expect(introspect(server, token).json["active"] == .bool(false))
        #expect(introspect(server, token).reason == "token_expired")
        #expect(server.control("DELETE", "/clock")?.status == 204)
        #expect(introspect(server, token).json["active"] == .bool(true))
    }

    @Test("a frozen clock does not move, and an invalid setting is reported") func frozenClock() throws {
        let server = try TestServer()
        let frozen = try #require(
            server.control("PUT", "/clock", ["now": "2030-05-01T00:00:00Z", "frozen": .bool(true)]))
        #expect(frozen.json["now"] == "2030-05-01T00:00:00Z")
        #expect(frozen.json["mode"] == "frozen")
        for body: JSON in [["advance": "soon"], ["advance": "1h", "offset": "1h"], [:], ["now": "tomorrow"]] {
            #expect(server.control("PUT", "/clock", body)?.status == 400, "\(body.text)")
        }
        #expect(server.control("GET", "/clock")?.json["now"] == "2030-05-01T00:00:00Z")
    }

    @Test("a minted token has the requested roles and claims") func claims() throws {
        let server = try TestServer()
        let token = try mint(
            server,
            [
                "user": "alice", "app": "270000000000000303", "roles": ["boss"], "claims": ["tenant": "t1"],
                "scopes": ["openid", "profile"],
            ])
        let answer = introspect(server, token).json
        #expect(answer["active"] == .bool(true))
        #expect(answer["tenant"] == "t1")
        #expect(answer["urn:zitadel:iam:org:project:roles"]?.object?["boss"] != nil)
    }

    static let reserved = ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope", "amr", "username"]

    @Test("a claim that the server sets itself is refused, not ignored", arguments: reserved)
    func reservedClaims(name: String) throws {
        let problem = try ControlCaller(server: try TestServer())(
            "POST", "/tokens", ["user": "svc", "claims": .object([name: "x", "tenant": "t1"])], expect: 400)
        #expect(problem["pointer"]?.string == "/claims/\(name)")
        #expect(problem["detail"]?.string?.contains("the server sets the claim \(name); ") == true)
    }

    @Test("minting warns about claims that responses replace, and refuses claims of personal access tokens")
    func lostClaims() throws {
        let call = ControlCaller(server: try TestServer())
        let minted = try call(
            "POST", "/tokens",
            ["user": "svc", "scopes": ["openid", "profile"], "claims": ["name": "x", "tenant": "t1"]],
            expect: 201)
        #expect(minted["warnings"]?.array?.count == 1)
        #expect(minted["warnings"]?.array?.first?.string?.contains("\"name\"") == true)
        let problem = try call(
            "POST", "/tokens", ["user": "svc", "type": "pat", "claims": ["tenant": "t1"]], expect: 400)
        #expect(problem["pointer"]?.string == "/claims")
    }

    struct Defect: Sendable, CustomTestStringConvertible {
        let defect: TokenDefect
        let reason: String?
        var testDescription: String { defect.rawValue }
    }

    static let defects: [Defect] = [
        .init(defect: .expired, reason: "token_expired"), .init(defect: .notYetValid, reason: nil),
        .init(defect: .wrongIssuer, reason: "token_issuer"), .init(defect: .wrongKey, reason: "token_signature"),
        .init(defect: .unknownKeyID, reason: "token_signature"),
        .init(defect: .algorithmNone, reason: "token_signature"),
        .init(defect: .tampered, reason: "token_signature"), .init(defect: .revoked, reason: "token_revoked"),
        .init(defect: .otherProject, reason: "aud_mismatch"), .init(defect: .noAudience, reason: "aud_empty"),
        .init(defect: .superseded, reason: "token_superseded"),
        .init(defect: .userInactiveAfterIssue, reason: "user_inactive"),
    ]

    /// ZITADEL does not look at `nbf`, so a token that is not yet valid is active.
    @Test("each defect makes the token inactive for its own reason", arguments: defects)
    func defect(_ example: Defect) throws {
        let server = try TestServer()
        let token = try mint(
            server,
            [
                "user": "alice", "app": "270000000000000303", "format": "jwt",
                "defect": .string(example.defect.rawValue),
            ])
        let answer = introspect(server, token)
        #expect(answer.reason == example.reason)
        let explanation = try #require(
            server.control("POST", "/explain", ["token": .string(token), "caller": "270000000000000302"]))
        #expect(explanation.json["reason"] == (example.reason.map(JSON.string) ?? .null))
        #expect(explanation.json["verdict"] == (example.reason == nil ? "active" : "inactive"))
        #expect(Self.defects.count == TokenDefect.allCases.count)
    }

    static let assertionReasons: [(defect: AssertionDefect?, reason: String?)] = [
        (nil, nil), (.expired, "assertion_expired"), (.tooOld, "assertion_iat_old"),
        (.fromTheFuture, "assertion_iat_future"), (.wrongAudience, "assertion_aud"), (.wrongIssuer, "client_unknown"),
        (.subjectDiffers, "assertion_sub"), (.wrongKey, "assertion_signature"), (.unknownKeyID, "kid_unknown"),
        (.noKeyID, "kid_unknown"), (.hs256, "assertion_alg"), (.algorithmNone, "assertion_alg"),
        (.tampered, "assertion_signature"), (.noIssuedAt, "assertion_iat_missing"),
        (.noExpiration, "assertion_expired"),
    ]

    @Test("each defect of an assertion is rejected for its own reason", arguments: assertionReasons)
    func assertionDefect(_ defect: AssertionDefect?, _ reason: String?) throws {
        let server = try TestServer()
        var body: JSONObject = [
            "app": "270000000000000301", "privateKey": .string(try TestServer.key("test-api").privateKey.pem),
        ]
        if let defect { body.append("defect", .string(defect.rawValue)) }
        let minted = try #require(server.control("POST", "/assertions", .object(body)))
        let assertion = minted.json["assertion"]?.string ?? ""
        let answer = server.post(
            "/oauth/v2/introspect",
            [
                ("token", "x"), ("client_assertion", assertion),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ])
        #expect(answer.reason == reason ?? "token_malformed")
        let explanation = try #require(server.control("POST", "/explain", ["assertion": .string(assertion)]))
        #expect(explanation.json["reason"] == (reason.map(JSON.string) ?? .null))
    }

    @Test("an explanation lists the checks after the one that failed, too") func laterChecks() throws {
        let server = try TestServer()
        let assertion = try #require(
            server.control(
                "POST", "/assertions",
                [
                    "app": "270000000000000301", "privateKey": .string(try TestServer.key("test-api").privateKey.pem),
                    "audience": "https://other.example", "issuedAt": "-61m", "expiresIn": "2h",
                ])?.json["assertion"])
        let checks = server.control("POST", "/explain", ["assertion": assertion])?.json["checks"]?.array ?? []
        let failed = checks.compactMap(\.object).filter { $0["result"] == "failed" }.compactMap { $0["check"]?.string }
        #expect(failed == ["assertionAudience", "assertionIssuedAt"])
        #expect(checks.last?.object?["check"] == "assertionSignature")
    }

    @Test("Basic credentials are explained without being used") func basic() throws {
        let server = try TestServer()
        let wrong = TestServer.basic("270000000000000302", "wrong").value
        let explanation = try #require(server.control("POST", "/explain", ["authorization": .string(wrong)]))
        #expect(explanation.json["verdict"] == "rejected")
        #expect(explanation.json["reason"] == "bad_secret")
        #expect(!explanation.text.contains("wrong\""))
    }

    @Test("a token that no endpoint could read is not minted", arguments: ["access", "id"]) func unreadable(
        type: String
    ) throws {
        let fixture = try SignInFixture()
        func mint(_ claims: JSONObject, _ format: String? = nil) -> HTTPResponse? {
            var body: JSONObject = [
                "type": .string(type), "user": "alice", "app": .string(SignInFixture.web), "claims": .object(claims),
            ]
            if let format { body.append("format", .string(format)) }
            return fixture.server.control("POST", "/tokens", .object(body))
        }
        var many = JSONObject()
        for number in 0..<20_001 { many.append("c\(number)", .integer(1)) }
        let large: JSONObject = ["c": .string(String(repeating: "x", count: 3_400_000))]
        let format = type == "id" ? nil : "jwt"
        for claims in [many, large] {
            let answer = mint(claims, format)
            #expect(answer?.status == 400 && answer?.json["pointer"] == "/claims", "\(answer?.text.prefix(300) ?? "")")
        }
        #expect(try fixture.server.storage.accessTokens(TokenFilter(), limit: 10).isEmpty)
        #expect(mint(["c": 1], format)?.status == 201)
    }

    @Test(
        "a refresh token that is minted as expired or tampered cannot be redeemed",
        arguments: [["defect": "expired"], ["expiresIn": "-1h"], ["defect": "tampered"], [:]] as [JSON])
    func refreshDefects(_ more: JSON) throws {
        let server = try TestServer()
        var body: JSONObject = [
            "user": "alice", "app": "270000000000000303", "type": "refresh", "scopes": ["openid", "offline_access"],
        ]
        body.members += more.object?.members ?? []
        let minted = try #require(server.control("POST", "/tokens", .object(body)))
        #expect(minted.status == 201, "\(minted.text)")
        let answer = server.post(
            "/oauth/v2/token",
            [("grant_type", "refresh_token"), ("refresh_token", minted.json["token"]?.string ?? "")],
            headers: [TestServer.basic("270000000000000303", "web-secret")])
        #expect((answer.status == 200) == (more == [:]), "\(answer.text)")
    }

    @Test("a token is minted with up to 1000 roles, and not with more") func roleLimit() throws {
        let call = ControlCaller(server: try TestServer())
        func body(_ count: Int) -> JSON {
            ["user": "svc", "project": "Shop", "roles": .strings((0..<count).map { "role\($0)" })]
        }
        try call("POST", "/tokens", body(1000), expect: 201)
        let refused = try call("POST", "/tokens", body(1001), expect: 400)
        #expect(refused["pointer"] == "/roles")
        #expect(refused["detail"]?.string?.contains("has 1001 elements; at most 1000 are allowed") == true)
    }

    @Test("a token for a human without an app is one of the first app that users sign in to") func defaultApp() throws {
        let call = ControlCaller(server: try TestServer())
        let token = try call("POST", "/tokens", ["user": "alice"], expect: 201)
        let issued = try call("GET", "/tokens/\(token.id)")
        let first = try call("GET", "/apps").items.first { $0["type"] == "oidc" }
        #expect(issued["clientId"] == first?["clientId"])
    }

    @Test("personal access tokens that the server makes have the form of the version", arguments: ["2026-07", "v3.4"])
    func personalAccessTokenForm(version: String) throws {
        let call = ControlCaller(server: try TestServer())
        try call("PATCH", "/instance", ["serverVersion": .string(version)])
        let made = try call("POST", "/users/svc/personalAccessTokens", [:], expect: 201)["token"]?.string ?? ""
        let minted = try call("POST", "/tokens", ["user": "svc", "type": "pat"], expect: 201)["token"]?.string ?? ""
        // Recorded: 277 characters of five segments, and 71 without a dot.
        for token in [made, minted] {
            #expect(token.split(separator: ".").count == (version == "v3.4" ? 1 : 5))
            #expect(abs(token.utf8.count - (version == "v3.4" ? 71 : 277)) < 10, "\(token.utf8.count)")
        }
    }

    @Test("what is explained agrees with what was found, also about the caller") func explained() throws {
        let call = ControlCaller(server: try TestServer())
        let header = TestServer.basic("270000000000000302", "test-api-2-secret").value
        let good = try call("POST", "/explain", ["authorization": .string(header)])
        #expect(good["verdict"] == "accepted")
        let secret = good["checks"]?.array?.first { $0["check"] == "secret" }
        #expect(secret?["result"] == "passed" && secret?["found"] == "that secret")
        let token = try call("POST", "/tokens", ["user": "svc"], expect: 201)["token"] ?? .null
        try call("PATCH", "/apps/270000000000000302", ["state": "inactive"])
        let refused = try call("POST", "/explain", ["token": token, "caller": "270000000000000302"])
        #expect(refused["verdict"] == "inactive" && refused["reason"] == "client_inactive")
    }
}
