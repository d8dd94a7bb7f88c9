import HTTP
import OAuth
import Provider

/// Puts requests into the journal and the lint findings of an instance.
struct InstanceSink: EventSink {
    private let instance: Instance

    init(_ instance: Instance) {
        self.instance = instance
    }

    func record(_ event: RequestEvent) {
        guard event.endpoint != .health else { return }
        instance.lint.record(event.warnings, client: event.client, at: event.time)
        let kept = KeptRequest(event.request)
        instance.journal.append(
            JournalEntry(
                id: event.id, time: event.time, endpoint: event.endpoint.rawValue, method: event.request.method,
                path: event.request.path, status: event.status, microseconds: event.microseconds, client: event.client,
                user: event.user, grant: event.grantType, tokenID: event.tokenID, rejection: event.rejection,
                warnings: event.warnings, faultID: event.faultID, detailsSize: kept.byteCount,
                details: { [weak instance] in
                    kept.details { instance?.snapshot.resources.isToken($0) ?? false }
                }))
    }
}
