import Model
import Storage
import TestSupport
import Testing

/// A seed that conflicts with itself or with the database: the message names the resources.
@Suite struct SeedConflictTests {
    private func organization(_ id: String) -> Organization {
        Organization(
            id: id, name: "A\(id)", primaryDomain: "a", domains: [], state: .active, userLoginMustBeDomain: true)
    }

    private func user(_ id: String, _ name: String = "u", in organization: String = "1") -> User {
        User(
            id: id, organizationID: organization, userName: name, state: .active, kind: .human(HumanProfile()),
            secret: nil, changeDate: 0)
    }

    private func app(_ id: String, clientID: String) -> App {
        App(
            id: id, projectID: "3", name: "app \(id)", clientID: clientID, state: .active, authMethod: .basic,
            secret: nil, oidc: nil)
    }

    private func token(_ id: String, _ digest: UInt8) -> PersonalAccessToken {
        PersonalAccessToken(id: id, userID: "7", digest: [digest], scopes: [], creation: 0, expiration: 1)
    }

    private func grant(_ id: String, to organization: String) -> ProjectGrant {
        ProjectGrant(id: id, projectID: "3", organizationID: organization, roles: [], state: .active)
    }

    private func seed() -> Resources {
        var seed = Resources()
        seed.organizations = [organization("1")]
        seed.projects = [
            Project(
                id: "3", organizationID: "1", name: "P", state: .active, roles: [], projectRoleAssertion: false,
                projectRoleCheck: false, hasProjectCheck: false)
        ]
        seed.users = [user("7", "seven")]
        return seed
    }

    /// The message of a seed that is loaded after changes through the API.
    private func message(_ seed: Resources, after changes: [Change] = []) throws -> String? {
        let storage = try Storage(path: Storage.inMemory)
        _ = try storage.apply(seed: self.seed(), datedUsers: [], generatedTokens: [])
        try storage.apply(changes, at: 0)
        let before = try storage.resources()
        do {
            _ = try storage.apply(seed: seed, datedUsers: [], generatedTokens: [])
            return nil
        } catch {
            #expect(try storage.resources() == before, "nothing changed")
            return error.description
        }
    }

