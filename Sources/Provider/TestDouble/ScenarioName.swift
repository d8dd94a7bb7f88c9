/// Situations that a test can put an instance into by name.
public enum ScenarioName: String, Sendable, CaseIterable {
    case keyRotation = "key-rotation"
    case introspectionFlaps = "introspection-flaps"
    case roleRevoked = "role-revoked"
    case clockSkew = "clock-skew"
    case patExpires = "pat-expires"
    case idpDown = "idp-down"
    case rateLimited = "rate-limited"
}
