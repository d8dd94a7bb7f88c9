extension JSON {
    /// This document after a merge patch (RFC 7396): members of the patch replace those that are there, null removes, objects are merged.
    public func merged(with patch: JSON) -> JSON {
        guard let changes = patch.object else { return patch }
        var result = object ?? JSONObject()
        for change in changes.members {
            let index = result.members.firstIndex { $0.name.hasSameBytes(as: change.name) }
            if change.value == .null {
                if let index { result.members.remove(at: index) }
            } else if let index {
                result.members[index].value = result.members[index].value.merged(with: change.value)
            } else {
                result.append(change.name, JSON.null.merged(with: change.value))
            }
        }
        return .object(result)
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
    /// The same with another value of a member.
    public func setting(_ name: String, _ value: JSON) -> JSONObject {
        var copy = self
        if let index = copy.members.firstIndex(where: { $0.name == name }) {
            copy.members[index].value = value
        } else {
            copy.append(name, value)
        }
        return copy
    }

    /// This object with members added or replaced; a null removes one.
    public func replacing(_ changes: JSONObject) -> JSONObject {
        var result = self
        for change in changes.members {
            let index = result.members.firstIndex { $0.name == change.name }
            switch (index, change.value) {
            case (let index?, .null): result.members.remove(at: index)
            case (let index?, let value): result.members[index].value = value
            case (nil, .null): break
            case (nil, let value): result.append(change.name, value)
            }
        }
        return result
    }

    /// The same without some members.
    public func without(_ names: [String]) -> JSONObject {
        var copy = self
        copy.members.removeAll { names.contains($0.name) }
        return copy
    }
}
