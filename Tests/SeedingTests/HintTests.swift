import Encodings
import Model
import ResourceFormat
import Seeding
import TestSupport
import Testing

/// Each mistake in a seed is one problem, with what was probably meant.
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
        (app(#""redirectUris": ["127.0.0.1:3999/cb"]"#), "has no scheme; expected \"http://…\" or \"https://…\""),
        (app(#""redirectUris": ["[::1]:3000/cb"]"#), "has no scheme"),
        (app(#""redirectUris": ["localhost/cb"]"#), "has no scheme"),
        (app(#""redirectUris": ["app.example/cb"]"#), "has no scheme"),
        (app(#""redirectUris": ["callback"]"#), "is not a URI; expected"),
        (machine(#""clientSecretPath": "s""#), "did you mean \"clientSecretFile\"?"),
        (
            #"{"instance": {"autoLogin": "alic"}, "organizations": [{"name": "A", "users": [{"type": "human", "userName": "alice"}]}]}"#,
            "there is no user \"alic\"; did you mean \"alice@a.localhost\"?"
        ),
        (
            machine(#""personalAccessTokens": [{"token": "a"}]"#),
            "/token: has 1 character; expected at least 16"
        ),
        (#"{"instance": {"lifetimes": {"accessToken": 300}}}"#, "expected a string: write \"300s\" for seconds"),
        (
            "organizations:\n  - name: A\n",
            "seed.json:1:1: invalid JSON: unexpected character 'o' where a value was expected; it looks like YAML, and JSON is expected"
        ),
        ("---\norganizations: []\n", "; it looks like YAML, and JSON is expected"),
        ("\n-----BEGIN PUBLIC KEY-----\n", "; it looks like PEM, and JSON is expected"),
        ("<html>", "; it looks like XML or HTML, and JSON is expected"),
        (#"{"organizations": [{"name": "A""#, "; the text ends here, and its end is missing"),
        ("{\"organizations\": [\n\n", "the text ends where a value was expected"),
        (
            user(#""firstName": "a\u0000b""#),
            "/firstName: holds the character U+0000, which ZITADEL's database cannot hold"
        ),
        (
            machine(#""keys": [{"keyFile": "keys\w.json"}]"#),
            "unknown escape; write \\\\ for a backslash, and / in paths"
        ),
        ("{\"organizations\": [{\"name\": \"a\nb\"}]}", "control character in a string; write \\n for a line end"),
        (
            app(#""authMethod": "none", "redirectUris": ["https://a/cb\n"]"#),
            "\"https://a/cb\\n\" has white space around it; leave that out"
        ),
        (
            machine(#""keys": [{"publicKey": "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0="}]"#),
            "/publicKey: is PEM in base64; decode it once"
        ),
        (
            machine(#""keys": [{"publicKey": "-----BEGIN PUBLIC KEY-----\\nMI\\n-----END PUBLIC KEY-----"}]"#),
            "/publicKey: has its line ends written as \\n"
        ),
        (
            machine(#""keys": [{"publicKey": "-----BEGIN PUBLIC KEY----- MI -----END PUBLIC KEY-----"}]"#),
            "/publicKey: is PEM in one line"
        ),
        (
            #"{"organizations": [{"name": "A", "users": [{"type": "machine", "userName": "w"}]}], "instance": {"autoLogin": "w"}}"#,
            "/instance/autoLogin: \"w\" is a service user; only humans sign in"
        ),
        (machine(#""keys": [{"generate": true}]"#), "/generate: is a boolean; expected a string"),
        (machine(#""keys": [{"jwk": {"keys": []}}]"#), "/jwk: is a key set; write one key out of \"keys\""),
        (
            machine(#""keys": [{"jwk": {"kty": "RSA", "n": "AQAB", "e": 65537}}]"#),
            "/jwk/e: is not a string of base64url, which has - and _ and no = at its end"
        ),
        (
            machine(#""keys": [{"jwk": {"kty": "EC", "crv": "P-256", "x": "AQ==", "y": "AQ"}}]"#),
            "/jwk/x: is not a string of base64url"
        ),
        (
            machine(#""keys": [{"jwk": {"kty": "EC", "crv": "P-256", "x": "AQ"}}]"#),
            "/jwk: has no member \"y\", which a key of this kty needs"
        ),
        (
            machine(#""keys": [{"generate": "k.json"}, {"generate": "k.json"}]"#),
            "/keys/1/generate: \"k.json\" is generated for another key already; name a file of its own"
        ),
    ]

    @Test("one mistake is reported as one problem", arguments: mistakes.indices)
    func one(index: Int) {
        let (seed, expected) = Self.mistakes[index]
        let problems = SeedReading.problems(text: seed)
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.contains(expected) == true, "\(problems)")
    }

    @Test("an app with a mistyped member causes no warning that nothing authenticates it")
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

    @Test("a problem with the value of a variable names the variable")
    func variable() {
        let seed =
            #"{"organizations": [{"name": "${A}", "users": [{"type": "human", "userName": "u", "email": "${B}${C}"}]}]}"#
        let problems = SeedReading.problems(text: seed, environment: ["A": "", "B": "x", "C": "y"])
        #expect(problems.count == 2)
        #expect(
            problems.first?.hasSuffix("/name: is empty; expected a name; the value is that of the variable A") == true,
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
            #""redirectUris": ["https://{a,b}.example/cb"]"#, "redirectUris/0",
            "\"https://{a,b}.example/cb\" is a pattern, which can never match without devMode"
        ),
        (
            #""devMode": true, "redirectUris": ["https://a.example:99999/cb"]"#, "redirectUris/0",
            "\"https://a.example:99999/cb\" has a host or port that is none; it can never match"
        ),
        (
            #""redirectUris": ["https://a/cb"], "postLogoutRedirectUris": ["https://a/cb", "https://*.a/"]"#,
            "postLogoutRedirectUris/1", "\"https://*.a/\" is a pattern, which can never match without devMode"
        ),
        (
            #""redirectUris": ["https://a/cb"], "backChannelLogoutUri": "com.example:/logout""#, "backChannelLogoutUri",
            "\"com.example:/logout\" has no host that could be called; expected http:// and a host"
        ),
        (
            #""redirectUris": ["https://a/cb"], "backChannelLogoutUri": "https://a/logout""#, "backChannelLogoutUri",
            "\"https://a/logout\" is never called: this server notifies over http:// only"
        ),
        (
            #""appType": "user_agent", "redirectUris": ["http://localhost:3000/cb"]"#, "redirectUris/0",
            "\"http://localhost:3000/cb\" can never be used: apps of type user_agent may not use http; use https, or set devMode to true"
        ),
        (
            #""appType": "user_agent", "redirectUris": ["my.app:/cb"]"#, "redirectUris/0",
            "\"my.app:/cb\" can never be used: only apps of type native may use a scheme of their own; use https, or set appType to \"native\""
        ),
        (
            #""appType": "web", "devMode": true, "redirectUris": ["my.app://*/cb"]"#, "redirectUris/0",
            "\"my.app://*/cb\" can never be used: only apps of type native may use a scheme of their own; use https, or set appType to \"native\""
        ),
        (
            #""appType": "native", "redirectUris": ["my.app:/cb", "http://localhost/cb", "http://example.com/cb"]"#,
            "redirectUris/2",
            "\"http://example.com/cb\" can never be used: apps of type native may use http for loopback addresses only; use https, or set devMode to true"
        ),
        (
            #""responseTypes": ["id_token"], "grantTypes": ["implicit"], "redirectUris": ["http://a/cb"]"#,
            "redirectUris/0",
            "\"http://a/cb\" can never be used: apps of type web may use http with response type code only; use https, or set devMode to true"
        ),
        (
            #""redirectUris": ["HTTPS://a/cb"]"#, "redirectUris/0",
            "\"HTTPS://a/cb\" can never be used: its scheme is in capital letters; write https"
        ),
        (
            #""redirectUris": ["https://a/cb,https://b/cb"]"#, "redirectUris/0",
            "\"https://a/cb,https://b/cb\" holds several addresses; write each as an element of the list"
        ),
        (
            #""redirectUris": ["https://a:port/cb"]"#, "redirectUris/0",
            "\"https://a:port/cb\" has a host or port that is none; it can never match"
        ),
        (
            #""grantTypes": ["refresh_token"], "redirectUris": ["https://a/cb"]"#, "grantTypes",
            "an app with refresh_token alone never gets a token to refresh; add \"authorization_code\" or \"device_code\""
        ),
        (
            #""grantTypes": ["device_code"], "redirectUris": ["https://a/cb"]"#, "grantTypes",
            "no code can be exchanged for tokens without \"authorization_code\"; add it, or leave out redirectUris"
        ),
    ]

    @Test("a redirect URI that can never be used causes a warning", arguments: uris.indices)
    func addresses(index: Int) throws {
        let (members, pointer, message) = Self.uris[index]
        let warnings = try SeedReading.load(text: Self.app(#""authMethod": "none", \#(members)"#)).warnings
        #expect(warnings.map(\.message) == [message])
        #expect(warnings.first?.pointer == "/organizations/0/projects/0/apps/0/" + pointer)
    }

    @Test(
        "a redirect URI without a scheme is a problem, and causes no further warning",
        arguments: ["localhost:3999/cb", "/cb"])
    func noScheme(uri: String) {
        let seed = Self.app(#""authMethod": "none", "redirectUris": ["\#(uri)"]"#)
        #expect(throws: InvalidSeed.self) { try SeedReading.load(text: seed) }
        do { _ = try SeedReading.load(text: seed) } catch let error as InvalidSeed {
            #expect(error.problems.count == 1 && error.warnings.isEmpty, "\(error.warnings.map(\.message))")
        } catch {}
    }

    @Test(
        "a redirect URI that can be used causes no warning",
        arguments: [
            #""devMode": true, "redirectUris": ["http://localhost:*/cb", "https://*.b/cb"]"#,
            #""devMode": true, "redirectUris": ["https://{a,b}.example/cb", "http://localhost:{3000,3001}/cb"]"#,
            #""devMode": true, "redirectUris": ["https://[ab].example/cb", "https://a?.example/cb"]"#,
            #""appType": "native", "devMode": true, "redirectUris": ["http://a.example/*", "my.app://*"]"#,
            #""redirectUris": ["http://a/cb"]"#,
            #""responseTypes": ["id_token", "code"], "redirectUris": ["http://a/cb"]"#,
            #""grantTypes": ["device_code"]"#, #""grantTypes": ["token_exchange"]"#,
        ])
    func usableAddresses(members: String) throws {
        let warnings = try SeedReading.load(text: Self.app(#""authMethod": "none", \#(members)"#)).warnings
        #expect(warnings.map(\.message) == [])
    }

    static let oddities: [(members: String, pointer: String, message: String)] = [
        (
            #""claims": {"sub": "x", "team": "y"}"#, "claims/sub",
            "has no effect: the server sets the claim sub itself; leave it out"
        ),
        (
            #""keys": [{"id": "7", "jwk": {"kid": "my-key", "use": "sig", "alg": "RS256", \#(jwk)}}]"#,
            "keys/0/jwk/kid",
            "has no effect: clients send the id of the key as kid, which is \"7\"; set the key's \"id\", which has digits only"
        ),
        (
            #""keys": [{"id": "7", "jwk": {"kid": "7", "use": "enc", \#(jwk)}}]"#, "keys/0/jwk/use",
            "is \"enc\"; the key is used for signatures"
        ),
        (
            #""keys": [{"jwk": {"alg": "HS256", \#(jwk)}}]"#, "keys/0/jwk/alg",
            "is \"HS256\", which no assertion can be signed with"
        ),
        (
            #""keys": [{"jwk": {"key_ops": ["encrypt"], \#(jwk)}}]"#, "keys/0/jwk/key_ops",
            "lacks \"verify\"; the key is used for signatures"
        ),
    ]

    /// The members of a public key.
    fileprivate static let jwk =
        #""kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#

    @Test("what is accepted and has no effect causes a warning", arguments: oddities.indices)
    func withoutEffect(index: Int) throws {
        let (members, pointer, message) = Self.oddities[index]
        let warnings = try SeedReading.load(text: Self.machine(members)).warnings
        #expect(warnings.map(\.message) == [message])
        #expect(warnings.first?.pointer == "/organizations/0/users/0/" + pointer)
    }

    @Test("a user name that has the domain already causes a warning, unless login names have none")
    func domainInUserName() throws {
        func warnings(_ members: String) throws -> [String] {
            try SeedReading.load(
                text:
                    #"{"organizations": [{"name": "A", \#(members)"users": [{"type": "human", "userName": "u@A.localhost"}]}]}"#
            ).warnings.map(\.message)
        }
        #expect(
            try warnings("") == [
                "makes the login name \"u@A.localhost@a.localhost\"; leave the domain out, which is added to it"
            ])
        #expect(try warnings(#""userLoginMustBeDomain": false, "#) == [])
    }

    @Test("a manager role that ZITADEL does not have causes a warning, and is kept") func managerRoles() throws {
        let seed = try SeedReading.load(
            text: Self.machine(
                #""instanceRoles": ["IAM_OWNER", "IAM_OWNR", "IAM_ENDUSER_IMPERSONATOR", "FOO", "ORG_OWNER"]"#))
        #expect(
            seed.warnings.map(\.message) == [
                "\"IAM_OWNR\" is not a manager role of ZITADEL; did you mean \"IAM_OWNER\"?",
                "\"IAM_ENDUSER_IMPERSONATOR\" is not a manager role of ZITADEL; did you mean \"IAM_END_USER_IMPERSONATOR\"?",
                "\"FOO\" is not a manager role of ZITADEL; expected one such as \"IAM_OWNER\"",
            ])
        #expect(seed.warnings.first?.pointer == "/organizations/0/users/0/instanceRoles/1")
        #expect(seed.resources.users.first?.instanceRoles.count == 5)
    }

    @Test(
        "a refused app causes no further warnings",
        arguments: [
            #""appType": "spa", "redirectUris": ["http://localhost/cb"]"#,
            #""authMethod": "none", "appType": "user_agent", "devMode": "true", "redirectUris": ["http://localhost/cb"]"#,
            #""authMethod": "none", "grantTypes": ["code", "refresh_token"], "redirectUris": ["https://a/cb"]"#,
        ])
    func consequences(members: String) {
        let folder = TemporaryFolder()
        do {
            _ = try SeedReading.load([folder.write(Self.app(members), to: "a.json")])
            Issue.record("the seed is wrong")
        } catch { #expect(error.problems.count == 1 && error.warnings.map(\.message) == []) }
    }
}
