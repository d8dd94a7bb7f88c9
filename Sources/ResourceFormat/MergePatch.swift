public import Encodings

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
}
