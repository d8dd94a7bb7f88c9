import Encodings
import HTTP
import Model
import Provider
import ResourceFormat

/// How new resources are made.
extension ResourceCollection {
    /// Makes a resource of the body of a call, with all that it contains.
    /// - Parameter read: reads the body with the decoder, which has the resource afterwards.
    func create(
        _ request: ControlRequest, _ read: (ResourceDecoder, Node, ReferenceLookup) throws(Problem) -> Void
    ) throws -> ControlReply {
        let call = ResourceCall(request: request)
        let derived = derivedMembers(of: shape)
        let (value, object) = try call.change { snapshot -> ([Change], (Value, JSONObject)) in
            let body = request.body.without(derived)
            let decoded = call.completed(
                try call.decode(body, shape.ofNew, in: snapshot) { decoder, node throws(Problem) in
                    try read(decoder, node, ReferenceLookup(resources: snapshot.resources))
                })
            guard let value = self.decoded(decoded.resources) else {
                throw Problem(.invalidBody, "the body does not describe one \(kind.noun)")
            }
            try request.instance.passwords.add(decoded.deferredPasswords, in: request.storage)
            var object = (encodeWhole ?? encode)(ResourceEncoder(decoded.resources), value)
            let derivedObject = readOnly(value, snapshot.resources)
            try checkDerived(derived, of: request.body, found: derivedObject)
            object.members += derivedObject.members.filter { object[$0.name] == nil }
            return (decoded.resources.additions, (value, object.showing(decoded)))
        }
        return .created(object, location: "\(ControlAPI.prefix)/\(segment)/\(id(value))")
    }
}
