@testable import Crypto
import Encodings
@testable import JOSE
import Model
@testable import Provider
import Storage
import TestSupport
import Testing

/// Signing keys as part of the instance's state.
@Suite struct KeySetTests {
    private static let pem = Result { try PrivateKey.generate(for: .es256).pem }

    private func key(_ id: String, _ state: SigningKey.State = .active) throws -> SigningKey {
        SigningKey(id: id, algorithm: .es256, privateKey: try Self.pem.get(), state: state)
    }

    /// Rotates to a new key in one change.
    private func rotate(_ instance: Instance, to new: SigningKey) throws {
        try instance.change { snapshot in
            var old = try snapshot.keys.active().record
            old.state = .inactive
            return ([.putSigningKey(old), .putSigningKey(new)], ())
        }
    }

    private func keyIDs(_ server: TestServer) -> [String?] {
        (server.get("/oauth/v2/keys").json["keys"]?.array ?? []).map { $0.object?["kid"]?.string }
    }

    @Test("after a rotation the new key signs, and tokens of the old one stay valid") func rotation() throws {
        let server = try TestServer()
        let old = server.accessToken(of: "svc-jwt")
        let before = server.instance.snapshot
        let oldID = try before.keys.active().id
        try rotate(server.instance, to: try key("77"))
        #expect(try CompactJWS(server.accessToken(of: "svc-jwt")).keyID == "77")
        #expect(server.introspect(old).json["active"] == .bool(true))
        #expect(keyIDs(server).prefix(2) == ["77", oldID])
        #expect(try before.keys.active().id == oldID, "a request that began before sees the keys of before")
        #expect(try before.keys.key(id: "77") == nil)
    }

    @Test("a token of a removed key is no longer valid") func removal() throws {
        let server = try TestServer()
        let token = server.accessToken(of: "svc-jwt")
        let oldID = try server.instance.snapshot.keys.active().id
        try rotate(server.instance, to: try key("77"))
        try server.instance.change { _ in ([.removeSigningKey(id: oldID)], ()) }
        #expect(!keyIDs(server).contains(oldID))
        #expect(server.introspect(token).reason == "token_signature")
    }

    @Test("after each change, memory and database hold the same keys in the same order") func sameState() throws {
        let pinned = JSON.string(try Self.pem.get()).text
        for seed in [
            TestServer.demo,
            "{\"instance\": {\"signingKeys\": [{\"id\": \"9\", \"algorithm\": \"ES256\", \"privateKey\": \(pinned)}]}}",
        ] {
            let server = try TestServer(seed: seed)
            let steps: [[Change]] = [
                [.putSigningKey(try key("2"))], [.putSigningKey(try key("1", .initial))],
                [.putSigningKey(try key("2", .inactive)), .putSigningKey(try key("1"))], [.removeSigningKey(id: "2")],
                [.removeSigningKey(id: "unknown")], [.putSigningKey(try key("2", .initial))],
            ]
            for (number, changes) in steps.enumerated() {
                try server.instance.change { _ in (changes, ()) }
                #expect(try server.instance.snapshot.keys.records() == server.storage.signingKeys(), "step \(number)")
            }
        }
    }

    @Test("a change that the database rejects leaves the keys") func conflict() throws {
        let instance = try TestServer().instance
        let keys = instance.snapshot.keys
        var twin = try #require(instance.snapshot.resources.resources.users.first)
        twin.id = "95"
        #expect(throws: StorageError.self) {
            try instance.change { _ in ([.putSigningKey(try key("77")), .put(.user(twin))], ()) }
        }
        #expect(instance.snapshot.keys === keys)
        #expect(try instance.storage.signingKeys() == keys.records())
    }

    @Test("keys that did not change are not parsed again") func parsedOnce() throws {
        let instance = try TestServer().instance
        let old = try instance.snapshot.keys.active()
        let set = instance.snapshot.keys
        try instance.changeSettings { $0.settings }
        #expect(instance.snapshot.keys === set)
        try rotate(instance, to: try key("77"))
        let kept = try #require(try instance.snapshot.keys.key(id: old.id))
        #expect(kept.privateKey.handle === old.privateKey.handle && kept.record.state == .inactive)
    }

    @Test("without keys in the seed, keys are generated once, also for a request that began earlier")
    func generation() throws {
        let instance = try TestServer().instance
        #expect(try instance.storage.signingKeys().isEmpty)
        let early = instance.snapshot
        try instance.change { _ in ([.settings(early.settings)], ()) }
        let id = try instance.snapshot.keys.active().id
        #expect(try early.keys.active().id == id)
        try instance.reset([.signingKeys])
        // The request from before the reset waits for the same keys as all others.
        let pending = instance.snapshot
        try instance.transform { snapshot in (.replaced(snapshot.overrides), ()) }
        let new = try pending.keys.active().id
        #expect(new != id)
        #expect(try instance.snapshot.keys.active().id == new)
    }

    @Test("the previous key set is the one before the latest change of keys") func previous() throws {
        let instance = try TestServer().instance
        #expect(instance.snapshot.previousKeys == nil)
        let first = try instance.snapshot.keys.jwks()
        try rotate(instance, to: try key("77"))
        try instance.changeSettings { $0.settings }
        #expect(try instance.snapshot.previousKeys?.jwks() == first)
        try instance.transform { snapshot in (.replaced(snapshot.overrides), ()) }
        #expect(try instance.snapshot.previousKeys?.jwks() == first)
        let second = try instance.snapshot.keys.jwks()
        try instance.reset([.signingKeys])
        #expect(try instance.snapshot.previousKeys?.jwks() == second)
        #expect(try instance.snapshot.keys.jwks() != second)
    }
}
