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
    private static let rich = """
        {"instance": {"domains": ["localhost", "[::1]:8080"], "issuer": "https://id.example", "projectId": "9", "dialect": "server",
          "serverVersion": "v3.4", "opaqueTokenFormat": "classic", "unknownScopes": "keep", "impersonation": true, "backChannelLogout": true,
          "autoLogin": "alice@acme.localhost", "debugOidcParentError": true, "lifetimes": {"accessToken": "90m", "deviceCode": "30s"}},
         "organizations": [
          {"name": "ACME", "domains": ["acme.example"], "projects": [
            {"name": "Shop", "state": "inactive", "projectRoleAssertion": true, "projectRoleCheck": true, "hasProjectCheck": true,
             "roles": ["reader", {"key": "writer", "displayName": "W", "group": "g"}], "grants": [{"organization": "Partner", "roles": ["reader"]}],
             "apps": [
               {"type": "api", "name": "API", "clientSecret": "s"}, {"type": "api", "name": "Key API", "keys": [{"generate": "k.json"}]},
               {"type": "oidc", "name": "Web", "clientSecret": "x", "redirectUris": ["https://a.example/cb"], "responseTypes": [],
                "grantTypes": ["device_code", "refresh_token"], "clockSkew": "3s", "additionalOrigins": ["https://b.example"],
                "backChannelLogoutUri": "http://c.example/out", "accessTokenType": "jwt", "devMode": true},
               {"type": "oidc", "name": "Page", "appType": "user_agent", "state": "inactive", "postLogoutRedirectUris": ["https://a.example/"]}]}],
           "users": [
             {"type": "human", "userName": "alice", "firstName": "A", "lastName": "B", "displayName": "", "gender": "diverse", "preferredLanguage": "de-CH",
              "email": "a@b.c", "phone": "+41 79 123", "picture": "https://a.example/p.png", "password": "pw", "changeDate": "2024-01-01T00:00:00Z",
              "claims": {"a": [1, {"b": "$${C}"}]}, "metadata": {"k": "v", "x-y": "z", "bytes": {"base64": "/wA="}}, "instanceRoles": ["IAM_OWNER"],
              "grants": [{"project": "Shop", "roles": ["writer"], "state": "inactive"}]},
             {"type": "machine", "userName": "svc", "name": "", "description": "d $${HOME} $$$${HOME} $$ {}", "accessTokenType": "jwt", "clientSecret": "y", "state": "locked",
              "personalAccessTokens": [{"token": "0123456789abcdefgh", "scopes": [], "creationDate": "2025-01-01T00:00:00Z", "expirationDate": "2030-01-01T00:00:00Z"}, {}]}]},
          {"name": "Partner", "userLoginMustBeDomain": false, "state": "inactive",
           "users": [{"type": "human", "userName": "bob", "passwordHash": "scrypt:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                      "grants": [{"project": "Shop", "roles": ["reader"], "organization": "Partner"}]}]}]}
        """

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
