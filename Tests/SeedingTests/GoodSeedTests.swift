import Encodings
import Glibc
import Model
import OAuth
import ResourceFormat
import Seeding
import TestSupport
import Testing

@Suite struct GoodSeedTests {
    private static func keyFixture(_ name: String) -> String {
        readText("\(packageRoot)/Tests/SeedingTests/Broken/keys/\(name)") ?? ""
    }

    /// A machine user with the given further members.
    private static func machine(_ members: String) -> String {
        #"{"organizations": [{"id": "1", "name": "ACME", "users": [{"type": "machine", "id": "501", "userName": "svc", \#(members)}]}]}"#
    }

    @Test(
        "every shipped seed is valid",
        arguments: ["seed", "seed/demo.json", "seed/examples", "seed/examples/python.json"])
    func shipped(path: String) {
        #expect(SeedReading.problems(paths: ["\(packageRoot)/\(path)"]) == [])
    }

    @Test("the shipped schema is the one that the program writes")
    func schema() {
        #expect(readText("\(packageRoot)/seed/schema.json") == SeedSchema.document.pretty() + "\n")
    }

    @Test("a seed with an empty list of organizations is valid, with all settings at their defaults")
    func empty() throws {
        let seed = try SeedReading.load(text: #"{"$schema": "x", "x-note": [1], "organizations": []}"#)
        let settings = seed.resources.settings
        #expect(seed.resources.organizations.isEmpty && seed.resources.signingKeys.isEmpty)
        #expect(
            settings.domains.isEmpty && settings.issuer == nil && settings.opaqueTokenFormat == nil
                && settings.autoLogin == nil)
        #expect(
            settings.dialect == .documented && settings.serverVersion == .of2026July && settings.unknownScopes == .drop)
        #expect(!settings.impersonation && !settings.backChannelLogout && !settings.debugOidcParentError)
        let lifetimes = settings.lifetimes
        let texts = [
            lifetimes.accessToken, lifetimes.idToken, lifetimes.refreshTokenIdle, lifetimes.refreshToken,
            lifetimes.deviceCode, lifetimes.authorizationCode,
        ].map(\.text)
        #expect(texts == ["12h", "12h", "720h", "2160h", "5m", "10m"])
    }

    @Test("a member that a seed leaves out has the documented default")
    func defaults() throws {
        let seed = try SeedReading.load(
            text: """
                {"organizations": [{"name": "Big Shop & Co", "projects": [{"name": "P", "roles": ["reader", {"key": "writer", "displayName": "W", "group": "g"}],
                 "apps": [{"type": "api", "name": "a"}, {"type": "oidc", "name": "w"}, {"type": "oidc", "name": "n", "appType": "native"},
                 {"type": "oidc", "name": "u", "appType": "user_agent", "grantTypes": ["device_code", "token_exchange"]}]}],
                 "users": [{"type": "human", "userName": "h", "firstName": "A", "lastName": "B"},
                           {"type": "machine", "userName": "m", "personalAccessTokens": [{}]}]}]}
                """)
        let organization = try #require(seed.resources.organizations.first)
        #expect(organization.primaryDomain == "big-shop--co.localhost")
        #expect(organization.userLoginMustBeDomain && organization.state == .active && organization.domains.isEmpty)
        let project = try #require(seed.resources.projects.first)
        #expect(
            !project.projectRoleAssertion && !project.projectRoleCheck && !project.hasProjectCheck
                && project.state == .active)
        #expect(
            project.roles == [
                ProjectRole(key: "reader", displayName: "", group: ""),
                ProjectRole(key: "writer", displayName: "W", group: "g"),
            ])
        #expect(seed.resources.apps.map(\.authMethod) == [.basic, .basic, .none, .none])
        #expect(seed.resources.apps.map { $0.oidc == nil } == [true, false, false, false])
        let web = try #require(seed.resources.apps[1].oidc)
        #expect(
            web.appType == .web && web.responseTypes == [.code] && web.grantTypes == [.authorizationCode]
                && web.accessTokenType == .bearer)
        #expect(
            web.redirectUris.isEmpty && web.clockSkew == 0 && !web.devMode && !web.accessTokenRoleAssertion
                && !web.idTokenRoleAssertion)
        #expect(
            seed.resources.apps[3].oidc?.grantTypes == [.deviceCode, .tokenExchange])
        var human = HumanProfile()
        human.firstName = "A"
        human.lastName = "B"
        human.displayName = "A B"
        #expect(seed.resources.users[0].kind == .human(human))
        #expect(seed.resources.users[1].machine == MachineProfile(name: "m", description: "", accessTokenType: .bearer))
        let token = try #require(seed.resources.personalAccessTokens.first)
        #expect(token.expiration == 253_402_300_799)
        #expect(
            token.scopes == [
                "openid", "profile", "urn:zitadel:iam:user:metadata", "urn:zitadel:iam:user:resourceowner",
            ])
        #expect(seed.generatedTokens[token.id]?.split(separator: ".").count == 5)
    }

    @Test("derived ids are 18 digits and the same on every run and every machine")
    func derivedIDs() throws {
        let text =
            #"{"organizations": [{"name": "ACME", "projects": [{"name": "Shop", "apps": [{"type": "api", "name": "API"}]}], "users": [{"type": "machine", "userName": "svc"}]}]}"#
        let resources = try SeedReading.load(text: text).resources
        let ids = [
            resources.organizations[0].id, resources.projects[0].id, resources.apps[0].id, resources.apps[0].clientID,
            resources.users[0].id,
        ]
        #expect(
            ids == [
                "671400107489534040", "634364177653586033", "978486722661837285", "131627926054783268",
                "553845430893666745",
            ])
        #expect(Set(ids).count == 5 && ids.allSatisfy { $0.count == 18 })
    }

    @Test("every form of a key gives the same public key")
    func keyForms() throws {
        let folder = TemporaryFolder()
        folder.write(Self.keyFixture("good.pub.pem"), to: "keys/good.pub.pem")
        folder.write(Self.keyFixture("user.json"), to: "keys/user.json")
        folder.write(Self.keyFixture("user.json"), to: "made/svc.json")
        let pem = Self.keyFixture("good.pub.pem")
        let jwk = Self.keyFixture("good.jwk.json")
        let keys = """
            {"id": "1", "publicKey": \(JSON.string(pem).text)}, {"id": "2", "publicKeyFile": "keys/good.pub.pem"}, {"id": "3", "jwk": \(jwk)},
            {"keyFile": "keys/user.json", "expirationDate": "2030-01-01T00:00:00Z"}
            """
        let path = folder.write(Self.machine("\"keys\": [\(keys)]"), to: "seed.json")
        let seed = try SeedReading.load([path])
        #expect(seed.resources.keys.map(\.id) == ["1", "2", "3", "901"])
        #expect(seed.resources.keys.allSatisfy { $0.publicKey == pem && $0.owner == .user("501") })
        #expect(
            seed.resources.keys.map(\.expiration) == [253_402_300_799, 253_402_300_799, 253_402_300_799, 1_893_456_000])
        let generated = folder.write(Self.machine(#""keys": [{"generate": "made/svc.json"}]"#), to: "generate.json")
        let found = try SeedReading.load([generated])
        #expect(found.keyFilesToCreate.isEmpty)
        #expect(found.resources.keys.map(\.id) == ["901"])
    }

    @Test("a key file is generated once, readable by its owner only, and used from then on")
    func generate() throws {
        let folder = TemporaryFolder()
        let path = folder.write(
            Self.machine(#""keys": [{"generate": "made/by/us/svc.json", "expirationDate": "2030-01-01T00:00:00Z"}]"#),
            to: "seed.json")
        let first = try SeedReading.load([path], keysFolder: folder.path + "/all/keys")
        #expect(folder.read("all/keys/made/by/us/svc.json") == nil, "reading a seed writes nothing")
        try first.makeKeyFiles()
        var status = stat()
        #expect(stat(folder.path + "/all/keys/made/by/us/svc.json", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        let content = try #require(folder.read("all/keys/made/by/us/svc.json"))
        let members = try #require(try JSONParser.parse(content.utf8).object)
        #expect(members["type"] == .string("serviceaccount") && members["userId"] == .string("501"))
        #expect(members["expirationDate"] == .string("2030-01-01T00:00:00Z"))
        let second = try SeedReading.load([path], keysFolder: folder.path + "/all/keys")
        #expect(second.keyFilesToCreate.isEmpty)
        #expect(second.resources.keys == first.resources.keys)
        try second.makeKeyFiles()
        #expect(folder.read("all/keys/made/by/us/svc.json") == content)
    }

    @Test(
        "variables of the environment are substituted",
        arguments: [
            ("${NAME}", "value"), ("a ${NAME} b ${NAME}", "a value b value"), ("${NONE:-standard}", "standard"),
            ("${NAME:-standard}", "value"),
            ("${NONE:-}x", "x"), ("$${NAME}", "${NAME}"), ("$NAME", "$NAME"), ("$", "$"), ("${EMPTY}x", "x"),
            ("${NONE:-a:-b}", "a:-b"),
        ])
    func environment(text: String, value: String) throws {
        let seed = try SeedReading.load(
            text: Self.machine("\"description\": \(JSON.string(text).text)"),
            environment: ["NAME": "value", "EMPTY": ""])
        #expect(seed.resources.users.first?.machine?.description == value)
    }

    @Test("a secret from the environment is marked as such, and a default or a literal one is not")
    func secretsFromEnvironment() throws {
        for (text, isMarked) in [("${SECRET}", true), ("${OTHER:-s}", false), ("s", false)] {
            let seed = try SeedReading.load(
                text: Self.machine("\"clientSecret\": \"\(text)\""), environment: ["SECRET": "s"])
            #expect(seed.secrets == ["501": "s"])
            #expect(seed.secretsFromEnvironment.contains("501") == isMarked)
        }
    }

    @Test(
        "a folder loads its *.json files in the order of names, without schemas and what is below keys, and merges them"
    )
    func folders() throws {
        let folder = TemporaryFolder()
        folder.write(
            #"{"organizations": [{"name": "B", "users": [{"type": "human", "userName": "b", "grants": [{"project": "P", "roles": ["r"]}]}]}]}"#,
            to: "b.json")
        folder.write(
            #"{"instance": {"dialect": "server"}, "organizations": [{"name": "C", "projects": [{"name": "P", "roles": ["r"]}]}]}"#,
            to: "c.json")
        folder.write(#"{"organizations": [{"name": "A"}]}"#, to: "a.json")
        for name in ["schema.json", "my.schema.json", "keys/key.json", "notes.txt"] {
            folder.write("no seed", to: name)
        }
        let seed = try SeedReading.load([folder.path])
        #expect(seed.files == ["a.json", "b.json", "c.json"].map { "\(folder.path)/\($0)" })
        #expect(seed.resources.organizations.map(\.name) == ["A", "B", "C"])
        #expect(seed.resources.settings.dialect == .server)
        #expect(seed.resources.userGrants.first?.projectID == seed.resources.projects.first?.id)
    }

    @Test(
        "references are ids or unique names, and grants can be for the roles granted to an organization",
        arguments: ["101", "Shop"], ["2", "Partner"])
    func references(project: String, organization: String) throws {
        let seed = try SeedReading.load(
            text: """
                {"organizations": [
                 {"id": "1", "name": "ACME", "projects": [{"id": "101", "name": "Shop", "roles": ["reader", "writer"],
                  "grants": [{"id": "151", "organization": "\(organization)", "roles": ["reader"], "state": "inactive"}]}]},
                 {"id": "2", "name": "Partner", "users": [{"type": "human", "id": "511", "userName": "bob",
                  "grants": [{"id": "161", "project": "\(project)", "roles": ["reader"], "organization": "\(organization)"},
                             {"id": "162", "project": "\(project)", "roles": ["writer"]}]}]}]}
                """)
        #expect(
            seed.resources.projectGrants == [
                ProjectGrant(id: "151", projectID: "101", organizationID: "2", roles: ["reader"], state: .inactive)
            ])
        #expect(
            seed.resources.userGrants == [
                UserGrant(
                    id: "161", userID: "511", projectID: "101", organizationID: "2", roles: ["reader"], state: .active),
                UserGrant(
                    id: "162", userID: "511", projectID: "101", organizationID: "1", roles: ["writer"], state: .active),
            ])
    }

    @Test(
        "autoLogin names the user by login name, in any letter case, or by id",
        arguments: ["alice@acme.localhost", "ALICE@acme.localhost", "511"])
    func autoLogin(name: String) throws {
        let text =
            #"{"instance": {"autoLogin": "\#(name)"}, "organizations": [{"name": "ACME", "users": [{"type": "human", "id": "511", "userName": "alice"}]}]}"#
        #expect(try SeedReading.load(text: text).resources.settings.autoLogin == name)
    }
}
