/// What Kubernetes and Docker links tell of other services.
enum ServiceLink {
    /// Whether a value is the address of a service: `tcp://10.0.0.1:80`.
    static func isAddress(_ value: String) -> Bool {
        ["tcp://", "udp://", "sctp://"].contains(where: value.hasPrefix)
    }
}
