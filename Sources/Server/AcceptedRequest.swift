import HTTP
import Model
import Provider

/// A request as it counts: without the headers `Mock-...` if they may come from a web page of a stranger, who could sign in as anybody with them.
struct AcceptedRequest {
    private(set) var request: HTTPRequest
    /// Of headers that do not count.
    private(set) var warnings: [Warning] = []

    /// - Parameter settings: those of the instance, which name its own hosts.
    init(_ request: HTTPRequest, _ settings: InstanceSettings) {
        self.request = request
        func isMock(_ header: (name: String, value: String)) -> Bool { header.name.utf8.starts(with: "mock-".utf8) }
        guard let first = request.headers.first(where: isMock)?.name, !request.hasTrustedHost(settings) else { return }
        self.request.headers.removeAll(where: isMock)
        let host = request.header("host") ?? ""
        warnings = [
            Warning(
                .headerIgnored,
                "the header \(first.prefix(100)) is ignored, because a web page of anybody may have the host \"\(host.prefix(200))\"; \(TrustedHost.advice)"
            )
        ]
    }
}
