extension Resources {
    /// The changes that bring these resources to others, in an order in which they can be applied. Signing keys are left out.
    public func changes(to target: Resources) -> [Change] {
        var removals: [Change] = []
        var additions: [Change] = []
        func compare<Value: Equatable>(
            _ list: KeyPath<Resources, [Value]>, _ id: KeyPath<Value, String>, _ kind: Resource.Kind,
            _ resource: (Value) -> Resource
        ) {
            let present = Dictionary(self[keyPath: list].map { ($0[keyPath: id], $0) }) { first, _ in first }
            let wanted = Set(target[keyPath: list].map { $0[keyPath: id] })
            for value in self[keyPath: list] where !wanted.contains(value[keyPath: id]) {
                removals.append(.remove(kind, id: value[keyPath: id]))
            }
            for value in target[keyPath: list] where present[value[keyPath: id]] != value {
                additions.append(.put(resource(value)))
            }
        }
        compare(\.organizations, \.id, .organization, Resource.organization)
        compare(\.projects, \.id, .project, Resource.project)
        compare(\.projectGrants, \.id, .projectGrant, Resource.projectGrant)
        compare(\.apps, \.id, .app, Resource.app)
        compare(\.users, \.id, .user, Resource.user)
        compare(\.userGrants, \.id, .userGrant, Resource.userGrant)
        compare(\.keys, \.id, .key, Resource.key)
        compare(\.personalAccessTokens, \.id, .personalAccessToken, Resource.personalAccessToken)
        if settings != target.settings { additions.append(.settings(target.settings)) }
        // What belongs to another resource is removed before it, so that nothing is removed twice.
        return removals.reversed() + additions
    }

    /// Whether these resources have every resource of others, changed or not.
    public func containsAll(of other: Resources) -> Bool {
        func contains<Value>(_ list: KeyPath<Resources, [Value]>, _ id: KeyPath<Value, String>) -> Bool {
            Set(self[keyPath: list].map { $0[keyPath: id] })
                .isSuperset(of: other[keyPath: list].map { $0[keyPath: id] })
        }
        return contains(\.organizations, \.id) && contains(\.projects, \.id) && contains(\.projectGrants, \.id)
            && contains(\.apps, \.id) && contains(\.users, \.id) && contains(\.userGrants, \.id)
            && contains(\.keys, \.id) && contains(\.personalAccessTokens, \.id)
    }
}
