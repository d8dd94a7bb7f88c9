extension Resources {
    /// What names a resource among all.
    private struct Name: Hashable {
        let kind: Resource.Kind
        let id: String

        init(_ resource: Resource) {
            (kind, id) = (resource.kind, resource.id)
        }
    }

    /// The changes that bring these resources to others, in an order in which they can be applied. Signing keys are left out.
    public func changes(to target: Resources) -> [Change] {
        let (present, wanted) = (all, target.all)
        let known = Dictionary(present.map { (Name($0), $0) }) { first, _ in first }
        let kept = Set(wanted.map(Name.init))
        let removals = present.filter { !kept.contains(Name($0)) }.map { Change.remove($0.kind, id: $0.id) }
        var additions = wanted.filter { known[Name($0)] != $0 }.map(Change.put)
        if settings != target.settings { additions.append(.settings(target.settings)) }
        // What belongs to another resource is removed before it, so that nothing is removed twice.
        return removals.reversed() + additions
    }

    /// Whether these resources have every resource of others, changed or not.
    public func containsAll(of other: Resources) -> Bool {
        Set(all.map(Name.init)).isSuperset(of: other.all.map(Name.init))
    }
}
