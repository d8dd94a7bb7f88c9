import OAuth
import Testing

@Suite struct ScopeTests {
    @Test(
        "scopes are split at single spaces",
        arguments: [
            ("", [""]), ("a b", ["a", "b"]), ("a  b", ["a", "", "b"]), (" a", ["", "a"]), ("a\tb", ["a\tb"]),
        ])
    func split(text: String, scopes: [String]) {
        #expect(Scope.split(text) == scopes)
    }

    @Test("scopes after the first 10,000 are ignored")
    func countLimit() {
        let scopes = Scope.split(String(repeating: " ", count: 1_000_000))
        #expect(scopes.count == Scope.countLimit)
        #expect(Scope.split(String(repeating: "a ", count: 9_999) + "b").last == "b")
    }

    @Test(
        "the audience has the projects of all audience scopes, each once and in order",
        arguments: [
            ([], []), (["openid", "profile"], []), (["urn:zitadel:iam:org:project:id:7:aud"], ["7"]),
            (["urn:zitadel:iam:org:project:id:zitadel:aud"], ["100"]),
            (
                [
                    "urn:zitadel:iam:org:project:id:8:aud", "urn:zitadel:iam:org:project:id:7:aud",
                    "urn:zitadel:iam:org:project:id:8:aud",
                ], ["8", "7"]
            ),
            (["urn:zitadel:iam:org:project:id:100:aud", "urn:zitadel:iam:org:project:id:zitadel:aud"], ["100"]),
            (["urn:zitadel:iam:org:project:id:7"], []), (["urn:zitadel:iam:org:project:id:7:AUD"], []),
            (["urn:zitadel:iam:org:project:role:aud"], []),
            (["urn:zitadel:iam:org:project:id:zitadel2:aud"], ["zitadel2"]),
        ] as [([String], [String])])
    func audience(scopes: [String], audience: [String]) {
        #expect(Scope.audience(of: scopes, instanceProject: "100") == audience)
    }

    @Test("the audience scope of a project names just that project")
    func audienceOfProject() {
        #expect(Scope.audience(ofProject: "7") == "urn:zitadel:iam:org:project:id:7:aud")
        #expect(Scope.audience(of: [Scope.audience(ofProject: "7")], instanceProject: "100") == ["7"])
    }

    @Test("the values of a scope prefix are returned in order, including empty ones")
    func values() {
        #expect(
            Scope.values(
                of: Scope.rolePrefix, in: ["openid", Scope.rolePrefix + "b", Scope.rolePrefix + "a", Scope.rolePrefix])
                == ["b", "a", ""])
    }
}