    @Test("two conflicting resources of the seed are both named") func withinSeed() throws {
        var users = seed()
        users.users += [user("8", "u"), user("9", "u")]
        #expect(
            try message(users)
                == "database: the seed has two users with the user name \"u\" in one organization: 8 and 9")
        var apps = seed()
        apps.apps = [app("4", clientID: "c"), app("5", clientID: "c")]
        #expect(try message(apps) == "database: the seed has two apps with the client id \"c\": 4 and 5")
        var tokens = seed()
        tokens.personalAccessTokens = [token("11", 1), token("12", 1)]
        #expect(
            try message(tokens) == "database: the seed has two personal access tokens with the same value: 11 and 12")
    }

    @Test("a resource of the seed that conflicts with one of the API is reported with both ids") func withAPI() throws {
        var users = seed()
        users.users.append(user("8"))
        let remedy = "which was made through the API; use a fresh --database, or remove one of them"
        #expect(
            try message(users, after: [.put(.user(user("9")))])
                == "database: user 8 of the seed has the user name \"u\" of user 9, \(remedy)")
        var apps = seed()
        apps.apps = [app("4", clientID: "c")]
        #expect(
            try message(apps, after: [.put(.app(app("5", clientID: "c")))])
                == "database: app 4 of the seed has the client id \"c\" of app 5, \(remedy)")
        var tokens = seed()
        tokens.personalAccessTokens = [token("11", 1)]
        #expect(
            try message(tokens, after: [.put(.personalAccessToken(token("12", 1)))])
                == "database: personal access token 11 of the seed has the value of personal access token 12, \(remedy)"
        )
    }

    @Test("a conflict with a name that was given through the API names it, too") func names() throws {
        let remedy = "which was made through the API; use a fresh --database, or remove one of them"
        var project = seed().projects[0]
        project.id = "13"
        project.name = "New"
        var projects = seed()
        projects.projects.append(project)
        var other = project
        other.id = "14"
        #expect(
            try message(projects, after: [.put(.project(other))])
                == "database: project 13 of the seed has the name \"New\" of project 14, \(remedy)")
        var apps = seed()
        apps.apps = [app("4", clientID: "c")]
        var namesake = app("5", clientID: "d")
        namesake.name = "app 4"
        #expect(
            try message(apps, after: [.put(.app(namesake))])
                == "database: app 4 of the seed has the name \"app 4\" of app 5, \(remedy)")
    }

    @Test("user names that differ in letter case only are the same, for all of Unicode") func letterCase() throws {
        var users = seed()
        users.users += [user("8", "\u{C4}RGER"), user("9", "\u{E4}rger")]
        #expect(
            try message(users)
                == "database: the seed has two users with the user name \"\u{E4}rger\" in one organization: 8 and 9")
        users.users.removeLast()
        let remedy = "which was made through the API; use a fresh --database, or remove one of them"
        #expect(
            try message(users, after: [.put(.user(user("9", "\u{E4}rger")))])
                == "database: user 8 of the seed has the user name \"\u{C4}RGER\" of user 9, \(remedy)")
    }

    @Test("a project is granted to an organization once") func projectGrants() throws {
        var grants = seed()
        grants.organizations.append(organization("2"))
        grants.projectGrants = [grant("21", to: "2"), grant("22", to: "2")]
        #expect(
            try message(grants)
                == "database: the seed has two project grants with project 3 and organization 2: 21 and 22")
        grants.projectGrants.removeLast()
        #expect(
            try message(
                grants, after: [.put(.organization(organization("2"))), .put(.projectGrant(grant("22", to: "2")))])
                == "database: project grant 21 of the seed has project 3 and organization 2 of project grant 22, which was made through the API; use a fresh --database, or remove one of them"
        )
    }

    @Test("an organization grants a project to a user once") func userGrants() throws {
        func grant(_ id: String) -> UserGrant {
            UserGrant(id: id, userID: "7", projectID: "3", organizationID: "1", roles: [], state: .active)
        }
        var grants = seed()
        grants.userGrants = [grant("31"), grant("32")]
        #expect(
            try message(grants)
                == "database: the seed has two user grants with user 7, project 3 and organization 1: 31 and 32")
        let storage = try Storage(path: Storage.inMemory)
        grants.userGrants.removeLast()
        _ = try storage.apply(seed: grants, datedUsers: [], generatedTokens: [])
        #expect(throws: StorageError.conflict("the organization has granted the project to the user already")) {
            try storage.apply([.put(.userGrant(grant("32")))], at: 0)
        }
    }

    @Test("values that must be unique may change places") func exchanged() throws {
        let storage = try Storage(path: Storage.inMemory)
        var first = seed()
        first.organizations += [organization("2"), organization("4")]
        first.projectGrants = [grant("21", to: "2"), grant("22", to: "4")]
        first.users += [user("8", "a"), user("9", "b")]
        _ = try storage.apply(seed: first, datedUsers: [], generatedTokens: [])
        var second = first
        second.projectGrants = [grant("21", to: "4"), grant("22", to: "2")]
        second.users = [user("7", "seven"), user("8", "B"), user("9", "A")]
        _ = try storage.apply(seed: second, datedUsers: ["8", "9"], generatedTokens: [])
        #expect(try storage.resources().projectGrants == second.projectGrants)
        try storage.apply(
            first.projectGrants.map { .put(.projectGrant($0)) } + first.users.map { .put(.user($0)) }, at: 0)
        #expect(try storage.resources().projectGrants == first.projectGrants)
        #expect(try storage.resources().users == first.users)
        #expect(throws: StorageError.conflict("what it refers to is not there"), "at the end of the transaction, too") {
            try storage.apply([.put(.projectGrant(grant("21", to: "unknown"))), .put(.user(user("8", "c")))], at: 0)
        }
        #expect(try storage.resources().projectGrants == first.projectGrants)
    }

    @Test("a conflicting change is explained in words") func changes() throws {
        let storage = try Storage(path: Storage.inMemory)
        _ = try storage.apply(seed: seed(), datedUsers: [], generatedTokens: [])
        try storage.apply([.put(.personalAccessToken(token("11", 1)))], at: 0)
        #expect(throws: StorageError.conflict("another personal access token has this value")) {
            try storage.apply([.put(.personalAccessToken(token("12", 1)))], at: 0)
        }
        #expect(throws: StorageError.conflict("another user of the organization has this user name")) {
            try storage.apply([.put(.user(user("8", "SEVEN")))], at: 0)
        }
        try storage.apply([.put(.organization(organization("2"))), .put(.projectGrant(grant("21", to: "2")))], at: 0)
        #expect(throws: StorageError.conflict("the project is granted to the organization already")) {
            try storage.apply([.put(.projectGrant(grant("22", to: "2")))], at: 0)
        }
        #expect(throws: StorageError.conflict("what it refers to is not there")) {
            try storage.apply([.put(.user(user("8", in: "unknown")))], at: 0)
        }
    }

    @Test("a conflict that does not concern the API does not mention it") func reference() throws {
        var lost = seed()
        lost.users.append(user("8", in: "unknown"))
        #expect(
            try message(lost)
                == "database: the seed does not fit together: what it refers to is not there")
        var other = seed()
        other.organizations.append(organization("2"))
        other.users += [user("8"), user("9", in: "2")]
        #expect(try message(other) == nil, "one name in two organizations")
    }
}
