import Encodings
import Model
import Provider
import ResourceFormat

/// What calls cannot change. A program may send back what it got; any other value is refused, since nothing would come of it.
extension ResourceCollection {
    /// Members that are only answered.
    func derivedMembers(of shape: Shape) -> [String] {
        (answered.map(\.name) + [Self.details]).filter { name in !shape.objects.contains { $0.member(name) != nil } }
    }

    private static var details: String { "details" }

    /// Resources of other routes that one contains.
    private static var lists: [String] {
        ["projects", "users", "apps", "grants", "keys", "personalAccessTokens"]
    }

    /// What of a patch may change a resource.
    /// - Throws: `Problem` for a member that cannot be changed, unless its value is the present one.
    func changes(
        of patch: JSONObject, to old: Value, _ call: ResourceCall, _ resources: ResourceIndex
    ) throws -> JSONObject {
        if let sent = patch["id"], sent.string != id(old) {
            throw Problem(.invalidBody, "an id cannot be changed; leave it out", pointer: "/id")
        }
        let derived = derivedMembers(of: .object(format(old).shape))
        let lists = Self.lists.filter { patch[$0] != nil && format(old).shape.member($0) != nil }
        guard !lists.isEmpty || derived.contains(where: { patch[$0] != nil }) else { return patch }
        let present = try withDetails(object(old, resources), of: old, call.request)
        try checkDerived(derived, of: patch, found: present)
        for list in lists where !(patch[list] ?? .null).isEquivalent(to: present[list] ?? .array([])) {
            throw Problem(
                .invalidBody, "\(list) are changed by routes of their own; GET \(ControlAPI.prefix) lists them",
                pointer: "/\(list)")
        }
        return patch.without(derived + lists)
    }

    /// - Throws: `Problem` for a member whose value is another one than the server found.
    func checkDerived(_ names: [String], of body: JSONObject, found: JSONObject) throws(Problem) {
        for name in names {
            guard let sent = body[name], sent != .null, !sent.isEquivalent(to: found[name] ?? .null) else { continue }
            let present = found[name].map { "is \($0.text.prefix(200)) and " } ?? ""
            throw Problem(.invalidBody, "\(present)cannot be set; leave it out", pointer: "/\(name)")
        }
    }
}
