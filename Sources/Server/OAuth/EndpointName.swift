/// The endpoints by the names that journal, faults and metrics know them by.
public enum EndpointName: String, Sendable, CaseIterable {
    case discovery, keys, authorize, token, introspect, revoke, userinfo
    case endSession = "end_session"
    case deviceAuthorization = "device_authorization"
    /// The pages that users see.
    case page
    case health
    /// A path that has nothing, or that has no name of its own.
    case unknown

    /// The names of those that faults can hit and the journal has: health checks are left alone.
    public static let names = allCases.filter { $0 != .health }.map(\.rawValue)
}
