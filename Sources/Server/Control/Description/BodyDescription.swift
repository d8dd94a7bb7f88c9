import ResourceFormat

/// What a control route takes as body: for the check of calls, and for the OpenAPI document.
enum BodyDescription: Sendable {
    /// None is read.
    case empty
    /// Any object, as far as the document knows.
    case undescribed
    /// An object, which is checked before the route runs.
    case object(ObjectShape, isRequired: Bool = true)
    /// A resource, which the route itself checks against the shape.
    case resource(Shape, isRequired: Bool = true)
    /// A merge patch (RFC 7396) of a resource: any of its members, null to remove one. The route checks what comes out of it.
    case patch(ObjectShape)
}
