import HTTP
import ResourceFormat

/// What a control route takes as body: for the check of calls, and for the OpenAPI document.
enum BodyDescription: Sendable {
    /// None is read.
    case empty
    /// Any object, as far as the document knows.
    case undescribed
    /// An object, which is checked before the route runs.
    case object(ObjectShape, isRequired: Bool = true)
    /// The same with a shape for each value of a parameter of the path; `all` has the members of all shapes, for documents and for other values.
    case objects(parameter: String, [String: ObjectShape], all: ObjectShape)
    /// A resource, which the route itself checks against the shape.
    case resource(Shape, isRequired: Bool = true)
    /// A merge patch (RFC 7396) of a resource: any of its members, null to remove one. The route checks what comes out of it.
    case patch(ObjectShape)

    /// What a body is checked against before the route runs; nil when nothing or the route does that.
    func shape(_ path: PathParameters) -> ObjectShape? {
        switch self {
        case .object(let shape, _): shape
        case .objects(let parameter, let shapes, let all): shapes[path[parameter]] ?? all
        default: nil
        }
    }
}
