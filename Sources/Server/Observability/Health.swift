import HTTP

/// Health checks. The server listens only after the seed is loaded, so every answer comes from a complete instance.
extension Application {
    static let healthRoutes: [Row] = [
        row("", "/debug/healthz", .health, .operational { application, _ in application.text("ok") }),
        row("", "/debug/ready", .health, .operational { application, _ in application.ready }),
        row("", "/debug/validate", .unknown, .operational { application, _ in application.ready }),
        row("GET", "/healthz", .health, .gateway("{\"status\":\"SERVING\"}")),
        row("GET", "/admin/v1/healthz", .unknown, .gateway("{}")),
        row("GET", "/auth/v1/healthz", .unknown, .gateway("{}")),
        row("GET", "/management/v1/healthz", .unknown, .gateway("{}")),
    ]

    /// The answer of a server that is ready for requests.
    private var ready: HTTPResponse {
        HTTPResponse(status: 200, headers: [("Content-Type", "application/json")], body: Array("\"ok\"".utf8))
    }
}
