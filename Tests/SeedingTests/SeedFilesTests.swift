import Encodings
import Glibc
import Model
import ResourceFormat
import Seeding
import TestSupport
import Testing

/// Files of a seed as other programs leave them, and files that seeds name.
@Suite struct SeedFilesTests {
    private let folder = TemporaryFolder()
    private static let empty = #"{"organizations": []}"#

    private func write(_ bytes: [UInt8], to name: String) -> String {
        let path = folder.write("", to: name)
        let descriptor = open(path, O_WRONLY | O_TRUNC)
        _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        return path
    }

    @Test("a byte order mark of UTF-8 is ignored in seeds and key files, and UTF-16 is named")
    func byteOrderMarks() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        #expect(SeedReading.problems(paths: [write(mark + Array(Self.empty.utf8), to: "a.json")]) == [])
        let key = readText("\(packageRoot)/seed/keys/svc.json") ?? ""
        _ = write(mark + Array(key.utf8), to: "svc.json")
        let seed =
            #"{"organizations": [{"name": "A", "users": [{"type": "machine", "id": "270000000000000501", "userName": "svc", "keys": [{"keyFile": "svc.json"}]}]}]}"#
        #expect(SeedReading.problems(paths: [folder.write(seed, to: "b.json")]) == [])
        let wide = write([0xFF, 0xFE] + Self.empty.utf8.flatMap { [$0, 0] }, to: "c.json")
        #expect(SeedReading.problems(paths: [wide]) == ["\(wide): is UTF-16; save it as UTF-8"])
    }

    @Test("other files, folders and key files in a seed folder are not loaded as seeds")
    func otherFiles() throws {
        folder.write(Self.empty, to: "s/a.json")
        for name in ["._a.json", ".a.json.swp", "a.json~", "#a.json#", "schema.json", "x.schema.json"] {
            folder.write("no seed", to: "s/\(name)")
        }
        folder.write("x", to: "s/old.json/file")
        symlink("nobody@host.1234:1", folder.path + "/s/.#a.json")
        folder.write(readText("\(packageRoot)/seed/keys/svc.json") ?? "", to: "s/svc.json")
        #expect(try SeedReading.load([folder.path + "/s"]).files == [folder.path + "/s/a.json"])
    }

    @Test("a key file that was generated into the seed folder does not disturb the next start")
    func generatedKeyInSeedFolder() throws {
        folder.write(
            #"{"organizations": [{"name": "A", "users": [{"type": "machine", "userName": "svc", "keys": [{"generate": "svc.json"}]}]}]}"#,
            to: "s/a.json")
        let first = try SeedReading.load([folder.path + "/s"])
        try first.makeKeyFiles(mode: 0o644)
        var status = stat()
        #expect(stat(folder.path + "/s/svc.json", &status) == 0 && status.st_mode & 0o777 == 0o644)
        #expect(try SeedReading.load([folder.path + "/s"]).resources.keys == first.resources.keys)
    }

    @Test("a folder in which no key file can be created is reported with the flag that names another")
    func unwritable() throws {
        folder.write("", to: "file")
        let path = folder.write(
            #"{"organizations": [{"name": "A", "users": [{"type": "machine", "userName": "svc", "keys": [{"generate": "file/svc.json"}]}]}]}"#,
            to: "a.json")
        let seed = try SeedReading.load([path])
        var line = ""
        do throws(InvalidSeed) { try seed.makeKeyFiles() } catch { line = error.problems.first.map { "\($0)" } ?? "" }
        #expect(line.contains("cannot be written") && line.contains("--keys-dir"), "\(line)")
    }

    @Test("a file of another program in a folder of seeds is reported in one sentence")
    func otherPrograms() throws {
        folder.write(#"{"organizations": [{"name": "A"}]}"#, to: "s/a.json")
        folder.write(#"{"name": "x", "version": "1", "dependencies": {}}"#, to: "s/package.json")
        folder.write(#"{"keys": []}"#, to: "s/jwks.json")
        let problems = SeedReading.problems(paths: [folder.path + "/s"])
        #expect(
            problems.map { $0.replacing(folder.path, with: "") } == [
                "/s/jwks.json: is not a seed: it has neither \"organizations\" nor \"instance\", but \"keys\"; move it out of the folder, or name the seed files one by one",
                "/s/package.json: is not a seed: it has neither \"organizations\" nor \"instance\", but \"name\", \"version\", \"dependencies\"; move it out of the folder, or name the seed files one by one",
            ], "\(problems)")
    }

    @Test("a seed can be given as text instead of a path")
    func inline() throws {
        let seed = try SeedReading.load([#" {"organizations": [{"name": "A:B"}]}"#])
        #expect(seed.resources.organizations.map(\.name) == ["A:B"] && seed.files == ["MOCK_ZITADEL_SEED"])
        #expect(
            SeedReading.problems(paths: ["{\"organisations\": []}"]).first?.hasPrefix(
                "MOCK_ZITADEL_SEED: /organisations: unknown member; did you mean \"organizations\"?") == true)
    }

    @Test("secrets, passwords and tokens are read from files, without the line break at the end")
    func secretFiles() throws {
        folder.write("s3cret\r\n", to: "secret")
        folder.write("pw\n", to: "password")
        folder.write("0123456789abcdef\n", to: "token")
        let path = folder.write(
            """
            {"organizations": [{"name": "A", "projects": [{"name": "P", "apps": [{"type": "api", "id": "1", "name": "a", "clientSecretFile": "secret"}]}],
             "users": [{"type": "human", "id": "2", "userName": "h", "passwordFile": "password"},
              {"type": "machine", "id": "3", "userName": "m", "clientSecretFile": "secret", "personalAccessTokens": [{"id": "4", "tokenFile": "token"}]}]}]}
            """, to: "a.json")
        let seed = try SeedReading.load([path])
        #expect(seed.secrets == ["1": "s3cret", "3": "s3cret", "4": "0123456789abcdef"])
        #expect(seed.secretsFromEnvironment == ["1", "3", "4"], "they are not shown in the banner")
        #expect(Array(seed.deferredPasswords.values) == ["pw"])
        let twice =
            #"{"organizations": [{"name": "A", "users": [{"type": "machine", "userName": "m", "clientSecret": "a", "clientSecretFile": "secret"}]}]}"#
        #expect(
            SeedReading.problems(paths: [folder.write(twice, to: "b.json")]).first?.hasSuffix(
                "has \"clientSecret\" and \"clientSecretFile\"; expected only one of them") == true)
        let missing =
            #"{"organizations": [{"name": "A", "users": [{"type": "machine", "userName": "m", "clientSecretFile": "a\u0000b"}]}]}"#
        #expect(
            SeedReading.problems(paths: [folder.write(missing, to: "c.json")]).first?.contains("U+0000") == true)
    }

    @Test("a later file extends organizations and projects by id or name, and replaces single members")
    func overlay() throws {
        let base = folder.write(
            """
            {"organizations": [{"id": "1", "name": "ACME", "domains": ["a.example"], "projects": [{"id": "101", "name": "Shop", "roles": ["reader"],
              "apps": [{"type": "api", "name": "API", "clientSecret": "s"}]}], "users": [{"type": "machine", "userName": "svc"}]}]}
            """, to: "a.json")
        let overlay = folder.write(
            """
            {"instance": {"dialect": "server"}, "organizations": [{"name": "ACME", "domains": ["b.example"], "userLoginMustBeDomain": false,
              "projects": [{"id": "101", "roles": ["writer"], "projectRoleCheck": true, "apps": [{"type": "api", "name": "API 2", "clientSecret": "s"}]}],
              "users": [{"type": "machine", "userName": "other", "grants": [{"project": "Shop", "roles": ["reader", "writer"]}]}]}]}
            """, to: "b.json")
        let resources = try SeedReading.load([base, overlay]).resources
        #expect(resources.organizations.map(\.domains) == [["a.example", "b.example"]])
        #expect(resources.organizations.first?.userLoginMustBeDomain == false)
        #expect(resources.projects.map { $0.roles.map(\.key) } == [["reader", "writer"]])
        #expect(resources.projects.first?.projectRoleCheck == true)
        #expect(resources.apps.map(\.name) == ["API", "API 2"] && resources.users.map(\.userName) == ["svc", "other"])
        #expect(SeedReading.problems(paths: [overlay]).isEmpty == false, "alone, the project has no name")
        let settings = folder.write(#"{"instance": {"dialect": "server"}}"#, to: "d.json")
        #expect(try SeedReading.load([base, settings]).resources.settings.dialect == .server)
    }

    @Test("problems have the line and column of their member")
    func positions() {
        let path = folder.write(
            "{\n  \"organizations\": [\n    {\"name\": \"A\", \"users\": [\n      {\"type\": \"human\", \"userName\": \"é\",\n       \"state\": \"asleep\"}]}\n  ]\n}",
            to: "a.json")
        do {
            _ = try SeedReading.load([path])
            Issue.record("the seed is wrong")
        } catch {
            #expect(error.problems.map { "\($0)" }.first?.hasSuffix("(line 5, column 8)") == true, "\(error.problems)")
        }
    }

    @Test("the expiration date of a key file counts, unless the seed has another, and must be a date")
    func keyFileExpiration() throws {
        let key = readText("\(packageRoot)/seed/keys/svc.json") ?? ""
        func seed(_ more: String) -> String {
            #"{"organizations": [{"name": "A", "users": [{"type": "machine", "id": "270000000000000501", "userName": "svc", "keys": [{"keyFile": "k.json"\#(more)}]}]}]}"#
        }
        let object = try #require(try JSONParser.parse(key.utf8).object)
        func write(expiration: String) {
            var copy = object
            copy.members.removeAll { $0.name == "expirationDate" }
            copy.append("expirationDate", .string(expiration))
            folder.write(JSON.object(copy).text, to: "k.json")
        }
        func copyNumber() {
            var copy = object
            copy.members.removeAll { $0.name == "expirationDate" }
            copy.append("expirationDate", .integer(1_893_456_000))
            folder.write(JSON.object(copy).text, to: "k.json")
        }
        write(expiration: "2020-01-01T00:00:00Z")
        #expect(
            try SeedReading.load([folder.write(seed(""), to: "a.json")]).resources.keys.map(\.expiration) == [
                1_577_836_800
            ])
        let dated = folder.write(seed(#", "expirationDate": "2030-01-01T00:00:00Z""#), to: "b.json")
        #expect(try SeedReading.load([dated]).resources.keys.map(\.expiration) == [1_893_456_000])
        copyNumber()
        #expect(
            SeedReading.problems(paths: [folder.path + "/a.json"]).first?.contains(
                "the key file has an \"expirationDate\" that is a number; expected a string or null") == true)
        write(expiration: "tomorrow")
        #expect(SeedReading.problems(paths: [folder.path + "/a.json"]).first?.contains("\"tomorrow\"") == true)
    }

    @Test("a duplicate user, or a role that cannot be read, is reported as one problem")
    func consequences() {
        let user =
            #"{"type": "machine", "id": "7", "userName": "svc", "personalAccessTokens": [{"id": "8", "token": "0123456789abcdef"}], "grants": [{"id": "9", "project": "P", "roles": ["r"]}]}"#
        let twice =
            #"{"organizations": [{"name": "A", "projects": [{"name": "P", "roles": ["r"]}], "users": [\#(user), \#(user)]}]}"#
        #expect(SeedReading.problems(text: twice).count == 1)
        let number =
            #"{"organizations": [{"name": "A", "projects": [{"name": "P", "roles": [16]}], "users": [{"type": "machine", "userName": "s", "grants": [{"project": "P", "roles": ["16"]}]}]}]}"#
        #expect(SeedReading.problems(text: number).count == 1)
    }

    @Test("an API app without credentials and a web app without redirect URIs cause a warning")
    func warnings() throws {
        let seed = try SeedReading.load(
            text:
                #"{"organizations": [{"name": "A", "projects": [{"name": "P", "apps": [{"type": "api", "name": "a"}, {"type": "oidc", "name": "w", "clientSecret": "s"}]}]}]}"#
        )
        #expect(
            seed.warnings.map(\.pointer) == [
                "/organizations/0/projects/0/apps/0", "/organizations/0/projects/0/apps/1",
            ])
    }

    static let values: [(member: String, value: String, message: String)] = [
        ("phone", "abc", "is not a phone number"), ("preferredLanguage", "english", "is not a language tag"),
        ("picture", "me.png", "is not a URI"),
    ]

    @Test("implausible values of a person's profile are refused", arguments: values.indices)
    func profile(index: Int) {
        let (member, value, message) = Self.values[index]
        let seed =
            #"{"organizations": [{"name": "A", "users": [{"type": "human", "userName": "a", "\#(member)": "\#(value)"}]}]}"#
        #expect(SeedReading.problems(text: seed).first?.contains(message) == true)
    }

    @Test("a dangling symbolic link is distinguished from a missing file") func brokenLink() {
        let folder = TemporaryFolder()
        symlink("none.json", folder.path + "/x.json")
        let expected = "\(folder.path)/x.json: is a link to none.json, which is not there; name a seed file"
        #expect(SeedReading.problems(paths: [folder.path]).first?.hasPrefix(expected) == true)
    }

    @Test(
        "a folder without a seed is reported with the file that only lacks the extension",
        arguments: ["Seed.JSON", "seed.yaml"])
    func nearlySeed(name: String) {
        let folder = TemporaryFolder()
        folder.write("{}", to: name)
        let expected = "\(folder.path): the folder holds no seed; expected *.json files; \(name) does not end in .json"
        #expect(SeedReading.problems(paths: [folder.path]) == [expected])
    }

    @Test("a named pipe as secret file is refused at once, as it may have no writer") func pipe() {
        let folder = TemporaryFolder()
        mkfifo(folder.path + "/secret", 0o600)
        let seed = folder.write(
            #"{"organizations": [{"name": "A", "users": [{"type": "machine", "userName": "m", "clientSecretFile": "secret"}]}]}"#,
            to: "seed.json")
        #expect(SeedReading.problems(paths: [seed]).first?.hasSuffix("/secret: is a pipe; name a file") == true)
    }

    @Test("a key file that cannot be written is reported before it is generated") func reportedBefore() throws {
        let folder = TemporaryFolder()
        let seed = folder.write(
            #"{"organizations": [{"name": "A", "users": [{"type": "machine", "userName": "m", "keys": [{"generate": "keys/m.json"}]}]}]}"#,
            to: "seed.json")
        #expect(try SeedReading.load([seed]).keyFileProblems.isEmpty)
        folder.write("", to: "keys")
        let problems = try SeedReading.load([seed]).keyFileProblems
        #expect(problems.count == 1)
        #expect(problems.first?.message.contains("/keys: Not a directory; name a folder that can be written") == true)
    }
}
