/// How the control API is served.
public struct ControlOptions: Sendable {
    /// What `Authorization: Bearer` must carry; nil for nothing.
    public var token: String?
    /// Whether it has a port of its own, and is absent on the other one.
    public var hasOwnPort: Bool

    public init(token: String? = nil, hasOwnPort: Bool = false) {
        self.token = token
        self.hasOwnPort = hasOwnPort
    }
}
