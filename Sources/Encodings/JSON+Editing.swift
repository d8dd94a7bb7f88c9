extension JSON {
    /// This document after a merge patch (RFC 7396): members of the patch replace those that are there, null removes, objects are merged.
    public func merged(with patch: JSON) -> JSON {
        guard let changes = patch.object else { return patch }
        return .object(
            (object ?? JSONObject()).merging(changes) { _, old, new in
                new == .null ? nil : (old ?? .null).merged(with: new)
            })
    }

    /// Whether both say the same: texts by their bytes, and objects in whatever order their members are.
    public func isEquivalent(to other: JSON) -> Bool { withSortedMembers.bytes() == other.withSortedMembers.bytes() }

    private var withSortedMembers: JSON {
        switch self {
        case .array(let values): return .array(values.map(\.withSortedMembers))
        case .object(let object):
            var sorted = object.sorted()
            for index in sorted.members.indices {
                sorted.members[index].value = sorted.members[index].value.withSortedMembers
            }
            return .object(sorted)
        default: return self
        }
    }

    /// The same without members that are null.
    public var withoutNulls: JSON {
        guard var object else { return self }
        object.members = object.members.filter { $0.value != .null }
        for index in object.members.indices { object.members[index].value = object.members[index].value.withoutNulls }
        return .object(object)
    }
}

extension JSONObject {
    /// Gives a member another value, or adds it.
    public mutating func set(_ name: String, _ value: JSON) {
        if let index = members.firstIndex(where: { $0.name == name }) {
            members[index].value = value
        } else {
            append(name, value)
        }
    }

    /// The same with another value of a member.
    public func setting(_ name: String, _ value: JSON) -> JSONObject {
        var copy = self
        copy.set(name, value)
        return copy
    }

    /// Some of the members, in this order.
    public func members(named names: [String]) -> JSONObject {
        var selected = JSONObject(capacity: names.count)
        for name in names { self[name].map { selected.append(name, $0) } }
        return selected
    }

    /// The same without some members.
    @inlinable
    public func without(_ names: some Collection<String>) -> JSONObject {
        guard !names.isEmpty else { return self }
        var copy = self
        copy.members.removeAll { names.contains($0.name) }
        return copy
    }
}
