import Encodings
import HTTP
import Model
import Storage
import TestSupport
import Testing

/// The seed is declarative: a start brings the database to what it says.
@Suite struct ReloadTests {
    private static func edit(_ old: String, _ new: String) -> String {
        TestServer.demo.split(separator: old).joined(separator: new)
    }

    private let folder = TemporaryFolder()
    private let time = TestDependencies()

    private func start(_ seed: String = TestServer.demo) throws -> TestServer {
        try TestServer(seed: seed, database: folder.path + "/db.sqlite", time: time)
    }

    @Test("tokens and keys survive a restart", arguments: ["svc", "svc-jwt"]) func restart(user: String) throws {
        let token = try start().accessToken(of: user)
        let server = try start()
        #expect(server.introspect(token).json["active"] == .bool(true))
    }

    @Test("removing a user removes its tokens") func removed() throws {
        let kept: String
        let gone: String
        do {
            let server = try start()
            (kept, gone) = (server.accessToken(of: "svc"), server.accessToken(of: "svc-jwt"))
            #expect(server.introspect(gone).json["active"] == .bool(true))
        }
        let users = try #require(JSONParser.parse(TestServer.demo.utf8).object)
        let without = try Self.withoutUser("svc-jwt", users)
        do {
            let server = try start(without)
            #expect(server.introspect(gone).reason == "token_unknown")
            #expect(server.introspect("pat-svc-jwt-0123456789abcdef").text == "{\"active\":false}\n")
            #expect(server.introspect(kept).json["active"] == .bool(true))
            let answer = server.post(
                "/oauth/v2/token", [("grant_type", "client_credentials"), ("scope", "openid")],
                headers: [TestServer.basic("svc-jwt@acme.localhost", "svc-jwt-secret")])
            #expect(answer.reason == "user_unknown")
        }
        #expect(try start().introspect(gone).reason == "token_unknown", "also when the user comes back")
    }

    private static func withoutUser(_ name: String, _ seed: JSONObject) throws -> String {
        func edit(_ value: JSON) -> JSON {
            switch value {
            case .object(var object):
                for index in object.members.indices { object.members[index].value = edit(object.members[index].value) }
                return .object(object)
            case .array(let values): return .array(values.filter { $0.object?["userName"] != .string(name) }.map(edit))
            default: return value
            }
        }
        return edit(.object(seed)).text
    }

    @Test("apps that swap their client ids answer as their new ids") func swappedIDs() throws {
        _ = try start()
        let swapped = Self.edit("\"clientId\": \"270000000000000302\"", "\"clientId\": \"moved\"")
            .split(separator: "\"clientId\": \"270000000000000303\"").joined(
                separator: "\"clientId\": \"270000000000000302\""
            )
            .split(separator: "\"clientId\": \"moved\"").joined(separator: "\"clientId\": \"270000000000000303\"")
        let server = try start(swapped)
        let token = server.accessToken()
        for (id, secret, isActive) in [
            ("270000000000000303", "test-api-2-secret", true), ("270000000000000302", "web-secret", true),
            ("270000000000000302", "test-api-2-secret", false),
        ] {
            let answer = server.post(
                "/oauth/v2/introspect", [("token", token)], headers: [TestServer.basic(id, secret)])
            #expect((answer.json["active"] == .bool(true)) == isActive, "\(id) \(secret)")
        }
    }

    @Test("the change date stays when nothing changed, and moves when something did") func changeDate() throws {
        func updated(_ server: TestServer) -> JSON? { server.introspect(server.accessToken()).json["updated_at"] }
        let first = time.now
        #expect(updated(try start()) == .integer(first))
        time.advance(bySeconds: 100)
        #expect(updated(try start()) == .integer(first))
        time.advance(bySeconds: 100)
        #expect(
            updated(try start(Self.edit("\"name\": \"Service\"", "\"name\": \"Service 2\""))) == .integer(first + 200))
    }

    @Test("a personal access token that the seed leaves to be generated keeps its value and its date")
    func madeToken() throws {
        let seed = Self.edit("\"token\": \"pat-svc-0123456789abcdef\"", "\"scopes\": [\"openid\"]")
        let digest: [UInt8]
        let creation: Int64
        do {
            let token = try #require(
                try start(seed).storage.resources().personalAccessTokens.first { $0.id == "270000000000000601" })
            (digest, creation) = (token.digest, token.creation)
        }
        time.advance(bySeconds: 100)
        let again = try #require(
            try start(seed).storage.resources().personalAccessTokens.first { $0.id == "270000000000000601" })
        #expect(again.digest == digest)
        #expect(again.creation == creation)
    }

    @Test("applying a seed twice changes nothing") func idempotence() throws {
        let before = try start().storage.resources()
        time.advance(bySeconds: 1)
        var after = try start().storage.resources()
        // Secrets are salted anew each time, so only they may differ.
        for index in after.users.indices { after.users[index].secret = before.users[index].secret }
        for index in after.apps.indices { after.apps[index].secret = before.apps[index].secret }
        #expect(after == before)
    }

    @Test("without a seed the server starts with what the database holds") func noSeed() throws {
        let resources = try start().storage.resources()
        let storage = try Storage(path: folder.path + "/db.sqlite")
        #expect(try storage.resources() == resources)
    }
}
