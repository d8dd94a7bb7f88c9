import Encodings
import Model
import ResourceFormat
import Seeding
import TestSupport
import Testing

/// Later files that extend what earlier ones describe, and replace members of it.
@Suite struct OverlayTests {
    private let folder = TemporaryFolder()

    /// Files in the order of the texts: `0.json`, `1.json`, …
    private func files(_ texts: [String]) -> [String] {
        texts.enumerated().map { folder.write($1, to: "\($0).json") }
    }

    private func load(_ texts: String...) throws(InvalidSeed) -> Seed { try SeedReading.load(files(texts)) }

    private func problems(_ texts: String...) -> [String] {
        SeedReading.problems(paths: files(texts)).map { $0.replacing(folder.path + "/", with: "") }
    }

    private static func organization(_ members: String) -> String {
        #"{"organizations": [{"id": "1", "name": "A", \#(members)}]}"#
    }

    private static func project(_ members: String) -> String {
        organization(#""projects": [{"id": "101", "name": "P", \#(members)}]"#)
    }

    @Test("settings and lifetimes are merged member by member, and lists are replaced")
    func settings() throws {
        let seed = try load(
            #"{"instance": {"dialect": "server", "domains": ["a", "b"], "lifetimes": {"accessToken": "1h", "idToken": "2h"}}}"#,
            #"{"instance": {"impersonation": true, "domains": ["c"], "lifetimes": {"accessToken": "3h"}}}"#,
            #"{"instance": {"dialect": "documented"}}"#)
        let settings = seed.resources.settings
        #expect(settings.dialect == .documented && settings.impersonation && settings.domains == ["c"])
        #expect(settings.lifetimes.accessToken.text == "3h" && settings.lifetimes.idToken.text == "2h")
    }

    @Test("a problem of a merged member is reported at the place of that member")
    func locations() {
        #expect(
            problems(
                #"{"instance": {"autoLogin": "a", "lifetimes": {"idToken": "1h"}}}"#,
                #"{"instance": {"autoLogin": "nobody", "lifetimes": {"accessToken": "0s"}}}"#) == [
                    "1.json: /instance/lifetimes/accessToken: is zero; expected at least \"1s\"",
                    "1.json: /instance/autoLogin: there is no user \"nobody\"; expected a login name or user id",
                ])
        #expect(
            problems(
                Self.project(#""apps": [{"type": "api", "name": "a", "authMethod": "private_key_jwt"}]"#),
                Self.project(#""apps": [{"type": "api", "name": "a", "clientSecret": "s"}]"#)
            ).map { $0.prefix { $0 != ";" } } == [
                "1.json: /organizations/0/projects/0/apps/0/clientSecret: an app with authMethod \"private_key_jwt\" has no secret"
            ])
    }

    static let user =
        #""users": [{"type": "machine", "userName": "svc", "name": "One", "description": "d", "clientSecret": "s", "metadata": {"a": "1", "b": "2"}, "grants": [{"project": "P", "roles": ["r"]}], "personalAccessTokens": [{"token": "0123456789abcdef"}]}], "projects": [{"name": "P", "roles": ["r", "w"]}]"#

    @Test("members of a user are replaced; roles of grants, tokens and metadata are added")
    func users() throws {
        folder.write("other\n", to: "secret")
        let added =
            #""users": [{"type": "machine", "userName": "svc", "name": "Two", "clientSecretFile": "secret", "metadata": {"b": "3", "c": "4"}, "grants": [{"project": "P", "roles": ["w"]}], "personalAccessTokens": [{"token": "fedcba9876543210"}]}]"#
        let seed = try load(Self.organization(Self.user), Self.organization(added))
        let user = try #require(seed.resources.users.first)
        #expect(seed.resources.users.count == 1)
        #expect(user.machine?.name == "Two" && user.machine?.description == "d")
        #expect(
            user.metadata.map { "\($0.key)=\(String(decoding: $0.value, as: UTF8.self))" } == ["a=1", "b=3", "c=4"])
        #expect(seed.resources.userGrants.map(\.roles) == [["r", "w"]])
        #expect(seed.secrets[user.id] == "other", "a file takes the place of a secret in clear")
        #expect(seed.resources.personalAccessTokens.count == 2)
        let byID = try load(
            Self.organization(Self.user),
            Self.organization(
                #""users": [{"type": "machine", "id": "\#(user.id)", "userName": "svc", "state": "inactive"}]"#))
        #expect(byID.resources.users.map(\.state) == [.inactive])
    }

    @Test("members of an app are replaced, keys are added")
    func apps() throws {
        let app = #""type": "oidc", "id": "7", "name": "Web", "clientId": "web""#
        func key(_ id: String) -> String {
            #"{"id": "\#(id)", "jwk": {"kty": "EC", "crv": "P-256", "x": "WKn-ZIGevcwGIyyrzFoZNBdaq9_TsqzGl96oc0CWuis", "y": "y77t-RvAHRKTsSGdIYUfweuOvwrvDD-Q3Hv5J0fSKbE"}}"#
        }
        let seed = try load(
            Self.project(
                #""apps": [{\#(app), "authMethod": "private_key_jwt", "redirectUris": ["https://a/cb"], "keys": [\#(key("1"))]}]"#
            ),
            Self.project(
                #""apps": [{\#(app), "redirectUris": ["https://b/cb"], "devMode": true, "keys": [\#(key("2"))]}]"#))
        #expect(seed.resources.apps.map(\.oidc?.redirectUris) == [["https://b/cb"]])
        #expect(seed.resources.apps.first?.oidc?.devMode == true)
        #expect(seed.resources.apps.first?.authMethod == .privateKeyJWT)
        #expect(seed.resources.keys.map(\.id) == ["1", "2"])
    }

    @Test("a role with the same key replaces members of the existing one, which keeps its place")
    func roles() throws {
        let seed = try load(
            Self.project(#""roles": [{"key": "r", "displayName": "Read", "group": "g"}, "w"]"#),
            Self.project(#""roles": ["x", {"key": "r", "displayName": "Reader"}, "w"]"#))
        #expect(
            seed.resources.projects.first?.roles.map { "\($0.key)|\($0.displayName)|\($0.group)" } == [
                "r|Reader|g", "w||", "x||",
            ])
    }

    @Test("a duplicate within one file is a problem, in an overlay, too")
    func twice() {
        let base = Self.organization(#""projects": [], "users": []"#)
        #expect(
            problems(base, #"{"organizations": [{"name": "A"}, {"name": "A"}]}"#) == [
                "1.json: /organizations/1/name: \"A\" is already the name of an organization at /organizations/0/name; expected a unique one"
            ])
        let user = #"{"type": "human", "userName": "u"}"#
        #expect(problems(base, Self.organization("\"users\": [\(user), \(user)]")).count == 1)
        #expect(
            problems(Self.organization("\"users\": [\(user)]"), Self.organization("\"users\": [\(user), \(user)]"))
                .count == 1)
        let app = #"{"type": "api", "name": "a", "clientSecret": "s"}"#
        #expect(problems(Self.project("\"apps\": [\(app)]"), Self.project("\"apps\": [\(app), \(app)]")).count == 1)
        #expect(problems(Self.project("\"roles\": [\"r\"]"), Self.project("\"roles\": [\"r\", \"r\"]")).count == 1)
    }

    @Test("grants of the same are one, whose state is replaced; grants by other organizations are others")
    func grants() throws {
        func seed(_ projectGrants: String, _ userGrants: String) -> String {
            #"""
            {"organizations": [
                {"name": "A", "projects": [{"name": "P", "roles": ["r", "w"], "grants": [\#(projectGrants)]}]},
                {"name": "B", "users": [{"type": "machine", "userName": "u", "clientSecret": "s", "grants": [\#(userGrants)]}]}
            ]}
            """#
        }
        let merged = try load(
            seed(#"{"organization": "B", "roles": ["r"]}"#, #"{"project": "P", "roles": ["r"]}"#),
            seed(
                #"{"organization": "B", "roles": ["w", "r"]}"#,
                #"{"project": "P", "organization": "B", "roles": ["w"]}, {"project": "P", "roles": ["w"], "state": "inactive"}"#
            ))
        #expect(merged.resources.projectGrants.map(\.roles) == [["r", "w"]])
        #expect(merged.resources.userGrants.map(\.roles) == [["r", "w"], ["w"]])
        #expect(merged.resources.userGrants.map(\.state.rawValue) == ["inactive", "active"])
    }

    @Test("a file without ids may come before the file that has them: both describe the same objects")
    func order() throws {
        let base = Self.organization(
            #"""
            "projects": [{"id": "101", "name": "P", "roles": ["r"], "apps": [
                {"id": "301", "type": "api", "name": "a", "clientId": "401", "clientSecret": "s"}
            ]}],
            "users": [{"type": "machine", "id": "501", "userName": "u", "clientSecret": "s"}]
            """#)
        let overlay = #"""
            {"organizations": [{"name": "A",
                "projects": [{"name": "P", "apps": [{"type": "api", "name": "a", "state": "inactive"}]}],
                "users": [{"type": "machine", "userName": "u", "description": "d"}]
            }]}
            """#
        let seed = try load(overlay, base)
        #expect(seed.resources.organizations.map(\.id) == ["1"])
        #expect(seed.resources.projects.map(\.id) == ["101"])
        #expect(seed.resources.apps.map { [$0.id, $0.clientID, $0.state.rawValue] } == [["301", "401", "inactive"]])
        #expect(seed.resources.users.map(\.id) == ["501"])
        #expect(seed.resources.users.first?.machine?.description == "d")
    }

    @Test("a user with the same id and another name, or the same name and another id or type, is a conflict")
    func conflicts() {
        let base = Self.organization(#""users": [{"type": "human", "id": "5", "userName": "u"}]"#)
        for user in [
            #"{"type": "human", "id": "5", "userName": "v"}"#, #"{"type": "human", "id": "6", "userName": "u"}"#,
            #"{"type": "machine", "userName": "u"}"#,
        ] {
            #expect(problems(base, Self.organization("\"users\": [\(user)]")).count == 1, "\(user)")
        }
    }

    @Test("a mistake of an overlay is placed in the overlay") func place() {
        let folder = TemporaryFolder()
        let base = folder.write(
            #"{"organizations": [{"id": "1", "name": "A", "projects": [{"name": "P", "roles": ["r"], "apps": [{"type": "oidc", "name": "w", "clientSecret": "s", "redirectUris": ["https://a/cb"]}]}], "users": [{"type": "machine", "userName": "m", "grants": [{"project": "P", "roles": ["r"]}]}]}]}"#,
            to: "a.json")
        let grant = folder.write(
            #"{"organizations": [{"id": "1", "users": [{"type": "machine", "userName": "m", "grants": [{"project": "P", "roles": ["x"]}]}]}]}"#,
            to: "b.json")
        #expect(
            SeedReading.problems(paths: [base, grant]) == [
                "\(grant): /organizations/0/users/0/grants/0/roles/0: \"x\" is not a role of project \"P\"; it has \"r\""
            ])
        let method = folder.write(
            #"{"organizations": [{"id": "1", "projects": [{"name": "P", "apps": [{"type": "oidc", "name": "w", "authMethod": "none"}]}]}]}"#,
            to: "c.json")
        #expect(
            SeedReading.problems(paths: [base, method]).first?.hasSuffix(
                "the auth method follows from \(method) /organizations/0/projects/0/apps/0/authMethod") == true)
    }
}
