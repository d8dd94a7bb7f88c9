/// What brings resources to others. Signing keys are left out.
public struct ResourceDifference {
    /// Whether the others have resources that these do not have.
    public private(set) var addsResources = false
    private var removals: [Change] = []
    private var additions: [Change] = []

    /// In an order in which they can be applied. What belongs to another resource is removed before it, so that nothing is removed twice.
    public var changes: [Change] { removals.reversed() + additions }

    public init(from present: Resources, to target: Resources) {
        compare(present.organizations, target.organizations, .organization, \.id, Resource.organization)
        compare(present.projects, target.projects, .project, \.id, Resource.project)
        compare(present.projectGrants, target.projectGrants, .projectGrant, \.id, Resource.projectGrant)
        compare(present.apps, target.apps, .app, \.id, Resource.app)
        compare(present.users, target.users, .user, \.id, Resource.user)
        compare(present.userGrants, target.userGrants, .userGrant, \.id, Resource.userGrant)
        compare(present.keys, target.keys, .key, \.id, Resource.key)
        compare(
            present.personalAccessTokens, target.personalAccessTokens, .personalAccessToken, \.id,
            Resource.personalAccessToken)
        if present.settings != target.settings { additions.append(.settings(target.settings)) }
    }

    private mutating func compare<Value: Equatable>(
        _ present: [Value], _ target: [Value], _ kind: Resource.Kind, _ id: KeyPath<Value, String>,
        _ resource: (Value) -> Resource
    ) {
        // Mostly all are where they were, and nothing has to be looked up.
        var index = 0
        while index < min(present.count, target.count), present[index][keyPath: id] == target[index][keyPath: id] {
            if present[index] != target[index] { additions.append(.put(resource(target[index]))) }
            index += 1
        }
        let (oldRest, newRest) = (present[index...], target[index...])
        let known = Dictionary(oldRest.map { ($0[keyPath: id], $0) }) { first, _ in first }
        let kept = Set(newRest.map { $0[keyPath: id] })
        for old in oldRest where !kept.contains(old[keyPath: id]) {
            removals.append(.remove(kind, id: old[keyPath: id]))
        }
        for new in newRest {
            let old = known[new[keyPath: id]]
            if old == nil { addsResources = true }
            if old != new { additions.append(.put(resource(new))) }
        }
    }
}
