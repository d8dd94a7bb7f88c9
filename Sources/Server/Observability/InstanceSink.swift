import HTTP
import OAuth
import Provider

/// Puts requests into the journal and the lint book of an instance.
struct InstanceSink: EventSink {
    /// Longer bodies are not kept.
    private static let longestBody = 64 << 10

    private let instance: Instance

    init(_ instance: Instance) {
        self.instance = instance
    }

    func record(_ event: RequestEvent) {
        guard event.endpoint != .health else { return }
        instance.lint.record(event.warnings, client: event.client, at: event.time)
        var request = event.request
        if request.body.count > Self.longestBody { request.body = [] }
        let kept = request
        let size = 512 + kept.body.count + kept.query.count + kept.headers.reduce(0) { $0 + $1.value.utf8.count + 32 }
        instance.journal.append(
            JournalEntry(
                id: event.id, time: event.time, endpoint: event.endpoint.rawValue, method: kept.method,
                path: kept.path, status: event.status, microseconds: event.microseconds, client: event.client,
                user: event.user, grant: event.grantType.map(Masking.withoutTokens), tokenID: event.tokenID,
                rejection: event.rejection,
                warnings: event.warnings, faultID: event.faultID, size: size,
                details: { Self.details(kept) }))
    }

    private static func details(_ request: HTTPRequest) -> JournalEntry.Details {
        let isForm =
            request.header("content-type")?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
        let form = try? FormParameters(body: isForm ? request.body : [], query: request.query)
        return JournalEntry.Details(
            form: (form?.parameters ?? []).map { ($0.name, Masking.parameter($0.name, $0.value)) },
            headers: request.headers.map { ($0.name, Masking.header($0.name, $0.value)) })
    }
}
