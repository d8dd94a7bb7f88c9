import Storage
import HTTP
import Encodings
import Model
import Provider
import ResourceFormat

/// How one kind of resource is found, shown, changed and removed.
struct ResourceCollection<Value: Sendable & Equatable>: Sendable {
    let kind: Resource.Kind
    /// Its segment in paths, such as "apps".
    let segment: String
    /// What it looks like in a seed.
    let shape: Shape
    /// Members that the answers have besides those of a seed.
    var answered: [MemberShape] = []
    let id: @Sendable (Value) -> String
    let wrap: @Sendable (Value) -> Resource
    let format: @Sendable (Value) -> Format<Value>
    /// Writes it with what belongs to it.
    let encode: @Sendable (ResourceEncoder, Value) -> JSONObject
    /// Writes a new one with all that it contains, when that is more.
    var encodeWhole: (@Sendable (ResourceEncoder, Value) -> JSONObject)?
    /// Members that the answers have besides those of a seed; they cannot be changed.
    let readOnly: @Sendable (Value, ResourceIndex) -> JSONObject
    let find: @Sendable (ReferenceLookup, String) throws(Problem) -> Value
    /// Reads a changed document of a resource.
    let decode: @Sendable (ResourceDecoder, Node, Value, ResourceIndex) -> Void
    let decoded: @Sendable (Resources) -> Value?
    /// Prepares a resource to be changed by a patch: what cannot be sent back, such as secrets, is taken out, and what follows from a changed member
    /// is left to be derived anew.
    var prepare: @Sendable (Value, _ patch: JSONObject) -> (Value, without: [String]) = { value, _ in (value, []) }
    /// Puts back what was taken out.
    var complete: @Sendable (_ new: Value, _ old: Value, _ patch: JSONObject, _ now: Timestamp) -> Value = {
        new, _, _, _ in
        new
    }
    /// Further changes that a change (nil for a removal) of a resource has.
    var consequences: @Sendable (_ old: Value, _ new: Value?, ResourceIndex) -> [Change] = { _, _, _ in [] }

    var routes: [ControlRoute] {
        let name = kind.noun
        let path = "/\(segment)/{ref}"
        return [
            ControlRoute("GET", path, "One \(name)", query: [], answer: .resource(status: 200, responseShape)) {
                request in
                let value = try find(request.references, request.path["ref"])
                return .ok(try withDetails(object(value, request.resources), of: value, request))
            },
            ControlRoute(
                "PATCH", path, "Change members of one \(name)", query: [], body: .patch(patchShape),
                answer: .resource(status: 200, responseShape), problems: [.conflict], patch),
            ControlRoute("DELETE", path, "Remove one \(name) with what belongs to it", query: [], remove),
        ]
    }

    /// A list of these resources.
    func listRoute(
        _ path: String, _ summary: String, _ run: @escaping @Sendable (ControlRequest) throws -> ControlReply
    ) -> ControlRoute {
        ControlRoute("GET", path, summary, query: QueryParameter.paging, answer: .list(responseShape), run)
    }

    /// The making of one.
    /// - Parameter body: what is sent, when that is not what a seed has.
    func createRoute(
        _ path: String, _ summary: String, body: BodyDescription? = nil,
        _ run: @escaping @Sendable (ControlRequest) throws -> ControlReply
    ) -> ControlRoute {
        ControlRoute(
            "POST", path, summary, query: [], body: body ?? .resource(shape.ofNew),
            answer: .resource(status: 201, responseShape), problems: [.conflict], run)
    }

    /// A resource as it is answered.
    func object(_ value: Value, _ resources: ResourceIndex) -> JSONObject {
        var object = encode(ResourceEncoder(resources), value)
        object.members += readOnly(value, resources).members.filter { object[$0.name] == nil }
        return object
    }

    /// A page of resources.
    func list(_ values: [Value], _ request: ControlRequest) throws(Problem) -> ControlReply {
        try .list(values.map { (id($0), $0) }, request) { object($0, request.resources) }
    }

    private func patch(_ request: ControlRequest) throws -> ControlReply {
        let call = ResourceCall(request: request)
        let (value, decoded) = try call.change { try planPatch(call, in: $0) }
        let object = object(value, request.instance.snapshot.resources).showing(decoded)
        return .ok(try withDetails(object, of: value, request))
    }

    func withDetails(_ object: JSONObject, of value: Value, _ request: ControlRequest) throws -> JSONObject {
        guard let details = try request.storage.details(kind, id: id(value)) else { return object }
        var object = object
        object.append(
            "details",
            .object([
                "sequence": .integer(details.sequence),
                "creationDate": .string(UTCDateTime(unix: details.creation).rfc3339),
                "changeDate": .string(UTCDateTime(unix: details.change).rfc3339),
                "resourceOwner": .string(request.resources.resourceOwner(of: wrap(value))),
            ]))
        return object
    }

    private func planPatch(
        _ call: ResourceCall, in snapshot: Snapshot
    ) throws -> (changes: [Change], result: (Value, DecodedResources)) {
        let (request, resources) = (call.request, snapshot.resources)
        let old = try find(ReferenceLookup(resources: resources), request.path["ref"])
        let format = format(old)
        let patch = try changes(of: request.body, to: old, call, resources)
        let (prepared, omitted) = prepare(old, patch)
        let document = format.patched(prepared, with: patch, without: omitted)
        let decodedResources = try call.decode(document, .object(format.shape.ofNew), in: snapshot, replacing: id(old))
        {
            decode($0, $1, old, resources)
        }
        guard let read = decoded(decodedResources.resources) else {
            throw Problem(.invalidBody, "the body does not describe one \(kind.noun)")
        }
        let new = complete(read, old, patch, request.context.now)
        try request.instance.passwords.add(decodedResources.deferredPasswords, in: request.storage)
        // Texts that differ in their Unicode normal form are equal to Swift.
        let isSame = new == old && format.encode(new).hasSameBytes(as: format.encode(old))
        let changes = isSame ? [] : [.put(wrap(new))] + consequences(old, new, resources)
        return (changes, (new, decodedResources))
    }

    private static var kindsWithoutNames: Set<Resource.Kind> {
        [.projectGrant, .userGrant, .key, .personalAccessToken]
    }

    private func remove(_ request: ControlRequest) throws -> ControlReply {
        let reference = request.path["ref"]
        try ResourceCall(request: request).change { snapshot in
            let value: Value
            do { value = try find(ReferenceLookup(resources: snapshot.resources), reference) } catch {
                // Somebody else was faster, unless the reference can be none.
                let hasNames = !Self.kindsWithoutNames.contains(kind)
                guard (hasNames ? Formats.problem(withName: reference) : Formats.problem(withID: reference)) == nil
                else { throw error }
                return ([], ())
            }
            return ([.remove(kind, id: id(value))] + consequences(value, nil, snapshot.resources), ())
        }
        return .noContent
    }
}

extension JSONObject {
    fileprivate func hasSameBytes(as other: JSONObject) -> Bool {
        JSON.object(self).bytes() == JSON.object(other).bytes()
    }
}
