import Model
import Testing

@Suite struct ResourceDifferenceTests {
    private func resources(_ organizations: [String], users: [(id: String, name: String)]) -> Resources {
        var resources = Resources()
        resources.organizations = organizations.map {
            Organization(
                id: $0, name: $0, primaryDomain: $0, domains: [], state: .active, userLoginMustBeDomain: true)
        }
        resources.users = users.map {
            User(
                id: $0.id, organizationID: "1", userName: $0.name, state: .active, kind: .human(HumanProfile()),
                secret: nil, changeDate: 0)
        }
        return resources
    }

    private func words(_ difference: ResourceDifference) -> [String] {
        difference.changes.map { change in
            switch change {
            case .put(let resource): "put \(resource.id)"
            case .remove(let kind, let id): "remove \(kind.noun) \(id)"
            default: "\(change)"
            }
        }
    }

    @Test("what is equal changes nothing, and what changed at its place is put")
    func change() {
        let before = resources(["1", "2"], users: [("7", "a"), ("8", "b"), ("9", "c")])
        let same = ResourceDifference(from: before, to: before)
        #expect(same.changes.isEmpty && !same.addsResources)
        let after = resources(["1", "2"], users: [("7", "a"), ("8", "B"), ("9", "c")])
        let changed = ResourceDifference(from: before, to: after)
        #expect(words(changed) == ["put 8"] && !changed.addsResources)
    }

    @Test("resources are recognized at other places, and removed in the reverse order")
    func moved() {
        let before = resources(["1", "2"], users: [("7", "a"), ("8", "b"), ("9", "c")])
        let fewer = ResourceDifference(from: before, to: resources(["1"], users: [("8", "b"), ("9", "C")]))
        #expect(words(fewer) == ["remove user 7", "remove organization 2", "put 9"] && !fewer.addsResources)
        let more = ResourceDifference(from: resources(["1"], users: [("9", "c")]), to: before)
        #expect(words(more) == ["put 2", "put 7", "put 8"] && more.addsResources)
    }

    @Test("settings are changed last")
    func settings() {
        let before = resources(["1"], users: [])
        var after = resources(["1", "2"], users: [])
        after.settings.projectID = "5"
        let changes = ResourceDifference(from: before, to: after).changes
        #expect(changes.count == 2 && changes.last == .settings(after.settings))
    }
}
