import Model
@testable import Provider
import Storage
import TestSupport
import Testing

/// Changes of a running instance.
@Suite struct InstanceChangeTests {
    private static let organization = "270000000000000001"
    private static let project = "270000000000000101"

    private func user(_ id: String, state: UserState = .active) -> Resource {
        .user(
            User(
                id: id, organizationID: Self.organization, userName: "user-\(id)", state: state,
                kind: .machine(MachineProfile(name: "User", description: "", accessTokenType: .bearer)), secret: nil,
                changeDate: 1))
    }

    private func grant(_ id: String, of user: String, roles: [String] = ["reader"]) -> Resource {
        .userGrant(
            UserGrant(
                id: id, userID: user, projectID: Self.project, organizationID: Self.organization, roles: roles,
                state: .active))
    }

    @Test("after each change, memory and database hold the same") func sameState() throws {
        let instance = try TestServer().instance
        let app = try #require(instance.snapshot.resources.resources.apps.first)
        var inactive = app
        inactive.state = .inactive
        var settings = instance.snapshot.resources.resources.settings
        settings.dialect = .server
        let steps: [[Change]] = [
            [.put(user("91"))], [.put(grant("92", of: "91"))], [.put(grant("92", of: "91", roles: []))],
            [.put(user("93")), .put(grant("94", of: "93"))], [.put(user("91", state: .locked))],
            [.put(.app(inactive))], [.settings(settings)], [.remove(.user, id: "93")], [.remove(.user, id: "unknown")],
            [.remove(.project, id: Self.project)], [.remove(.organization, id: Self.organization)],
        ]
        for (number, changes) in steps.enumerated() {
            try instance.change { _ in (changes, ()) }
            #expect(try instance.snapshot.resources.resources == (instance.storage.resources()), "step \(number)")
        }
        #expect(instance.snapshot.settings.dialect == .server)
        #expect(instance.snapshot.resources.user(id: "91") == nil)
    }

    @Test("a change that the database rejects changes nothing") func conflict() throws {
        let instance = try TestServer().instance
        let before = instance.snapshot.resources.resources
        let other = try #require(before.users.first { $0.organizationID == Self.organization })
        var twin = other
        twin.id = "95"
        #expect(throws: StorageError.self) {
            try instance.change { _ in ([.put(user("96")), .put(.user(twin))], ()) }
        }
        #expect(instance.snapshot.resources.resources == before)
        #expect(try instance.storage.resources() == before)
    }

    @Test("a request that began before a change still sees the state before it") func snapshotIsImmutable() throws {
        let instance = try TestServer().instance
        let before = instance.snapshot
        try instance.change { _ in ([.put(user("91"))], ()) }
        #expect(before.resources.user(id: "91") == nil)
        #expect(instance.snapshot.resources.user(id: "91") != nil)
        #expect(instance.snapshot.resources.user(loginName: "USER-91@acme.localhost") != nil)
    }

    @Test("the clock can be shifted and frozen within bounds, and returns to the system's time") func clock() {
        let time = TestDependencies()
        let clock = InstanceClock(real: time.dependencies.now)
        let start = clock.now()
        clock.mode = .shifted(milliseconds: 3_600_000)
        #expect(clock.now().seconds == start.seconds + 3600)
        clock.set(frozen: true) { _, _ in Timestamp(seconds: 5) }
        #expect(clock.now().seconds == 5)
        clock.set(frozen: false) { _, _ in Timestamp(milliseconds: .max) }
        #expect(clock.now().seconds == 253_402_300_799)
        clock.mode = .shifted(milliseconds: .min)
        #expect(clock.now().seconds == 0)
        clock.mode = .real
        #expect(clock.now() == start)
    }
}
