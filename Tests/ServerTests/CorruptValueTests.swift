import Encodings
import HTTP
import Model
import Provider
import Server
import TestSupport
import Testing

@testable import Storage

/// Databases with values that this program never writes: numbers at the ends of 64 bits, and unknown words. The server still answers.
@Suite struct CorruptValueTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.path + "/db.sqlite" }

    /// What clients had from a database.
    private struct Held {
        let tokens: JSONObject
        let code: String
        let deviceCode: String
        let userCode: String
    }

    /// Fills a database as clients do.
    private func fill(_ fixture: SignInFixture) throws -> Held {
        let tokens = try fixture.tokens(SignInFixture.native, scope: "openid offline_access")
        let code = try fixture.code(SignInFixture.native)
        func device() -> JSONObject {
            fixture.server.post(
                "/oauth/v2/device_authorization", [("client_id", SignInFixture.native), ("scope", "openid")]
            ).json
        }
        let (approved, pending) = (device(), device())
        _ = fixture.server.control(
            "POST", "/deviceAuthorizations/\(approved["user_code"]?.string ?? "")",
            ["decision": "approve", "user": "alice"])
        fixture.server.storage.checkpoint()
        return Held(
            tokens: tokens, code: code, deviceCode: approved["device_code"]?.string ?? "",
            userCode: pending["user_code"]?.string ?? "")
    }

    /// Sets every column with a number to one number.
    private func set(_ number: Int64) throws {
        let connection = try Connection(path: path)
        try connection.execute("PRAGMA ignore_check_constraints = ON")
        let columns = try connection.rows(
            """
            SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND c.type = 'INTEGER' AND NOT c.pk
            """
        ) { ($0.text(0), $0.text(1)) }
        #expect(columns.count > 30)
        for (table, column) in columns { try connection.execute("UPDATE \(table) SET \(column) = \(number)") }
        try connection.execute(
            """
            UPDATE auth_requests SET request = json_set(request, '$.maxAge', \(number), '$.creation', \(number));
            UPDATE apps SET oidc = json_set(oidc, '$.clockSkew', \(number)) WHERE oidc IS NOT NULL;
            UPDATE settings SET value = '\(number)' WHERE name = 'id_mark';
            """)
    }

    private func check(_ held: Held) throws {
        let time = TestDependencies()
        let (instance, _) = try Instance.open(try Storage(path: path), seed: nil, dependencies: time.dependencies)
        var options = Application.Options()
        options.log = .off
        let service = Application(instance, options: options)
        func send(_ request: HTTPRequest) -> Int {
            var request = request
            request.headers.append(("host", "localhost:8080"))
            guard let response = service.respond(to: request).awaited else { return 500 }
            return response.status
        }
        func post(_ path: String, _ form: [(String, String)]) -> Int {
            send(TestServer.formRequest(path, [("client_id", SignInFixture.native)] + form))
        }
        let access = held.tokens["access_token"]?.string ?? ""
        let callback = ("redirect_uri", SignInFixture.nativeCallback)
        let posts: [(String, [(String, String)])] = [
            ("/oauth/v2/introspect", [("token", access)]),
            (
                "/oauth/v2/token",
                [("grant_type", "refresh_token"), ("refresh_token", held.tokens["refresh_token"]?.string ?? "")]
            ),
            (
                "/oauth/v2/token",
                [
                    ("grant_type", "authorization_code"), ("code", held.code), callback,
                    ("code_verifier", SignInFixture.verifier),
                ]
            ),
            (
                "/oauth/v2/token",
                [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", held.deviceCode)]
            ),
            ("/device", [("user_code", held.userCode)]),
        ]
        // Random bytes are those of the first server, so a new token may be refused as one that is there. That the server lives on is what matters.
        for (path, form) in posts { #expect(post(path, form) >= 200, "\(path) \(form)") }
        let gets = [
            "/oidc/v1/userinfo", "/mock/v1/tokens", "/mock/v1/sessions", "/mock/v1/users",
            "/mock/v1/deviceAuthorizations",
            "/mock/v1/keys", "/mock/v1/clock", "/mock/v1/seed", "/oauth/v2/keys",
        ]
        for path in gets {
            let request = HTTPRequest(method: "GET", path: path, headers: [("authorization", "Bearer " + access)])
            #expect(send(request) < 500, "\(path)")
        }
        let target = try SignInFixture().target(SignInFixture.native, ["max_age": "5"])
        let parts = target.split(separator: "?", maxSplits: 1)
        let request = HTTPRequest(
            method: "GET", path: String(parts[0]), query: Array(parts[1].utf8), headers: [("mock-login-as", "alice")])
        #expect(send(request) < 500)
        try instance.removeExpired()
    }

    @Test(
        "the server stays alive with numbers at the ends of 64 bits in its database",
        arguments: [Int64.min, -1, 1 << 62, .max])
    func numbers(
        number: Int64
    ) throws {
        let held: Held
        do { held = try fill(try SignInFixture(database: path)) }
        try set(number)
        try check(held)
    }

    @Test("the server stays alive with unknown words in its database") func words() throws {
        let held: Held
        do { held = try fill(try SignInFixture(database: path)) }
        do {
            let connection = try Connection(path: path)
            try connection.execute("PRAGMA ignore_check_constraints = ON")
            for table in ["organizations", "projects", "apps", "users", "user_grants", "device_authorizations"] {
                try connection.execute("UPDATE \(table) SET state = 'nonsense'")
            }
            try connection.execute(
                """
                UPDATE apps SET auth_method = '', oidc = '{"appType": 7, "responseTypes": "x", "clockSkew": "1"}' WHERE oidc IS NOT NULL;
                UPDATE tokens SET ended = 'nonsense', scopes = '', audience = '', actor = '[]';
                UPDATE refresh_tokens SET ended = 'nonsense', access_token = x'';
                UPDATE sessions SET browser = x'', amr = '';
                UPDATE auth_requests SET request = '[]';
                UPDATE keys SET public_key = 'nonsense';
                UPDATE settings SET value = '{"lifetimes": {"accessToken": "-9223372036854775808s"}}' WHERE name = 'instance';
                """)
        }
        try check(held)
    }
}
