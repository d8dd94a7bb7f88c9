public import Encodings

extension JSON {
    /// This document after a merge patch (RFC 7396): members of the patch replace those that are there, null removes, objects are merged.
    public func merged(with patch: JSON) -> JSON {
        guard let changes = patch.object else { return patch }
        return .object(
            (object ?? JSONObject()).merging(changes) { _, old, new in
                new == .null ? nil : (old ?? .null).merged(with: new)
            })
    }
}
