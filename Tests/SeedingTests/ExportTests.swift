import Crypto
import Encodings
import JOSE
import Model
import ResourceFormat
import Seeding
import TestSupport
import Testing

/// The export of any seed loads again to the same resources.
@Suite struct ExportTests {
    private static let rich = testFile("SeedingTests/Fixtures/rich.json")

    /// Resources of a seed with all passwords hashed.
    private static func resources(_ seed: Seed) -> Resources {
        var resources = seed.resources
        for index in resources.users.indices {
            guard let secret = resources.users[index].secret, secret.isDeferred else { continue }
            let password = seed.deferredPasswords[secret.salt] ?? ""
            resources.users[index].secret = SecretHash(salt: secret.salt, digest: scrypt(password, salt: secret.salt))
        }
        return resources
    }

    @Test(
        "an exported seed loads again to the same resources",
        arguments: ["seed/demo.json", "seed/examples/python.json", ""])
    func roundTrip(path: String) throws {
        let folder = TemporaryFolder()
        let source = path.isEmpty ? folder.write(Self.rich, to: "rich.json") : "\(packageRoot)/\(path)"
        let before = Self.resources(try SeedReading.load([source]))
        let text = JSON.object(ResourceEncoder(before).seed).text
        let after = try SeedReading.load([folder.write(text, to: "export.json")])
        #expect(Self.resources(after) == before)
        #expect(after.deferredPasswords.isEmpty && after.secrets.isEmpty && after.keyFilesToCreate.isEmpty)
        #expect(JSON.object(ResourceEncoder(after.resources).seed).text == text)
    }

    @Test("an export contains no secret in clear")
    func secrets() throws {
        let folder = TemporaryFolder()
        let seed = try SeedReading.load([folder.write(Self.rich, to: "rich.json")])
        let text = JSON.object(ResourceEncoder(Self.resources(seed)).seed).text
        for secret in ["\"pw\"", "\"s\"", "\"x\"", "\"y\"", "0123456789abcdefgh"] { #expect(!text.contains(secret)) }
        for value in seed.generatedTokens.values { #expect(!text.contains(value)) }
    }

    @Test("an export contains pinned signing keys")
    func signingKeys() throws {
        let folder = TemporaryFolder()
        let pem = JSON.string(try TestServer.key("web-key").privateKey.pem).text
        let seed =
            #"{"instance": {"signingKeys": [{"id": "5", "privateKey": \#(pem)}, {"id": "6", "privateKey": \#(pem), "state": "inactive"}]}}"#
        let before = try SeedReading.load([folder.write(seed, to: "a.json")]).resources
        let after = try SeedReading.load([
            folder.write(JSON.object(ResourceEncoder(before).seed).text, to: "b.json")
        ]).resources
        #expect(after == before && after.signingKeys.map(\.state) == [.active, .inactive])
    }
}
