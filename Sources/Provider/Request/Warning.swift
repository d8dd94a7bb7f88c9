/// Something that works here but will fail elsewhere, or the other way round; sent in the header `Mock-Warning`.
public struct Warning: Sendable, Equatable {
    public let code: String
    public let detail: String

    public init(_ code: String, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}
