/// One route of the control API. The listing, the OpenAPI document, 404 and 405 follow from the table of routes.
struct ControlRoute: Sendable {
    let method: String
    /// Below `/mock/v1`, with `{parameters}`.
    let path: String
    /// What it does, in a few words.
    let summary: String
    let run: @Sendable (ControlRequest) throws -> ControlReply

    init(
        _ method: String, _ path: String, _ summary: String,
        _ run: @escaping @Sendable (ControlRequest) throws -> ControlReply
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.run = run
    }
}
