/// How the control API is served.
public struct ControlOptions: Sendable {
    /// What `Authorization: Bearer` must carry; nil for nothing.
    public var token: String?

    public init(token: String? = nil) {
        self.token = token
    }
}
