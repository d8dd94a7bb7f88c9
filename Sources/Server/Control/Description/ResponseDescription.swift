import ResourceFormat

/// What a control route answers when it succeeds.
enum ResponseDescription: Sendable {
    /// An object, as far as the document knows, with any status of success.
    case undescribed
    case object(status: Int, ObjectShape)
    case resource(status: Int, Shape)
    /// A page of a list, with `items` and `next`.
    case list(Shape)
    case noContent
    /// Something else than JSON.
    case text(mediaType: String)
}
