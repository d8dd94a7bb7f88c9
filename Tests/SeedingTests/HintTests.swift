import Encodings
import ResourceFormat
import Seeding
import TestSupport
import Testing

/// One problem for each mistake, with what was probably meant.
@Suite struct HintTests {
    private static func user(_ members: String) -> String {
        #"{"organizations": [{"name": "A", "users": [{"type": "human", "userName": "u", \#(members)}]}]}"#
    }

    private static func machine(_ members: String) -> String {
        #"{"organizations": [{"name": "A", "users": [{"type": "machine", "userName": "m", \#(members)}]}]}"#
    }

    private static func app(_ members: String) -> String {
        #"{"organizations": [{"name": "A", "projects": [{"name": "P", "apps": [{"type": "oidc", "name": "w", \#(members)}]}]}]}"#
    }

    static let mistakes: [(seed: String, problem: String)] = [
        (machine(#""clientSecretFile": """#), "/organizations/0/users/0/clientSecretFile: is empty; expected a path"),
        (
            machine(#""keys": [{"keyfile": "k.json"}]"#),
            "/organizations/0/users/0/keys/0/keyfile: unknown member; did you mean \"keyFile\"?"
        ),
        (#"{"organisations": []}"#, "/organisations: unknown member; did you mean \"organizations\"?"),
        (
            #"{"organizations": [{"name": "A", "users": [{"typ": "human", "userName": "u"}]}]}"#,
            "/organizations/0/users/0/typ: unknown member; did you mean \"type\"?"
        ),
        (
            app(#""authMethodType": "basic", "clientSecret": "s""#),
            "/organizations/0/projects/0/apps/0/authMethodType: unknown member; did you mean \"authMethod\"?"
        ),
        (app(#""appType": "userAgent""#), "\"userAgent\" is not an app type; did you mean \"user_agent\"?"),
        (app(#""authMethod": "privat_key_jwt""#), "did you mean \"private_key_jwt\"?"),
        (app(#""grantTypes": ["authorisation_code"]"#), "did you mean \"authorization_code\"?"),
        (app(#""accessTokenType": "JWT""#), "\"JWT\" is not an access token type; did you mean \"jwt\"?"),
        (user(#""state": "lock""#), "\"lock\" is not a user state; did you mean \"locked\"?"),
        (
            user(#""email": "abc""#),
            "/email: \"abc\" is not an email address; expected a text such as \"alice@acme.example\""
        ),
        (user(#""email": "a b@c""#), "\"a b@c\" is not an email address"),
        (user(#""email": "@c""#), "\"@c\" is not an email address"),
        (
            machine(#""personalAccessTokens": [{"token": "a"}]"#),
            "/token: has 1 character; expected at least 16"
        ),
        (#"{"instance": {"lifetimes": {"accessToken": 300}}}"#, "expected a string: write \"300s\" for seconds"),
    ]

    @Test("a mistake is one problem", arguments: mistakes.indices)
    func one(index: Int) {
        let (seed, expected) = Self.mistakes[index]
        let problems = SeedReading.problems(text: seed)
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.contains(expected) == true, "\(problems)")
    }

    @Test("the warning that nothing authenticates an app is not for one with a mistyped member")
    func mistypedSecret() {
        let folder = TemporaryFolder()
        for member in ["clientsecretFile", "key"] {
            do {
                _ = try SeedReading.load([
                    folder.write(Self.app(#""\#(member)": "s", "redirectUris": ["https://a/cb"]"#), to: "a.json")
                ])
                Issue.record("the seed is wrong")
            } catch { #expect(error.problems.count == 1 && error.warnings == []) }
        }
    }

    @Test("a value that a variable brought is reported with the variable's name")
    func variable() {
        let seed =
            #"{"organizations": [{"name": "${A}", "users": [{"type": "human", "userName": "u", "email": "${B}${C}"}]}]}"#
        let problems = SeedReading.problems(text: seed, environment: ["A": "", "B": "x", "C": "y"])
        #expect(problems.count == 2)
        #expect(
            problems.first?.hasSuffix("/name: is empty; expected a text; the value is that of the variable A") == true,
            "\(problems)")
        #expect(problems.last?.hasSuffix("; the value is that of the variables B and C") == true, "\(problems)")
    }

    static let uris: [(members: String, pointer: String, message: String)] = [
        (#""redirectUris": ["http:///cb"]"#, "redirectUris/0", "\"http:///cb\" has no host; it can never match"),
        (
            #""redirectUris": ["http://localhost:*/cb"]"#, "redirectUris/0",
            "\"http://localhost:*/cb\" is a pattern, which can never match without devMode"
        ),
        (
            #""redirectUris": ["https://a/cb"], "postLogoutRedirectUris": ["https://a/cb", "https://*.a/"]"#,
            "postLogoutRedirectUris/1", "\"https://*.a/\" is a pattern, which can never match without devMode"
        ),
        (
            #""redirectUris": ["https://a/cb"], "backChannelLogoutUri": "com.example:/logout""#, "backChannelLogoutUri",
            "\"com.example:/logout\" has no host that could be called; expected http:// or https:// and a host"
        ),
    ]

    @Test("an address that can never be used is a warning", arguments: uris.indices)
    func addresses(index: Int) throws {
        let (members, pointer, message) = Self.uris[index]
        let warnings = try SeedReading.load(text: Self.app(#""authMethod": "none", \#(members)"#)).warnings
        #expect(warnings.map(\.message) == [message])
        #expect(warnings.first?.pointer == "/organizations/0/projects/0/apps/0/" + pointer)
        let patterns =
            #""authMethod": "none", "devMode": true, "redirectUris": ["http://localhost:*/cb", "my.app:/cb"]"#
        #expect(try SeedReading.load(text: Self.app(patterns)).warnings.isEmpty)
    }
}
