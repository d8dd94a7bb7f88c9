import Encodings
import Model
import OAuth
import ResourceFormat
import TestSupport
import Testing

/// What the control API does with one resource: read it next to others, write it, change members of it.
@Suite struct SingleResourceTests {
    private static let organization = Organization(
        id: "1", name: "ACME", primaryDomain: "acme.localhost", domains: [], state: .active,
        userLoginMustBeDomain: true)

    private static func existing() -> Resources {
        var resources = Resources()
        resources.organizations = [organization]
        resources.projects = [
            Project(
                id: "101", organizationID: "1", name: "Shop",
                state: .active, roles: [ProjectRole(key: "reader", displayName: "", group: "")],
                projectRoleAssertion: false, projectRoleCheck: false, hasProjectCheck: false)
        ]
        return resources
    }

    private static func decode(
        _ text: String, _ shape: Shape, existing: Resources = existing(), replacing: String? = nil,
        _ body: (ResourceDecoder, Node) -> Void
    ) throws -> (DecodedResources, [Diagnostic]) {
        let value = try JSONParser.parse(text.utf8)
        let diagnostics = Diagnostics()
        ShapeChecker(diagnostics).check(value, shape, SourceLocation(file: ""))
        let decoder = ResourceDecoder(
            DecodingEnvironment(
                now: 1000, randomBytes: { Array(repeating: 7, count: $0) }, newID: { kind, _ in "new-\(kind)" }),
            existing: existing, replacing: replacing, diagnostics: diagnostics)
        body(decoder, Node(object: value.object ?? [:], location: SourceLocation(file: "")))
        return (decoder.decoded, diagnostics.problems)
    }

    @Test("a single app is read next to existing resources, with defaults, and its problems have JSON pointers")
    func app() throws {
        let project = Self.existing().projects[0]
        let (decoded, problems) = try Self.decode(
            #"{"type":"oidc","name":"Web","clientSecret":"s","redirectUris":["https://a.example/cb"]}"#,
            .object(Formats.format(of: App.Kind.oidc).shape)
        ) { $0.decodeApp($1, in: project) }
        #expect(problems == [])
        let app = try #require(decoded.resources.apps.first)
        #expect(app.id == "new-app" && app.clientID == "new-client" && app.projectID == "101")
        #expect(app.authMethod == .basic && app.oidc?.responseTypes == [.code])
        #expect(decoded.secrets == ["new-app": "s"])

        let (_, wrong) = try Self.decode(
            #"{"type":"oidc","name":"Web","redirectUris":["localhost:3000/cb"],"devmode":true}"#,
            .object(Formats.format(of: App.Kind.oidc).shape)
        ) { $0.decodeApp($1, in: project) }
        #expect(wrong.map(\.pointer) == ["/redirectUris/0", "/devmode"])
        #expect(wrong.last?.message == "unknown member; did you mean \"devMode\"?")
    }

    @Test("a single resource may not reuse existing names, may refer to them, and may not name files")
    func user() throws {
        var existing = Self.existing()
        let (first, _) = try Self.decode(
            #"{"type":"machine","userName":"svc","grants":[{"project":"Shop","roles":["reader"]}]}"#,
            .object(Formats.format(of: User.KindName.machine).shape)
        ) { $0.decodeUser($1, in: Self.organization) }
        #expect(first.resources.userGrants.first?.projectID == "101")
        existing.users = first.resources.users
        let (_, problems) = try Self.decode(
            #"{"type":"machine","id":"7","userName":"svc","clientSecretFile":"/etc/passwd"}"#,
            .object(Formats.format(of: User.KindName.machine).shape), existing: existing
        ) { $0.decodeUser($1, in: Self.organization) }
        #expect(problems.map(\.pointer) == ["/clientSecretFile", "/userName"])
    }

    @Test("a patch changes the members that it has, keeps the others, and null brings back the default")
    func patch() throws {
        var existing = Self.existing()
        let (first, _) = try Self.decode(
            #"{"type":"oidc","id":"201","name":"Web","clientSecret":"s","devMode":true,"redirectUris":["https://a.example/cb"]}"#,
            .object(Formats.format(of: App.Kind.oidc).shape)
        ) { $0.decodeApp($1, in: existing.projects[0]) }
        let app = try #require(first.resources.apps.first)
        existing.apps = [app]
        func patched(_ patch: String) throws -> (App?, [Diagnostic]) {
            let object = try #require(try JSONParser.parse(patch.utf8).object)
            let document = Formats.format(of: App.Kind.oidc).patched(app, with: object)
            let (decoded, problems) = try Self.decode(
                JSON.object(document).text, .object(Formats.format(of: App.Kind.oidc).shape), existing: existing,
                replacing: app.id
            ) { $0.decodeApp($1, in: existing.projects[0]) }
            return (decoded.resources.apps.first, problems)
        }
        #expect(try patched("{}").0 == app)
        var expected = app
        expected.state = .inactive
        expected.oidc?.devMode = false
        #expect(try patched(#"{"state":"inactive","devMode":null}"#).0 == expected)
        let (renewed, problems) = try patched(#"{"clientSecret":"another"}"#)
        #expect(problems == [])
        #expect(renewed?.secret != app.secret && renewed?.secret != nil)
        #expect(try patched(#"{"state":"asleep"}"#).1.map(\.pointer) == ["/state"])
        #expect(try patched(#"{"type":"api"}"#).1.map(\.pointer).contains("/type"))
    }
}
