import Encodings
import Glibc
import HTTP
import JOSE
import TestSupport
import Testing

/// Complete answers (status, headers in order, body), compared with files. `UPDATE_GOLDEN=1` writes them anew; read the difference before you commit it.
@Suite struct GoldenTests {
    private static let folder = packageRoot + "/Tests/ServerTests/Golden"
    private static let basic = TestServer.basic(ReferenceFixture.idOfB, ReferenceFixture.secretOfB)

    private static func text(_ answer: HTTPResponse) -> String {
        "\(answer.status)\n" + answer.headers.map { "\($0.name): \($0.value)\n" }.joined() + "\n" + answer.text
    }

    /// The claims of a token in the place of the token, whose signature and random parts are not the same each time.
    private static func decoded(_ answer: HTTPResponse) throws -> HTTPResponse {
        var answer = answer
        var object = answer.json
        for index in object.members.indices {
            guard let token = object.members[index].value.string, let jws = try? CompactJWS(token) else { continue }
            var claims = jws.claims
            // The hash of a token that is signed by chance of a padding changes with it; elsewhere its value is checked.
            for member in claims.members.indices where claims.members[member].name == "at_hash" {
                claims.members[member].value = .string("...")
            }
            object.members[index].value = .object(["header": .object(jws.header ?? [:]), "claims": .object(claims)])
        }
        answer.body = JSON.object(object).bytes() + [10]
        return answer
    }

    static let examples: [(name: String, instance: String, send: @Sendable (ReferenceFixture) throws -> HTTPResponse)] =
        [
            ("token-opaque", "", { try decoded($0.tokenAnswer()) }),
            ("token-jwt", "", { try decoded($0.tokenAnswer(of: "svc-jwt")) }),
            ("token-classic", "\"serverVersion\": \"v3.4\"", { try decoded($0.tokenAnswer()) }),
            ("introspection-struct-order", "", { $0.introspect($0.token(of: "svc-plain")) }),
            ("introspection-sorted", "", { $0.introspect($0.token()) }),
            ("introspection-personal-access-token", "", { $0.introspect("pat-svc-0123456789abcdef") }),
            ("introspection-inactive", "", { $0.introspect("garbage") }),
            (
                "introspection-refused-documented", "",
                {
                    $0.introspect(
                        [("token", "x")], headers: [TestServer.basic(ReferenceFixture.idOfB, "wrong")],
                        dialect: "documented")
                }
            ),
            (
                "introspection-refused-server", "",
                { $0.introspect([("token", "x")], headers: [TestServer.basic(ReferenceFixture.idOfB, "wrong")]) }
            ),
            (
                "introspection-refused-with-parent", "\"debugOidcParentError\": true",
                { $0.introspect([("token", "x")], headers: [TestServer.basic("999", "x")]) }
            ),
            (
                "introspection-cross-origin", "",
                { $0.introspect([("token", "x")], headers: [basic, ("origin", "https://app.test")]) }
            ),
            (
                "revocation", "",
                {
                    $0.server.post(
                        "/oauth/v2/revoke", [("token", "x")],
                        headers: [TestServer.basic("270000000000000303", "web-secret")])
                }
            ),
            (
                "userinfo", "",
                { $0.server.get("/oidc/v1/userinfo", headers: [("authorization", "Bearer \($0.token())")]) }
            ),
            ("userinfo-refused-documented", "", { $0.server.get("/oidc/v1/userinfo") }),
            (
                "userinfo-refused-server", "",
                { $0.server.get("/oidc/v1/userinfo", headers: [("mock-dialect", "server")]) }
            ),
            ("discovery-2026-07", "", { $0.server.get("/.well-known/openid-configuration") }),
            ("discovery-v4.13", "\"serverVersion\": \"v4.13\"", { $0.server.get("/.well-known/openid-configuration") }),
            ("discovery-v3.4", "\"serverVersion\": \"v3.4\"", { $0.server.get("/.well-known/openid-configuration") }),
            ("discovery-v2.71", "\"serverVersion\": \"v2.71\"", { $0.server.get("/.well-known/openid-configuration") }),
            ("keys-2026-07", "", { $0.server.get("/oauth/v2/keys") }),
            ("keys-v2.71", "\"serverVersion\": \"v2.71\"", { $0.server.get("/oauth/v2/keys") }),
            ("not-found", "", { $0.server.get("/nothing") }),
            ("not-found-below-oauth", "", { $0.server.get("/oauth/v2/nothing") }),
            ("unknown-host", "\"domains\": [\"a.test\"]", { $0.server.get("/oauth/v2/keys") }),
            (
                "preflight", "",
                {
                    $0.server.send(
                        HTTPRequest(
                            method: "OPTIONS", path: "/oauth/v2/token",
                            headers: [
                                ("origin", "https://app.test"), ("access-control-request-method", "POST"),
                                ("access-control-request-headers", "authorization"),
                            ]))
                }
            ),
        ]

    @Test("a response of each kind equals its file in Golden, byte for byte", arguments: examples.indices)
    func golden(index: Int) throws {
        let example = Self.examples[index]
        let answer = Self.text(try example.send(ReferenceFixture(instance: example.instance)))
        let path = "\(Self.folder)/\(example.name).txt"
        if getenv("UPDATE_GOLDEN") != nil {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            let bytes = Array(answer.utf8)
            #expect(write(descriptor, bytes, bytes.count) == bytes.count)
            close(descriptor)
        }
        #expect(readText(path) == answer, "\(path); UPDATE_GOLDEN=1 writes it anew")
    }
}
