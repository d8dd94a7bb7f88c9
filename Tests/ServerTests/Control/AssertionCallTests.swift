import Crypto
import Encodings
import HTTP
import JOSE
import Model
import Provider
@testable import Server
import TestSupport
import Testing

/// `POST /mock/v1/assertions` without a private key in the call.
@Suite struct AssertionCallTests {
    private static let generating = #"""
        {"organizations": [{"name": "A", "projects": [{"name": "P", "apps": [
          {"type": "api", "id": "201", "clientId": "301", "name": "Key API", "keys": [{"generate": "keys/api.json"}]},
          {"type": "api", "id": "202", "clientId": "302", "name": "Secret API", "clientSecret": "s"}]}],
         "users": [{"type": "machine", "id": "501", "userName": "svc", "keys": [{"id": "701", "generate": "keys/new.json"}]},
          {"type": "machine", "id": "502", "userName": "bare"}, {"type": "human", "id": "503", "userName": "ann"}]}]}
        """#

    private static func grant(_ server: TestServer, _ user: String) throws -> HTTPResponse {
        let minted = try #require(server.control("POST", "/assertions", ["user": .string(user)]))
        return server.post(
            "/oauth/v2/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("scope", "openid"),
                ("assertion", minted.json["assertion"]?.string ?? minted.text),
            ])
    }

    @Test("a key that the seed generated signs assertions, and so does one of a key file") func seedKeys() throws {
        let server = try TestServer(seed: Self.generating)
        #expect(try Self.grant(server, "svc").status == 200)
        let minted = try #require(server.control("POST", "/assertions", ["app": "301"]))
        #expect(minted.status == 200, "\(minted.text)")
        let demo = try TestServer()
        #expect(try Self.grant(demo, "svc").status == 200)
        _ = demo.control("POST", "/reset", [:])
        #expect(try Self.grant(demo, "svc").status == 200)
    }

    @Test("an isolated instance can sign with the keys of the seed, too") func isolated() throws {
        let server = try TestServer(seed: Self.generating)
        for instance in [try server.instance.fresh(), try server.instance.copy()] {
            let key = try #require(instance.snapshot.resources.resources.keys.first { $0.id == "701" })
            #expect(instance.privateKey(of: key) != nil)
        }
    }

    @Test("a private key does not sign for another key that was registered under its id") func replaced() throws {
        let server = try TestServer(seed: Self.generating)
        _ = server.control("DELETE", "/keys/701")
        let pem = try TestServer.key("svc").privateKey.publicKey.pem
        let made = server.control("POST", "/users/svc/keys", ["id": "701", "publicKey": .string(pem)])
        #expect(made?.status == 201, "\(made?.text ?? "")")
        let answer = try #require(server.control("POST", "/assertions", ["user": "svc"]))
        #expect(answer.status == 400 && answer.json["pointer"] == "/privateKey")
        #expect(answer.json["detail"]?.string?.contains("does not have the private key of 701") == true)
    }

    static let refused: [(body: JSON, pointer: String, detail: String)] = [
        (
            ["app": "302"], "/app",
            "app \"Secret API\" has authMethod \"basic\"; only apps with \"private_key_jwt\" have keys"
        ),
        (["user": "bare"], "/user", "user \"bare\" has no keys; POST /mock/v1/users/502/keys makes one"),
        (["user": "ann"], "/user", "user \"ann\" is a human; only service users have keys"),
        (["user": "svc", "key": "9"], "/key", "\"9\" is not a key of user \"svc\"; it has \"701\""),
        (["user": "svc", "privateKey": "x"], "/privateKey", "privateKey is not a private key in PEM"),
        (
            ["user": "svc", "privateKey": "{}"], "/privateKey",
            "privateKey is a key file; send its member \"key\" alone"
        ),
    ]

    @Test("an assertion that cannot be made is refused with the place of the problem", arguments: refused.indices)
    func refusal(index: Int) throws {
        let (body, pointer, detail) = Self.refused[index]
        let answer = try #require(TestServer(seed: Self.generating).control("POST", "/assertions", body))
        #expect(answer.status == 400)
        #expect(answer.json["pointer"] == .string(pointer) && answer.json["detail"] == .string(detail))
    }
}
