/// Gets every request after it was answered.
protocol EventSink: Sendable {
    func record(_ event: RequestEvent)
}
