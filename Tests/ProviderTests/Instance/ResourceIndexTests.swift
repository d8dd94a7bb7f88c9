import Model
@testable import Provider
import ResourceFormat
import Storage
import TestSupport
import Testing

/// The indexes of resources, changed one by one.
@Suite struct ResourceIndexTests {
    private static let organization = "270000000000000001"
    private static let projects = ["270000000000000101", "270000000000000102"]

    /// A repeatable sequence of numbers.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static func user(_ id: String, name: String, state: UserState = .active) -> Resource {
        .user(
            User(
                id: id, organizationID: organization, userName: name, state: state,
                kind: .machine(MachineProfile(name: "User", description: "", accessTokenType: .bearer)), secret: nil,
                changeDate: 1))
    }

    private static func change(_ resources: Resources, _ numbers: inout Numbers) -> Change {
        let id = String(Int.random(in: 1...12, using: &numbers))
        let user = resources.users.randomElement(using: &numbers)?.id ?? "1"
        let state: ResourceState = Bool.random(using: &numbers) ? .active : .inactive
        switch Int.random(in: 0..<16, using: &numbers) {
        case 0, 1, 2:
            let name = ["a", "A", "b", "c"].randomElement(using: &numbers) ?? "a"
            return .put(Self.user("u" + id, name: name + id, state: Bool.random(using: &numbers) ? .active : .locked))
        case 3: return .remove(.user, id: user)
        case 4, 5:
            return .put(
                .userGrant(
                    UserGrant(
                        id: "g" + id, userID: user, projectID: projects.randomElement(using: &numbers) ?? "",
                        organizationID: organization, roles: [], state: state)))
        case 6: return .remove(.userGrant, id: "g" + id)
        case 7:
            let owners: [RegisteredKey.Owner] =
                [.user(user)] + (resources.apps.randomElement(using: &numbers).map { [.app($0.id)] } ?? [])
            return .put(
                .key(
                    RegisteredKey(
                        id: "k" + id, owner: owners.randomElement(using: &numbers) ?? .user(user), publicKey: "",
                        expiration: 1)))
        case 8: return .remove(.key, id: "k" + id)
        case 9:
            let digest = [UInt8](repeating: UInt8.random(in: 0...9, using: &numbers), count: 32)
            return .put(
                .personalAccessToken(
                    PersonalAccessToken(
                        id: "t" + id, userID: user, digest: digest, scopes: [], creation: 1, expiration: 2)))
        case 10: return .remove(.personalAccessToken, id: "t" + id)
        case 11:
            guard var app = resources.apps.randomElement(using: &numbers) else { return .remove(.app, id: "0") }
            app.state = state
            app.clientID = "c" + id
            return .put(.app(app))
        case 12:
            guard var project = resources.projects.randomElement(using: &numbers) else { return .remove(.app, id: "0") }
            project.state = state
            return .put(.project(project))
        case 13: return .put(Self.changed(resources.organizations, id, state, &numbers))
        case 14:
            return .put(
                .projectGrant(
                    ProjectGrant(
                        id: "p" + id, projectID: projects.randomElement(using: &numbers) ?? "",
                        organizationID: resources.organizations.randomElement(using: &numbers)?.id ?? "", roles: [],
                        state: state)))
        default:
            return Int.random(in: 0..<20, using: &numbers) == 0
                ? .remove(.app, id: resources.apps.randomElement(using: &numbers)?.id ?? "")
                : .remove(.user, id: "u" + id)
        }
    }

    /// A new organization, or a change of one.
    private static func changed(
        _ organizations: [Organization], _ id: String, _ state: ResourceState, _ numbers: inout Numbers
    ) -> Resource {
        var organization = Organization(
            id: "o" + id, name: "O" + id, primaryDomain: "o.localhost", domains: [], state: state,
            userLoginMustBeDomain: true)
        if Bool.random(using: &numbers), let old = organizations.randomElement(using: &numbers) {
            organization = old
            organization.state = state
            organization.domains = ["d\(id).localhost"]
        }
        return .organization(organization)
    }

    /// What a document that is read next to the resources asks.
    private static func existing(_ existing: any ExistingResources, _ names: [String]) -> [String] {
        let resources = existing.resources
        var answers = names.map { "\(existing.userIDs(loginName: $0.lowercased()))" }
        for organization in resources.organizations {
            answers.append(existing.organization(named: organization.name)?.id ?? "-")
            answers.append("\(existing.organizationIDs(domain: organization.primaryDomain.lowercased()))")
            for project in resources.projects {
                answers.append(existing.projectGrant(of: project.id, to: organization.id)?.id ?? "-")
            }
        }
        answers += resources.projects.map { "\(existing.projects(named: $0.name).map(\.id))" }
        for app in resources.apps {
            answers.append(existing.appID(named: app.name, in: app.projectID) ?? "-")
            answers.append(existing.appID(clientID: app.clientID) ?? "-")
        }
        answers += resources.personalAccessTokens.map { existing.personalAccessTokenID(digest: $0.digest) ?? "-" }
        for kind in Resource.Kind.allCases {
            answers += ["u", "g", "k", "t", "o", "p"].flatMap { letter in
                (1...12).map { "\(existing.has(kind, id: "\(letter)\($0)"))" }
            }
        }
        return answers
    }

    /// All answers of an index that depend on its tables.
    private static func answers(_ index: ResourceIndex, _ names: [String]) -> [String] {
        let resources = index.resources
        var answers = resources.users.map {
            "\($0.id) \(index.loginNames(of: $0)) \(index.keys(of: .user($0.id)).map(\.id))"
        }
        answers += resources.users.map {
            "\(index.user(named: $0.userName)?.id ?? "-") \(index.personalAccessTokens(of: $0.id).map(\.id))"
        }
        answers += resources.projects.map {
            "\(index.apps(of: $0.id).map(\.id)) \(index.projectGrants(of: $0.id).map(\.id))"
        }
        answers += resources.apps.map { "\(index.apps(named: $0.name).map(\.id))" }
        for user in resources.users {
            for project in resources.projects {
                answers.append("\(index.grants(userID: user.id, projectID: project.id).map(\.id))")
            }
        }
        answers += names.map { index.user(loginName: $0)?.id ?? "-" }
        answers += resources.apps.map {
            "\($0.id) \(index.client(id: $0.clientID)?.app.id ?? "-") \(index.client(id: $0.clientID)?.inactiveLevel?.rawValue ?? "-") \(index.keys(of: .app($0.id)).map(\.id))"
        }
        answers += (0..<10).map { number in
            let token = index.personalAccessToken(digest: [UInt8](repeating: UInt8(number), count: 32))
            return "\(token?.id ?? "-") \(token?.isEnded ?? false)"
        }
        return answers + (1...12).map { index.client(id: "c\($0)")?.app.id ?? "-" }
    }

    @Test("login names in different Unicode normal forms are those of different users") func normalForms() {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        var resources = Resources()
        resources.organizations = [
            Organization(
                id: Self.organization, name: "A", primaryDomain: "a.example", domains: [], state: .active,
                userLoginMustBeDomain: false)
        ]
        let index = { (names: [String]) in
            var resources = resources
            for name in names {
                guard case .user(let user) = Self.user(name.utf8.count == 5 ? "c" : "d", name: name) else { continue }
                resources.users.append(user)
            }
            return ResourceIndex(resources)
        }
        let both = index([composed, decomposed])
        for (name, id) in [(composed, "c"), (decomposed, "d")] {
            #expect(both.user(loginName: name)?.id == id && both.user(named: name)?.id == id)
            #expect(both.userIDs(loginName: name) == [id])
        }
        #expect(index([composed]).user(named: decomposed) == nil)
    }

    @Test("after any changes, the indexes match the resources in the database", arguments: [1, 2, 3] as [UInt64])
    func sameAnswers(seed: UInt64) throws {
        let instance = try TestServer().instance
        let names = ["a", "A", "b", "c"].flatMap { letter in
            (1...12).flatMap { ["\(letter)\($0)@acme.localhost", "\(letter)\($0)@d\($0).localhost"] }
        }
        var numbers = Numbers(state: seed)
        var applied = 0
        for _ in 0..<400 {
            // Some are rejected, because a unique value is taken or a reference points nowhere.
            let isApplied =
                (try? instance.change { snapshot in
                    ([Self.change(snapshot.resources.resources, &numbers)], true)
                }) ?? false
            applied += isApplied ? 1 : 0
            let stored = ResourceIndex(try instance.storage.resources())
            let index = instance.snapshot.resources
            try #require(index.resources == stored.resources)
            try #require(Self.answers(index, names) == Self.answers(stored, names))
            guard applied % 8 == 0 else { continue }
            try #require(Self.existing(index, names) == Self.existing(stored.resources, names))
        }
        #expect(applied > 200)
    }

    @Test("two apps can swap their client ids in one change") func swap() throws {
        let instance = try TestServer().instance
        var apps = Array(instance.snapshot.resources.resources.apps.prefix(2))
        try #require(apps.count == 2)
        (apps[0].clientID, apps[1].clientID) = (apps[1].clientID, apps[0].clientID)
        try instance.change { _ in (apps.map { .put(.app($0)) }, ()) }
        for app in apps { #expect(instance.snapshot.resources.client(id: app.clientID)?.app.id == app.id) }
    }

    @Test("users that are created, updated and removed one by one are found in between, and then no more") func many()
        throws
    {
        let count = 300
        let instance = try TestServer().instance
        func run(_ change: (Int) -> Change) throws {
            for number in 1...count {
                // A call of the control API holds what it saw until it has answered.
                try withExtendedLifetime(instance.snapshot) {
                    try instance.change { _ in ([change(number)], ()) }
                }
            }
        }
        func states() -> [UserState?] { (1...count).map { instance.snapshot.resources.user(id: "u\($0)")?.state } }
        try run { .put(Self.user("u\($0)", name: "n\($0)")) }
        #expect(states().allSatisfy { $0 == .active })
        try run { .put(Self.user("u\($0)", name: "m\($0)", state: .locked)) }
        #expect(states().allSatisfy { $0 == .locked })
        try run { .remove(.user, id: "u\(count + 1 - $0)") }
        #expect(states().allSatisfy { $0 == nil })
    }
}
